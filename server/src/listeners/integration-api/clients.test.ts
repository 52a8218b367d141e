/** Section 12 of the wire contract: what clients in the field need beyond the documentation, one by one; and section 14, its examples. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { basic } from './testing/accounts.ts';
import {
  BASE,
  call,
  ENUM,
  type JsonPage,
  page,
  record,
  SEARCH,
  WRITE,
  writeJson,
} from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';
import { openRawConnection } from './testing/raw-connection.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
  const records = Array.from({ length: 12 }, (_, index) => record({ What: `${index}` }));
  await writeJson(api, records);
});
after(() => api[Symbol.asyncDispose]());

const whats = (got: JsonPage): string[] => got.ActivityRecordList.map(({ What }) => What);

test('12.1: the write path without the trailing slash', async () => {
  const path = `${BASE}/activity_records?format=json`;
  assert.equal((await call(api, path, { body: JSON.stringify([record()]) })).status, 200);
});

test('12.2: JSON by format=json alone, whatever the content type', async () => {
  for (const type of [undefined, 'application/x-www-form-urlencoded', 'text/plain; x', 'junk']) {
    const headers = type === undefined ? {} : { 'Content-Type': type };
    const body = JSON.stringify([record()]);
    assert.equal((await call(api, `${WRITE}?format=json`, { body, headers })).status, 200);
  }
});

test('12.3: JSON search by content type alone, answered in JSON', async () => {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  const answer = await call(api, SEARCH, { body: '{"FilterList":{}}', headers });
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.ok(Array.isArray(JSON.parse(answer.text).ActivityRecordList));
});

test('12.4: GET enum with parameters of the client’s own invention', async () => {
  const got = await page(api, `${ENUM}?count=2&filter=Who&since=2024&count2=x&Count=zero`);
  assert.equal(got.ActivityRecordList.length, 2);
});

test('12.5: 401 with Basic first, no stronger scheme, the body drained, the connection kept', async () => {
  using connection = await openRawConnection(api);
  const body = JSON.stringify([record()]);
  const head = (headers: string) =>
    `POST ${WRITE}?format=json HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
  connection.send(head('') + body);
  const { status, head: got } = await connection.answer();
  assert.equal(status, 401);
  const schemes = [...got.matchAll(/^www-authenticate: (\w+)/gim)].map(([, scheme]) => scheme);
  assert.deepEqual(schemes, ['Basic', 'Bearer']);
  assert.doesNotMatch(got, /negotiate|ntlm|digest/i);
  connection.send(head(`Authorization: ${basic('feed', 'f')}\r\n`) + body);
  assert.equal((await connection.answer()).status, 200);
});

test('12.6: Expect: 100-continue and chunked at once', async () => {
  using connection = await openRawConnection(api);
  const authorization = `Authorization: ${basic('feed', 'f')}`;
  connection.send(
    `POST ${BASE}/activity_records?format=json HTTP/1.1\r\nHost: a\r\n${authorization}\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n`,
  );
  assert.equal((await connection.answer()).status, 100);
  const body = JSON.stringify([record()]);
  connection.send(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
  assert.equal((await connection.answer()).status, 200);
});

test('12.7: a search mark posted to enum', async () => {
  const first = await page(api, `${SEARCH}?count=3`, { body: '{"FilterList":{"What":"1"}}' });
  const body = JSON.stringify(first.ContinuationMark);
  const next = await page(api, `${ENUM}?count=100`, { body });
  assert.ok(whats(next).every((what) => what.includes('1')));
});

test('12.7: filterlist in lower case next to a mark', async () => {
  const filters = { What: [{ Contains: '1' }] };
  const first = await page(api, `${SEARCH}?count=2`, {
    body: JSON.stringify({ FilterList: filters }),
  });
  const { ContinuationMark } = first;
  const ask = (members: object) =>
    page(api, SEARCH, { body: JSON.stringify({ ContinuationMark, ...members }) });
  assert.deepEqual(await ask({ filterlist: filters }), await ask({ FilterList: filters }));
});

test('12.7: an empty FilterList, and Monitoring Plan with a blank', async () => {
  await page(api, SEARCH, { body: '{"FilterList":{}}' });
  const xml = '<ActivityRecordSearch><FilterList></FilterList></ActivityRecordSearch>';
  assert.equal((await call(api, SEARCH, { body: xml })).status, 200);
  const body = '{"FilterList":{"Monitoring Plan":[{"Equals":"nowhere"}]}}';
  assert.deepEqual((await page(api, SEARCH, { body })).ActivityRecordList, []);
});

test('12.8: marks and values with \\uXXXX escapes', async () => {
  const first = await page(api, `${ENUM}?count=3`);
  const toEscaped = (text: string): string =>
    text.replace(/[+/=<>&'"\\]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const next = await page(api, `${ENUM}?count=1`, {
    body: `"${toEscaped(first.ContinuationMark)}"`,
  });
  assert.deepEqual(whats(next), ['3']);
  const body = `{"FilterList":{"Who":{"Equals":"${toEscaped('NORTHWIND\\m.murray')}"}}}`;
  assert.ok((await page(api, SEARCH, { body })).ActivityRecordList.length > 0);
});

test('12.9: actions outside the documented list', async () => {
  assert.equal((await writeJson(api, [record({ Action: 'None' })])).status, 200);
  const body = '{"FilterList":{"Action":"None"}}';
  assert.equal((await page(api, SEARCH, { body })).ActivityRecordList[0]?.Action, 'None');
});

test('12.10: lists are arrays, plan and item objects, the mark a string', async () => {
  const one = record({
    What: 'shapes',
    MonitoringPlan: { Name: 'Doors' },
    Item: { Name: 'Badge feed' },
    DetailList: { PropertyName: 'one' },
  });
  assert.equal((await writeJson(api, one)).status, 200);
  const got = await page(api, SEARCH, { body: '{"FilterList":{"What":"shapes"}}' });
  const [shaped] = got.ActivityRecordList;
  assert.ok(Array.isArray(got.ActivityRecordList) && Array.isArray(shaped?.DetailList));
  assert.equal(typeof shaped?.MonitoringPlan, 'object');
  assert.equal(typeof shaped?.Item, 'object');
  assert.equal(typeof got.ContinuationMark, 'string');
  const empty = await call(api, `${SEARCH}?format=json`, { body: '{"FilterList":{"What":"zz"}}' });
  assert.match(empty.text, /^\{"ActivityRecordList":\[\],"ContinuationMark":"[^"]+"\}$/);
  for (const value of Object.values(shaped ?? {})) {
    assert.ok(typeof value === 'string' || typeof value === 'object');
  }
});

test('12.11: exactly 200 for a write', async () => {
  assert.equal((await writeJson(api, [record()])).status, 200);
});

test('12.12: DOMAIN\\user arrives unchanged', async () => {
  api.access.attempts.length = 0;
  await call(api, ENUM, { authorization: basic('CORP\\New.User', 'n') });
  assert.equal(api.access.attempts[0]?.userName, 'CORP\\New.User');
});

// ---- Section 14.

test('14: writing XML', async () => {
  const body = `<?xml version="1.0" encoding="utf-8"?>
<ActivityRecordList xmlns="http://schemas.netwrix.com/api/v1/activity_records/">
  <ActivityRecord>
    <Who>NORTHWIND\\m.murray</Who><ObjectType>Badge</ObjectType><Action>Added</Action>
    <What>Badges\\4711</What><Where>gatekeeper.example.test</Where><When>2024-05-06T09:08:09+02:00</When>
    <Workstation>desk-3.example.test</Workstation>
  </ActivityRecord>
</ActivityRecordList>`;
  const headers = { 'Content-Type': 'application/xml; Charset=UTF-8' };
  const answer = await call(api, WRITE, { body, headers });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], 'text/plain');
});

test('14: writing JSON', async () => {
  const body = `[ { "Who": "NORTHWIND\\\\m.murray", "ObjectType": "Badge", "Action": "Removed", "What": "Badges\\\\4711",
    "Where": "gatekeeper.example.test", "When": "2024-05-06T17:00:00Z",
    "DetailList": [ { "PropertyName": "Reason", "After": "lost" } ] } ]`;
  assert.equal((await call(api, `${WRITE}?format=json`, { body })).status, 200);
});

test('14: searching in JSON with everything at once', async () => {
  const body = `{ "FilterList": {
    "Who": [ "murray", { "EndsWith": "\\\\a.renfield" }, { "NotEqualTo": "NORTHWIND\\\\m.murray2" } ],
    "What": { "StartsWith": "Badges\\\\" },
    "When": [ { "LastSevenDays": "" }, { "From": "2024-01-01T00:00:00Z", "To": "2024-12-31T23:59:59Z" } ],
    "WorkingHours": { "From": "08:00:00+01:00", "To": "18:00:00+01:00" } } }`;
  const got = await page(api, SEARCH, { body });
  assert.ok(got.ActivityRecordList.length > 0);
  assert.ok(got.ActivityRecordList.every(({ What }) => What.startsWith('Badges\\')));
});

test('9.1: the example in XML', async () => {
  const { ContinuationMark: mark } = await page(api, SEARCH, { body: '{}' });
  const body = `<?xml version="1.0" encoding="utf-8"?>
<ActivityRecordSearch xmlns="http://schemas.netwrix.com/api/v1/activity_records/">
  <ContinuationMark>${mark}</ContinuationMark>
  <FilterList>
    <Who Operator="NotEqualTo">NORTHWIND\\scheduler</Who>
    <DataSource>Netwrix API</DataSource>
    <Action>Added</Action>
    <Action>Removed</Action>
    <When><From>2024-05-01T00:00:00+02:00</From><To>2024-06-01T00:00:00Z</To></When>
  </FilterList>
</ActivityRecordSearch>`;
  assert.equal((await call(api, SEARCH, { body })).status, 200);
});
