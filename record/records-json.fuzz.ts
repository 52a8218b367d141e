/** Hostile JSON bodies and lines: only typed errors, and what is accepted survives writing and reading. */
import { decodeText, parseRecordLine, parseRecordsJson } from './index.ts';
import { mutate, type Random } from './testing/mutate.ts';
import { assertRoundTrip, tryRead } from './testing/round-trip.ts';

const RECORD =
  '{"Who":"NORTHWIND\\\\m.murray","ObjectType":"Badge","Action":"Removed","What":"Badges\\\\4711","Where":"gatekeeper.example.test","When":"2024-05-06T17:00:00Z"}';
const FULL =
  '{"Action":"Modified","MonitoringPlan":{"ID":"{0}","Name":"Doors"},"DataSource":"Netwrix API","Item":{"Name":"Feed (Integration)"},"ObjectType":"Badge",' +
  '"RID":"1","What":"a\\u00e4\\ud834\\udd1e","When":"2024-05-06T07:08:09.123+02:00","Where":12,"Who":true,"Workstation":"desk","IsArchiveOnly":"",' +
  '"DetailList":[{"Before":"closed","After":"open","PropertyName":"State","Message":"m"},{"PropertyName":"p"}]}';

const SEEDS = [RECORD, FULL, `[${RECORD}]`, `[${RECORD},\n ${FULL}]`, `\uFEFF[${FULL}]`, '[]'];

const TOKENS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    'null',
    'true',
    'false',
    '0',
    '1',
    '-1.5e300',
    '1e999',
  ],
  ...[
    '"Who"',
    '"When"',
    '"What"',
    '"Detail"',
    '"DetailList"',
    '"IsArchiveOnly"',
    '"Item"',
    '"Name"',
  ],
  ...[
    '"MonitoringPlan"',
    '"PropertyName"',
    '"__proto__"',
    '"constructor"',
    '"AuditedSystem"',
    '{}',
  ],
  ...['\\u0000', '\\ud800', '\\udc00', '\\r\\n', '\\t', '\\/', '\u2028', '\uFEFF', '<', '&', ']]>'],
  ...[
    '2024-05-06T07:08:09Z',
    '+14:00',
    '-00:00',
    '.9999999',
    '9999-12-31T23:59:59',
    'Z',
    '[[[[[[[[',
  ],
  ...['x'.repeat(300), '9007199254740993', ' ', '\n', '𝄞'],
];

export const fuzz = {
  name: 'records-json',
  makeInput: (random: Random): Uint8Array => mutate(SEEDS, TOKENS, random),
  check: (input: Uint8Array): void => {
    for (const parse of [parseRecordsJson, (line: string) => [parseRecordLine(line)]]) {
      const records = tryRead(() => parse(decodeText(input)));
      if (records) assertRoundTrip(records);
    }
  },
};
