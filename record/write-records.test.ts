import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ActivityRecord,
  parseRecordLine,
  parseRecordsJson,
  parseRecordsXml,
  parseXmlTree,
  recordsToJson,
  recordsToXml,
  recordToJson,
  recordToXml,
} from './index.ts';

const BARE: ActivityRecord = {
  rid: '202405060708091230F1E2D3C4B5A69788796A5B4C3D2E1F0',
  who: 'NORTHWIND\\m.murray',
  whoKnownBy: 'client',
  action: 'Modified',
  what: 'Doors\\North gate',
  when: Date.parse('2024-05-06T07:08:09.999Z'),
  where: 'gatekeeper.example.test',
  objectType: 'Badge',
  dataSource: 'Netwrix API',
  details: [],
};

const FULL: ActivityRecord = {
  ...BARE,
  workstation: 'desk-3',
  plan: { id: '{00112233-4455-6677-8899-AABBCCDDEEFF}', name: 'Doors & gates' },
  item: { name: 'Badge feed', type: 'Integration' },
  details: [
    { property: 'State', before: 'closed', after: 'open', message: 'opened' },
    { property: 'Note', after: '' },
  ],
};

const BARE_JSON =
  '{"Action":"Modified","DataSource":"Netwrix API","ObjectType":"Badge","RID":"202405060708091230F1E2D3C4B5A69788796A5B4C3D2E1F0",' +
  '"What":"Doors\\\\North gate","When":"2024-05-06T07:08:09Z","Where":"gatekeeper.example.test","Who":"NORTHWIND\\\\m.murray"}';
const FULL_JSON =
  '{"Action":"Modified","MonitoringPlan":{"ID":"{00112233-4455-6677-8899-AABBCCDDEEFF}","Name":"Doors & gates"},"DataSource":"Netwrix API",' +
  '"Item":{"Name":"Badge feed (Integration)"},"ObjectType":"Badge","RID":"202405060708091230F1E2D3C4B5A69788796A5B4C3D2E1F0",' +
  '"What":"Doors\\\\North gate","When":"2024-05-06T07:08:09Z","Where":"gatekeeper.example.test","Who":"NORTHWIND\\\\m.murray","Workstation":"desk-3",' +
  '"DetailList":[{"Before":"closed","After":"open","PropertyName":"State","Message":"opened"},{"After":"","PropertyName":"Note"}]}';

const BARE_XML =
  '<Action>Modified</Action><DataSource>Netwrix API</DataSource><ObjectType>Badge</ObjectType>' +
  '<RID>202405060708091230F1E2D3C4B5A69788796A5B4C3D2E1F0</RID><What>Doors\\North gate</What><When>2024-05-06T07:08:09Z</When>' +
  '<Where>gatekeeper.example.test</Where><Who>NORTHWIND\\m.murray</Who>';
const FULL_XML =
  '<Action>Modified</Action><MonitoringPlan><ID>{00112233-4455-6677-8899-AABBCCDDEEFF}</ID><Name>Doors &amp; gates</Name></MonitoringPlan>' +
  '<DataSource>Netwrix API</DataSource><Item><Name>Badge feed (Integration)</Name></Item><ObjectType>Badge</ObjectType>' +
  '<RID>202405060708091230F1E2D3C4B5A69788796A5B4C3D2E1F0</RID><What>Doors\\North gate</What><When>2024-05-06T07:08:09Z</When>' +
  '<Where>gatekeeper.example.test</Where><Who>NORTHWIND\\m.murray</Who><Workstation>desk-3</Workstation><DetailList>' +
  '<Detail><Before>closed</Before><After>open</After><PropertyName>State</PropertyName><Message>opened</Message></Detail>' +
  '<Detail><After></After><PropertyName>Note</PropertyName></Detail></DetailList>';

const NAMESPACE = 'http://schemas.netwrix.com/api/v1/activity_records/';

test('JSON: members in the documented order, absent ones left out', () => {
  assert.equal(recordToJson(BARE), BARE_JSON);
  assert.equal(recordToJson(FULL), FULL_JSON);
  assert.equal(
    recordsToJson([BARE, FULL], 'bWFyay0wMDE3'),
    `{"ActivityRecordList":[${BARE_JSON},${FULL_JSON}],"ContinuationMark":"bWFyay0wMDE3"}`,
  );
  assert.equal(recordsToJson([], 'm"'), '{"ActivityRecordList":[],"ContinuationMark":"m\\""}');
});

test('XML: elements in the documented order, absent ones left out, the mark first', () => {
  assert.equal(
    recordToXml(BARE),
    `<ActivityRecord xmlns="${NAMESPACE}">${BARE_XML}</ActivityRecord>`,
  );
  assert.equal(
    recordsToXml([BARE, FULL], 'bWFyay0wMDE3'),
    '<?xml version="1.0" standalone="yes"?>\n' +
      `<ActivityRecordList xmlns="${NAMESPACE}"><ContinuationMark>bWFyay0wMDE3</ContinuationMark>` +
      `<ActivityRecord>${BARE_XML}</ActivityRecord><ActivityRecord>${FULL_XML}</ActivityRecord></ActivityRecordList>`,
  );
  assert.equal(
    recordsToXml([], '<m>'),
    '<?xml version="1.0" standalone="yes"?>\n' +
      `<ActivityRecordList xmlns="${NAMESPACE}"><ContinuationMark>&lt;m&gt;</ContinuationMark></ActivityRecordList>`,
  );
  assert.equal(parseXmlTree(recordToXml(FULL)).namespace, NAMESPACE);
});

test('a record line reads back what was written', () => {
  const { rid, when, item: _item, plan, dataSource, ...rest } = FULL;
  assert.deepEqual(parseRecordLine(recordToJson(FULL)), {
    ...rest,
    rid,
    when: Math.floor(when / 1000) * 1000,
    dataSource,
    plan,
    item: { name: 'Badge feed (Integration)' },
    isArchiveOnly: false,
  });
  assert.doesNotMatch(recordToJson({ ...FULL, what: 'a\r\nb' }), /[\r\n]/);
});

/** What the value becomes on its way through each format. */
const checkValue = (value: string, xmlValue = value): void => {
  const record = { ...BARE, what: value, details: [{ property: 'p', before: value }] };
  const json = Buffer.from(recordsToJson([record], 'm')).toString();
  const list = (JSON.parse(json) as { ActivityRecordList: unknown }).ActivityRecordList;
  const [fromJson] = parseRecordsJson(JSON.stringify(list));
  assert.deepEqual([fromJson?.what, fromJson?.details[0]?.before], [value, value]);
  const [fromXml] = parseRecordsXml(Buffer.from(recordsToXml([record], 'm')).toString());
  assert.deepEqual([fromXml?.what, fromXml?.details[0]?.before], [xmlValue, xmlValue]);
};

test('awkward values survive both formats, as far as XML can hold them', () => {
  checkValue('');
  checkValue(' a ');
  checkValue('a\r\nb\rc\nd\te');
  checkValue(`<>&"' ]]> <![CDATA[ &amp; &#13;`);
  checkValue('Grüße 漢字 𝄞 \u2028\u0085');
  checkValue('\u0000\u001B[0m', '\uFFFD\uFFFD[0m');
  checkValue('\uD800x\uDFFF', '\uFFFDx\uFFFD');
  checkValue('\uFFFE\uFFFF', '\uFFFD\uFFFD');
});
