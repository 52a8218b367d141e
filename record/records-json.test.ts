import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type IncomingRecord,
  parseRecordLine,
  parseRecordsJson,
  RECORD_LIMITS,
  WitnessError,
} from './index.ts';

const SOURCE = {
  Who: 'NORTHWIND\\m.murray',
  ObjectType: 'Badge',
  Action: 'Removed',
  What: 'Badges\\4711',
  Where: 'gatekeeper.example.test',
  When: '2024-05-06T17:00:00Z',
};

const RECORD: IncomingRecord = {
  who: 'NORTHWIND\\m.murray',
  whoKnownBy: 'client',
  action: 'Removed',
  what: 'Badges\\4711',
  when: Date.parse('2024-05-06T17:00:00Z'),
  where: 'gatekeeper.example.test',
  objectType: 'Badge',
  isArchiveOnly: false,
  details: [],
};

const check = (source: unknown, expected: Partial<IncomingRecord> = {}): void =>
  assert.deepEqual(parseRecordsJson(JSON.stringify([{ ...SOURCE, ...(source as object) }])), [
    { ...RECORD, ...expected },
  ]);

interface Refusal {
  readonly code: string;
  readonly message?: string;
  readonly location?: string;
}

const refuseText = (
  text: string,
  expected: Refusal,
  parse = parseRecordsJson as (text: string) => unknown,
): void =>
  assert.throws(
    () => parse(text),
    (error) => {
      assert.ok(error instanceof WitnessError, `${text.slice(0, 200)}: ${error}`);
      const { code, message, location } = error;
      assert.deepEqual(
        { code, ...(expected.message && { message }), ...('location' in expected && { location }) },
        expected,
      );
      return true;
    },
  );

const refuse = (source: object, expected: Refusal): void =>
  refuseText(JSON.stringify([SOURCE, { ...SOURCE, ...source }]), expected);

const SECOND = '/ActivityRecordList/ActivityRecord[2]';

test('the example of the contract', () => {
  assert.deepEqual(
    parseRecordsJson(`[ { "Who": "NORTHWIND\\\\m.murray", "ObjectType": "Badge", "Action": "Removed", "What": "Badges\\\\4711",
      "Where": "gatekeeper.example.test", "When": "2024-05-06T17:00:00Z",
      "DetailList": [ { "PropertyName": "Reason", "After": "lost" } ] } ]`),
    [{ ...RECORD, details: [{ property: 'Reason', after: 'lost' }] }],
  );
});

test('every optional element', () => {
  check(
    {
      Workstation: 'desk-3',
      DataSource: 'Mine',
      MonitoringPlan: { ID: '{00112233-4455-6677-8899-AABBCCDDEEFF}', Name: 'Doors' },
      Item: { Name: 'Badge feed' },
      IsArchiveOnly: true,
      DetailList: [
        { PropertyName: 'State', Before: 'closed', After: 'open' },
        { After: '', PropertyName: '' },
      ],
    },
    {
      workstation: 'desk-3',
      dataSource: 'Mine',
      plan: { id: '{00112233-4455-6677-8899-AABBCCDDEEFF}', name: 'Doors' },
      item: { name: 'Badge feed' },
      isArchiveOnly: true,
      details: [
        { property: 'State', before: 'closed', after: 'open' },
        { property: '', after: '' },
      ],
    },
  );
  check({ MonitoringPlan: { Name: 'Doors' } }, { plan: { name: 'Doors' } });
});

test('a list may be empty, one object is a list of one, a byte order mark does not disturb', () => {
  assert.deepEqual(parseRecordsJson('[]'), []);
  assert.deepEqual(parseRecordsJson(' \n[ ]\t'), []);
  assert.deepEqual(parseRecordsJson(JSON.stringify(SOURCE)), [RECORD]);
  assert.deepEqual(parseRecordsJson(`\uFEFF${JSON.stringify([SOURCE, SOURCE])}`), [RECORD, RECORD]);
  const detail = { PropertyName: 'State' };
  check({ DetailList: detail }, { details: [{ property: 'State' }] });
  check({ DetailList: [] }, { details: [] });
});

test('output-only elements are ignored, whatever they hold', () => {
  check({ RID: '20240506070809123' });
  check({ RID: { a: [1] } });
  check({ DetailList: [{ PropertyName: 'a', Message: 'm' }] }, { details: [{ property: 'a' }] });
  check({ DetailList: [{ PropertyName: 'a', Message: 7 }] }, { details: [{ property: 'a' }] });
});

test('null is absent', () => {
  const absent = { Workstation: null, DataSource: null, MonitoringPlan: null, Item: null };
  check({ ...absent, RID: null, IsArchiveOnly: null, DetailList: null });
  check(
    { DetailList: [{ PropertyName: 'a', Before: null, After: null, Message: null }] },
    {
      details: [{ property: 'a' }],
    },
  );
  check({ MonitoringPlan: { ID: null, Name: 'Doors' } }, { plan: { name: 'Doors' } });
});

test('an empty mandatory element is present', () => {
  check(
    { Who: '', Action: '', What: '', Where: '', ObjectType: '', MonitoringPlan: { Name: '' } },
    { who: '', action: '', what: '', where: '', objectType: '', plan: { name: '' } },
  );
});

test('values are kept exactly', () => {
  for (const value of [
    ' leading and trailing ',
    'line\r\nbreak\ttab\n',
    '\u0000\u0001\u007F',
    '\uD800 lone \uDC00',
    'Grüße 漢字 𝄞 \u202E',
    '</Who><Who>',
    '__proto__',
  ]) {
    check(
      { What: value, Workstation: value, DetailList: [{ PropertyName: value, Before: value }] },
      {
        what: value,
        workstation: value,
        details: [{ property: value, before: value }],
      },
    );
  }
  const escapes = JSON.stringify(SOURCE).replace('Badges', '\\u0042adges\\/\\u002B');
  assert.equal(parseRecordsJson(escapes)[0]?.what, 'Badges/+\\4711');
});

test('numbers and booleans become text', () => {
  check(
    { What: 4711, Where: true, Workstation: false },
    {
      what: '4711',
      where: 'true',
      workstation: 'false',
    },
  );
  check({ What: -0.5, Item: { Name: 7 } }, { what: '-0.5', item: { name: '7' } });
  check(
    { DetailList: [{ PropertyName: 1, Before: 2, After: false }] },
    {
      details: [{ property: '1', before: '2', after: 'false' }],
    },
  );
});

test('numbers keep digits that JSON.parse would lose', () => {
  const checkDigits = (digits: string): void => {
    const text = JSON.stringify(SOURCE).replace('"Badges\\\\4711"', digits);
    assert.equal(parseRecordsJson(text)[0]?.what, digits);
  };
  checkDigits('12345678901234567890');
  checkDigits('9007199254740993');
  checkDigits('0.1000');
  checkDigits('1e400');
  checkDigits('-1.50E+3000');
});

test('any action is kept as given', () => {
  for (const action of ['None', 'Read (Failed Attempt)', 'verändert']) {
    check({ Action: action }, { action });
  }
});

test('IsArchiveOnly in all its forms', () => {
  for (const flag of ['', true, 'true', 1, '1'])
    check({ IsArchiveOnly: flag }, { isArchiveOnly: true });
  for (const flag of [false, 'false', 0, '0'])
    check({ IsArchiveOnly: flag }, { isArchiveOnly: false });
  for (const flag of ['yes', 'True', 2, -1, ' ']) {
    refuse(
      { IsArchiveOnly: flag },
      {
        code: 'RECORD_FLAG_INVALID',
        message: 'IsArchiveOnly is neither true nor false',
        location: `${SECOND}/IsArchiveOnly`,
      },
    );
  }
});

test('When in its forms', () => {
  check({ When: '2024-05-06T03:43:49-11:00' }, { when: Date.parse('2024-05-06T14:43:49Z') });
  check({ When: '2024-05-06T17:00:00.1234567Z' }, { when: Date.parse('2024-05-06T17:00:00.123Z') });
  for (const when of ['', '2024-05-06', '2024-05-06T17:00:00', 'now', 1_714_979_289]) {
    refuse(
      { When: when },
      {
        code: 'RECORD_WHEN_INVALID',
        message: `"${when}" is not a date and time with an offset`,
        location: `${SECOND}/When`,
      },
    );
  }
});

test('each mandatory element is asked for', () => {
  for (const element of Object.keys(SOURCE)) {
    const expected = { code: 'RECORD_ELEMENT_MISSING', message: `${element} is missing` };
    refuse({ [element]: undefined }, { ...expected, location: SECOND });
    refuse({ [element]: null }, { ...expected, location: SECOND });
  }
  refuse(
    { DetailList: [{ PropertyName: 'a' }, { Before: 'b' }] },
    {
      code: 'RECORD_ELEMENT_MISSING',
      message: 'PropertyName is missing',
      location: `${SECOND}/DetailList/Detail[2]`,
    },
  );
  const missingName = { code: 'RECORD_ELEMENT_MISSING', message: 'Name is missing' };
  refuse(
    { MonitoringPlan: { ID: '{}' } },
    { ...missingName, location: `${SECOND}/MonitoringPlan` },
  );
  refuse({ Item: {} }, { ...missingName, location: `${SECOND}/Item` });
});

test('unknown elements are refused, those of old versions and other letter case too', () => {
  const code = 'RECORD_ELEMENT_UNKNOWN';
  for (const element of ['AuditedSystem', 'ManagedObject', 'who', 'WHO', 'Extra', 'toString', '']) {
    refuse(
      { [element]: 'x' },
      {
        code,
        message: `${element} is not known in ActivityRecord`,
        location: SECOND,
      },
    );
  }
  refuse({ Extra: null }, { code });
  refuse(
    { DetailList: [{ PropertyName: 'a', Name: 'b' }] },
    {
      code,
      message: 'Name is not known in Detail',
      location: `${SECOND}/DetailList/Detail[1]`,
    },
  );
  refuse(
    { MonitoringPlan: { Name: 'a', Id: 'b' } },
    { code, location: `${SECOND}/MonitoringPlan` },
  );
  refuse({ Item: { Name: 'a', Type: 'b' } }, { code, location: `${SECOND}/Item` });
  refuseText('[{"__proto__":{"Who":"x"}}]', {
    code,
    message: '__proto__ is not known in ActivityRecord',
  });
  refuseText('{"ActivityRecordList":[]}', { code });
  refuse(
    { ['x'.repeat(5000)]: 1 },
    { code, message: `${'x'.repeat(80)}... is not known in ActivityRecord` },
  );
});

test('elements of the wrong kind are refused', () => {
  const code = 'RECORD_ELEMENT_KIND';
  for (const value of [{}, [], ['x'], { a: 1 }]) {
    refuse({ Who: value }, { code, message: 'Who is not a text value', location: `${SECOND}/Who` });
    refuse({ Workstation: value }, { code, location: `${SECOND}/Workstation` });
  }
  refuse(
    { MonitoringPlan: 'Doors' },
    {
      code,
      message: 'MonitoringPlan is not an object',
      location: `${SECOND}/MonitoringPlan`,
    },
  );
  refuse({ MonitoringPlan: [{ Name: 'Doors' }] }, { code });
  refuse({ MonitoringPlan: { Name: {} } }, { code, location: `${SECOND}/MonitoringPlan/Name` });
  refuse({ Item: 7 }, { code, message: 'Item is not an object' });
  refuse({ DetailList: 'x' }, { code, message: 'DetailList is not a list' });
  refuse(
    { DetailList: ['x'] },
    {
      code,
      message: 'Detail is not an object',
      location: `${SECOND}/DetailList/Detail[1]`,
    },
  );
  refuse(
    { DetailList: [{ PropertyName: 'a', Before: {} }] },
    {
      code,
      location: `${SECOND}/DetailList/Detail[1]/Before`,
    },
  );
  refuse({ DetailList: [null] }, { code });
  for (const text of ['[null]', '[1]', '["x"]', '[[]]', '1', '"x"', 'null', 'true']) {
    refuseText(text, {
      code,
      message: 'ActivityRecord is not an object',
      location: '/ActivityRecordList/ActivityRecord[1]',
    });
  }
});

test('values longer than their column are refused, the longest are not', () => {
  const checkLength = (
    lengthMax: number,
    sourceOf: (text: string) => object,
    path: string,
  ): void => {
    assert.equal(
      parseRecordsJson(JSON.stringify({ ...SOURCE, ...sourceOf('x'.repeat(lengthMax)) })).length,
      1,
    );
    refuse(sourceOf('x'.repeat(lengthMax + 1)), {
      code: 'RECORD_VALUE_TOO_LONG',
      message: `${path.split('/').at(-1)} is longer than ${lengthMax} characters`,
      location: `${SECOND}/${path}`,
    });
  };
  checkLength(255, (text) => ({ Who: text }), 'Who');
  checkLength(255, (text) => ({ Where: text }), 'Where');
  checkLength(255, (text) => ({ ObjectType: text }), 'ObjectType');
  checkLength(255, (text) => ({ MonitoringPlan: { Name: text } }), 'MonitoringPlan/Name');
  checkLength(
    255,
    (text) => ({ DetailList: [{ PropertyName: text }] }),
    'DetailList/Detail[1]/PropertyName',
  );
  checkLength(RECORD_LIMITS.textLength, (text) => ({ What: text }), 'What');
  check({ What: 'x'.repeat(100_000) }, { what: 'x'.repeat(100_000) });
});

test('the number of details is bounded', () => {
  const details = (count: number) => Array.from({ length: count }, () => ({ PropertyName: 'p' }));
  const countMax = RECORD_LIMITS.detailsPerRecord;
  const text = JSON.stringify({ ...SOURCE, DetailList: details(countMax) });
  assert.equal(parseRecordsJson(text)[0]?.details.length, countMax);
  refuse(
    { DetailList: details(countMax + 1) },
    {
      code: 'RECORD_DETAILS_TOO_MANY',
      message: 'DetailList has more than 10000 members',
    },
  );
});

test('more than a thousand records are taken', () => {
  const text = JSON.stringify(Array.from({ length: 2500 }, () => SOURCE));
  assert.equal(parseRecordsJson(text).length, 2500);
});

test('JSON that is none is told apart from JSON that is wrong', () => {
  for (const text of [
    '[',
    '[{"Who":"a",}]',
    `[${JSON.stringify(SOURCE)},]`,
    "[{'Who':'a'}]",
    '[{"Who":"a\nb"}]',
    '[{"Who":"\\x"}]',
    '[]]',
    '<ActivityRecordList/>',
    'NaN',
    '[01]',
    '\uFEFF\uFEFF[]',
    '/* */ []',
  ]) {
    refuseText(text, { code: 'RECORD_JSON_MALFORMED' });
  }
  for (const text of ['', ' ', '\r\n\t', '\uFEFF']) refuseText(text, { code: 'RECORD_BODY_EMPTY' });
});

test('a malformed text is quoted shortened', () => {
  assert.throws(
    () => parseRecordsJson('x'.repeat(100_000)),
    (error) => {
      assert.ok(error instanceof Error);
      return error.message.length < 200;
    },
  );
});

test('deep and bloated JSON is refused without harm', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  refuseText(deep(100_000), { code: 'RECORD_ELEMENT_KIND' });
  refuseText(`[${JSON.stringify(SOURCE).slice(0, -1)},"Extra":${deep(200_000)}}]`, {
    code: 'RECORD_ELEMENT_UNKNOWN',
  });
  const complex = { code: 'RECORD_JSON_TOO_COMPLEX' };
  refuseText(deep(1_000_000), complex);
  refuseText('['.repeat(20_000_000), complex);
  refuseText('{"a":'.repeat(1_000_000), complex);
  refuseText(`[${'{},'.repeat(1_000_000)}{}]`, complex);
  const members = Array.from({ length: 200_000 }, (_, index) => `"${index}":0`);
  refuseText(`[{${members.join(',')}}]`, complex);
});

test('large texts full of brackets and quotes inside values are taken', () => {
  const what = '{[":,'.repeat(60_000) + '\\"'.repeat(60_000) + '\\'.repeat(60_001);
  const sources = Array.from({ length: 4 }, () => ({ ...SOURCE, What: what }));
  const text = JSON.stringify(sources);
  assert.ok(text.length > 1024 * 1024);
  assert.deepEqual(
    parseRecordsJson(text).map((record) => record.what === what),
    [true, true, true, true],
  );
  const small = Array.from({ length: 20_000 }, () => SOURCE);
  assert.equal(parseRecordsJson(JSON.stringify(small)).length, 20_000);
  refuseText(text.slice(0, -1), { code: 'RECORD_JSON_MALFORMED' });
  refuseText(text.slice(0, 400_000), { code: 'RECORD_JSON_MALFORMED' });
});

test('a member given twice counts with its last value', () => {
  const text = JSON.stringify(SOURCE).replace('{', '{"Who":"first",');
  assert.deepEqual(parseRecordsJson(text), [RECORD]);
});

test('a record line is one object and keeps what is output only', () => {
  const line = JSON.stringify({
    ...SOURCE,
    RID: '20240506070809123',
    DetailList: [{ PropertyName: 'a', Message: 'm' }],
  });
  assert.deepEqual(parseRecordLine(line), {
    ...RECORD,
    rid: '20240506070809123',
    details: [{ property: 'a', message: 'm' }],
  });
  assert.deepEqual(parseRecordLine(JSON.stringify({ ...SOURCE, RID: 7 })), RECORD);
  const refuseLine = (text: string, expected: Refusal) =>
    refuseText(text, expected, parseRecordLine);
  refuseLine(`[${line}]`, { code: 'RECORD_ELEMENT_KIND', location: '/ActivityRecord' });
  refuseLine('', { code: 'RECORD_BODY_EMPTY' });
  refuseLine('{', { code: 'RECORD_JSON_MALFORMED' });
  refuseLine(JSON.stringify({ ...SOURCE, When: undefined }), {
    code: 'RECORD_ELEMENT_MISSING',
    message: 'When is missing',
    location: '/ActivityRecord',
  });
  refuseLine(JSON.stringify({ ...SOURCE, DetailList: [{}] }), {
    code: 'RECORD_ELEMENT_MISSING',
    location: '/ActivityRecord/DetailList/Detail[1]',
  });
});
