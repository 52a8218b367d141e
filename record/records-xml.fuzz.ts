/** Hostile XML bodies: only typed errors, and what is accepted survives writing and reading. */
import { decodeText, parseRecordsXml } from './index.ts';
import { mutate, type Random } from './testing/mutate.ts';
import { assertRoundTrip, tryRead } from './testing/round-trip.ts';

const NAMESPACE = 'http://schemas.netwrix.com/api/v1/activity_records/';
const RECORD =
  '<ActivityRecord><Who>NORTHWIND\\m.murray</Who><ObjectType>Badge</ObjectType><Action>Added</Action><What>Badges\\4711</What>' +
  '<Where>gatekeeper</Where><When>2024-05-06T09:08:09+02:00</When></ActivityRecord>';
const FULL =
  '<ActivityRecord><Action>Modified</Action><MonitoringPlan><ID>{0}</ID><Name>Doors</Name></MonitoringPlan><DataSource>Netwrix API</DataSource>' +
  '<Item><Name>Feed</Name></Item><ObjectType>Badge</ObjectType><RID>1</RID><What> a&#13;&amp;<![CDATA[<b>]]> </What><When> 2024-05-06T07:08:09.5Z</When>' +
  '<Where/><Who>x</Who><Workstation>desk</Workstation><IsArchiveOnly/><DetailList><Detail><Before>1</Before><After>2</After>' +
  '<PropertyName>p</PropertyName><Message>m</Message></Detail></DetailList></ActivityRecord>';

const listOf = (records: string, attributes: string): string =>
  `<ActivityRecordList ${attributes}>${records}</ActivityRecordList>`;

const SEEDS = [
  `<?xml version="1.0" encoding="utf-8"?>\n${listOf(RECORD, `xmlns="${NAMESPACE}"`)}`,
  listOf(`<ContinuationMark>m</ContinuationMark>${FULL}${RECORD}`, `xmlns="${NAMESPACE}"`),
  listOf(RECORD, ''),
  listOf(FULL, `xmlns="${NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"`),
  listOf('', ''),
];

const TOKENS = [
  ...['<', '>', '/>', '</', '&', ';', '"', "'", '=', '<!--', '-->', '<![CDATA[', ']]>', '<?x ?>'],
  ...[
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '&amp;',
    '&#0;',
    '&#13;',
    '&#xD800;',
    '&#x1D11E;',
    '&toString;',
  ],
  ...[
    'xmlns=""',
    'xmlns:p="u"',
    'p:',
    'i:nil="true"',
    ' a="1"',
    ' a="1" a="2"',
    '<?xml version="1.1"?>',
  ],
  ...[
    '<Who>',
    '</Who>',
    '<Who/>',
    '<DetailList>',
    '<Detail>',
    '</Detail>',
    '<PropertyName/>',
    '<Item>',
  ],
  ...[
    '<ActivityRecord>',
    '</ActivityRecord>',
    '</ActivityRecordList>',
    '<ContinuationMark/>',
    RECORD,
  ],
  ...[
    '<__proto__/>',
    '<Extra/>',
    '\r',
    '\r\n',
    '\t',
    '\0',
    '\uFFFE',
    '\u0085',
    '\u2028',
    '\uFEFF',
    '𝄞',
  ],
  ...['2024-05-06T07:08:09Z', '.123', '+14:00', '<a>'.repeat(20), 'x'.repeat(300)],
];

export const fuzz = {
  name: 'records-xml',
  makeInput: (random: Random): Uint8Array => mutate(SEEDS, TOKENS, random),
  check: (input: Uint8Array): void => {
    const records = tryRead(() => parseRecordsXml(decodeText(input)));
    if (records) assertRoundTrip(records);
  },
};
