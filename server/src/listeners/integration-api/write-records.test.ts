/** Sections 5, 6 and 11 of the wire contract: records in, and what becomes of them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WitnessError } from '@witness/record';
import { authorizationOf, PLAN_DOORS } from './testing/accounts.ts';
import {
  call,
  ENUM,
  find,
  type JsonRecord,
  page,
  record,
  SEARCH,
  WRITE,
  type WrittenRecord,
  writeJson,
} from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';
import { openRawConnection } from './testing/raw-connection.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api[Symbol.asyncDispose]());

let lastMark: string | undefined;

/** What is new since the last call, by way of enum. */
const arrived = async (): Promise<readonly JsonRecord[]> => {
  const options = lastMark === undefined ? {} : { body: JSON.stringify(lastMark) };
  const got = await page(api, `${ENUM}?count=100000`, options);
  lastMark = got.ContinuationMark;
  return got.ActivityRecordList;
};

const NAMESPACE = 'http://schemas.netwrix.com/api/v1/activity_records/';
const element = (name: string, value: unknown): string =>
  value === undefined ? '' : `<${name}>${value}</${name}>`;
const toXml = (members: WrittenRecord): string =>
  Object.entries(members)
    .map(([name, value]) => element(name, value))
    .join('');
/** Each record is the text inside its element. */
const writeXml = (records: readonly string[], root = `xmlns="${NAMESPACE}"`) =>
  call(api, WRITE, {
    body: `<ActivityRecordList ${root}>${records
      .map((inner) => element('ActivityRecord', inner))
      .join('')}</ActivityRecordList>`,
  });

const RID = /^\d{17}[0-9A-F]{32}$/;
const REGULAR = {
  Action: 'Added',
  DataSource: 'Netwrix API',
  ObjectType: 'Badge',
  What: 'Badges\\4711',
  When: '2024-05-06T07:08:09Z',
  Where: 'gatekeeper.example.test',
  Who: 'NORTHWIND\\m.murray',
};

interface Case {
  /** Members of the JSON record besides the mandatory ones; also of the XML record, unless `xml` says otherwise. */
  readonly json: WrittenRecord;
  /** Inside the XML record, besides the mandatory elements. */
  readonly xml?: string;
  readonly expected: WrittenRecord;
}

/** Writes one record as JSON and as XML; both must come back as expected. */
const check = (title: string, { json, xml, expected }: Case): void => {
  test(title, async () => {
    assert.equal((await writeJson(api, [record(json)])).status, 200);
    const inner = xml === undefined ? toXml(record(json)) : toXml(record()) + xml;
    const answer = await writeXml([inner]);
    assert.equal(answer.status, 200, answer.text);
    const got = await arrived();
    assert.equal(got.length, 2);
    for (const { RID: rid, ...members } of got) {
      assert.match(rid, RID);
      assert.deepEqual(members, { ...REGULAR, ...expected });
    }
  });
};
/** Comes back as written. */
const kept = (title: string, json: WrittenRecord): void => check(title, { json, expected: json });

kept('5.2: the mandatory elements', {});
kept('5.2: a workstation', { Workstation: 'desk-3.example.test' });
kept('5.2: empty mandatory elements are present', { Who: '', What: '', Where: '' });
kept('5.2: blanks stay', { What: '  a b  ' });
kept('5.2: values as long as their columns', {
  Who: 'w'.repeat(255),
  Where: 'x'.repeat(255),
  ObjectType: 'o'.repeat(255),
  What: 'long '.repeat(20_000),
});
kept('5.2: an empty optional element is present', { Workstation: '' });
kept('5.6: any action is stored', { Action: 'None' });
kept('5.6: a documented action', { Action: 'Read (Failed Attempt)' });
check('5.2: DataSource is always replaced', {
  json: { DataSource: 'Active Directory' },
  expected: {},
});
check('5.2: RID is ignored', { json: { RID: 'x'.repeat(99) }, expected: {} });
check('5.2: values keep line breaks, tabs and mark-up', {
  json: { Workstation: ' a\tb\nc & <d> "e" \'f\' \u00e9\u{1F600} ' },
  xml: '<Workstation> a\tb\nc &amp; &lt;d&gt; &quot;e&quot; &apos;f&apos; é\u{1F600} </Workstation>',
  expected: { Workstation: ' a\tb\nc & <d> "e" \'f\' \u00e9\u{1F600} ' },
});
check('5.4: an offset ahead', { json: { When: '2024-05-06T09:08:09+02:00' }, expected: {} });
check('5.4: an offset behind', {
  json: { When: '2024-05-06T03:43:49-11:00' },
  expected: { When: '2024-05-06T14:43:49Z' },
});
check('5.4: a fraction', { json: { When: '2024-05-06T07:08:09.9876543Z' }, expected: {} });
check('5.3: details', {
  json: {
    DetailList: [
      { PropertyName: 'State', Before: 'closed', After: 'open', Message: 'ignored' },
      { PropertyName: 'Reason', After: '' },
    ],
  },
  xml:
    '<DetailList><Detail><After>open</After><PropertyName>State</PropertyName><Before>closed</Before><Message>x</Message></Detail>' +
    '<Detail><PropertyName>Reason</PropertyName><After/></Detail></DetailList>',
  expected: {
    DetailList: [
      { Before: 'closed', After: 'open', PropertyName: 'State' },
      { After: '', PropertyName: 'Reason' },
    ],
  },
});
check('5.3: no details, no DetailList', {
  json: { DetailList: [] },
  xml: '<DetailList/>',
  expected: {},
});
check('5.5: Item without a plan is left out', {
  json: { Item: { Name: 'Badge feed' } },
  xml: '<Item><Name>Badge feed</Name></Item>',
  expected: {},
});

const placed = (plan: string, item?: string) => ({
  json: {
    MonitoringPlan: { Name: plan },
    ...(item !== undefined && { Item: { Name: item } }),
  },
  xml: `<MonitoringPlan><Name>${plan}</Name></MonitoringPlan>${item === undefined ? '' : `<Item><Name>${item}</Name></Item>`}`,
});
const inDoors = { MonitoringPlan: { ID: PLAN_DOORS.id, Name: 'Doors' } };
const inFeed = { ...inDoors, Item: { Name: 'Badge feed (Integration)' } };
check('5.5: a plan', { ...placed('Doors'), expected: inDoors });
check('5.5: a plan in other letters', { ...placed('dOORS'), expected: inDoors });
check('5.5: a plan and its item', { ...placed('Doors', 'Badge feed'), expected: inFeed });
check('5.5: an item in other letters', { ...placed('Doors', 'badge FEED'), expected: inFeed });
check('5.5: an item as it is read', {
  ...placed('Doors', 'Badge feed (Integration)'),
  expected: inFeed,
});
check('5.5: an item nobody knows is left out', { ...placed('Doors', 'x'), expected: inDoors });
check('5.5: an item of another type is not the same', {
  ...placed('Doors', 'Badge feed (Domain)'),
  expected: inDoors,
});
check('5.5: a plan with its ID', {
  json: { MonitoringPlan: { Name: 'Doors', ID: PLAN_DOORS.id } },
  xml: `<MonitoringPlan><ID>${PLAN_DOORS.id}</ID><Name>Doors</Name></MonitoringPlan>`,
  expected: inDoors,
});

test('5.5: a plan that does not exist is 500 ServerError with its name, nothing stored', async () => {
  const plans = [
    { Name: 'Cellar & <Attic>' },
    { Name: 'Doors', ID: '{00000000-0000-0000-0000-000000000000}' },
  ];
  for (const MonitoringPlan of plans) {
    const answer = await writeJson(api, [record(), record({ MonitoringPlan })]);
    assert.equal(answer.status, 500);
    const [error] = JSON.parse(answer.text).ErrorList;
    assert.equal(error.Category, 'ServerError');
    assert.ok(error.Description.includes(MonitoringPlan.Name));
  }
  const inner = `${toXml(record())}<MonitoringPlan><Name>Cellar</Name></MonitoringPlan>`;
  const answer = await writeXml([inner]);
  assert.equal(answer.status, 500);
  assert.match(answer.text, /<Category>ServerError<.*Cellar/s);
  assert.deepEqual(await arrived(), []);
});

const flags: readonly [json: unknown, xml: string, isArchiveOnly: boolean][] = [
  ['', '<IsArchiveOnly/>', true],
  [true, '<IsArchiveOnly>true</IsArchiveOnly>', true],
  ['true', '<IsArchiveOnly> true </IsArchiveOnly>', true],
  [1, '<IsArchiveOnly>1</IsArchiveOnly>', true],
  [false, '<IsArchiveOnly>false</IsArchiveOnly>', false],
  ['false', '', false],
  [0, '<IsArchiveOnly>0</IsArchiveOnly>', false],
  [null, '', false],
];
for (const [json, xml, isArchiveOnly] of flags) {
  test(`5.5: IsArchiveOnly ${JSON.stringify(json)} and "${xml}"`, async () => {
    const before = await api.store.summary();
    assert.equal((await writeJson(api, [record({ IsArchiveOnly: json })])).status, 200);
    assert.equal((await writeXml([toXml(record()) + xml])).status, 200);
    const after = await api.store.summary();
    assert.equal(after.archiveOnly - before.archiveOnly, isArchiveOnly ? 2 : 0);
    assert.equal((await arrived()).length, isArchiveOnly ? 0 : 2);
  });
}

for (const root of [
  '',
  'xmlns="http//schemas.netwrix.com/api/v1/activity_records/"',
  `xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
]) {
  test(`5.1: the root with ${root || 'no namespace'}`, async () => {
    assert.equal((await writeXml([toXml(record())], root)).status, 200);
    assert.equal((await arrived()).length, 1);
  });
}

test('5.1: any prefix', async () => {
  const inner = toXml(record()).replace(/<(\/?)/g, '<$1n:');
  const body = `<n:ActivityRecordList xmlns:n="${NAMESPACE}"><n:ActivityRecord>${inner}</n:ActivityRecord></n:ActivityRecordList>`;
  assert.equal((await call(api, WRITE, { body })).status, 200);
  assert.equal((await arrived()).length, 1);
});

test('5.2: elements in any order', async () => {
  const reversed = Object.fromEntries(Object.entries(record()).reverse());
  assert.equal((await writeXml([toXml(reversed)])).status, 200);
  assert.equal((await arrived()).length, 1);
});

test('5.3: XML: comments, CDATA, character references, declarations', async () => {
  const inner = toXml(record({ What: '<![CDATA[a<b]]>&#x26;&#99;<!-- no -->d' }));
  const body = `<?xml version="1.0" encoding="utf-8"?><!-- c --><ActivityRecordList xmlns="${NAMESPACE}"><?pi x?><ActivityRecord>${inner}</ActivityRecord></ActivityRecordList>`;
  assert.equal((await call(api, WRITE, { body })).status, 200);
  assert.equal((await arrived())[0]?.What, 'a<b&cd');
});

test('5.3: JSON escapes, and unescaped slashes', async () => {
  const text = JSON.stringify([record({ What: '@' })]).replace('@', '\\/ / \\u002B \\ud83d\\ude00');
  assert.equal((await call(api, `${WRITE}?format=json`, { body: text })).status, 200);
  assert.equal((await arrived())[0]?.What, '/ / + \u{1F600}');
});

test('5.3: a single object is an array of one', async () => {
  assert.equal((await writeJson(api, record())).status, 200);
  assert.equal((await arrived()).length, 1);
});

test('5.3: numbers and booleans become text, null is absent', async () => {
  const members = { Who: 7, What: true, Workstation: null, Where: 1.5, DataSource: null };
  assert.equal((await writeJson(api, [record(members)])).status, 200);
  const [{ RID: _, ...got } = { RID: '' }] = await arrived();
  assert.deepEqual(got, { ...REGULAR, Who: '7', What: 'true', Where: '1.5' });
});

test('5.2: what was read can be written again', async () => {
  await writeJson(api, [
    record({
      MonitoringPlan: { Name: 'Doors' },
      Item: { Name: 'Badge feed' },
      DetailList: [{ PropertyName: 'a' }],
    }),
  ]);
  const read = await arrived();
  assert.equal((await writeJson(api, read)).status, 200);
  const [again] = await arrived();
  assert.deepEqual({ ...again, RID: '' }, { ...read[0], RID: '' });
  assert.notEqual(again?.RID, read[0]?.RID);
  const xml = await call(api, SEARCH, {
    body: `<ActivityRecordSearch><FilterList><RID Operator="Equals">${again?.RID}</RID></FilterList></ActivityRecordSearch>`,
  });
  const rewritten = await call(api, WRITE, { body: xml.text });
  assert.equal(rewritten.status, 200, rewritten.text);
  assert.deepEqual({ ...(await arrived())[0], RID: '' }, { ...read[0], RID: '' });
});

test('6: written records are visible when the answer comes, in enum and search', async () => {
  const What = 'visible at once';
  assert.equal((await writeJson(api, [record({ What })])).status, 200);
  assert.equal((await find(api, { What: { Equals: What } })).length, 1);
  assert.equal((await arrived())[0]?.What, What);
});

test('6: two identical records are two, with two RIDs', async () => {
  for (let round = 0; round < 2; round += 1) await writeJson(api, [record(), record()]);
  const got = await arrived();
  assert.equal(got.length, 4);
  assert.equal(new Set(got.map(({ RID: rid }) => rid)).size, 4);
});

test('6: the RID begins with the time of writing', async () => {
  await writeJson(api, [record({ When: '2001-01-01T00:00:00Z' })]);
  assert.match((await arrived())[0]?.RID ?? '', /^20260317120000000/);
});

test('6: an empty list stores nothing and is no batch', async () => {
  const batches = api.sink.batches.length;
  assert.equal((await writeJson(api, [])).status, 200);
  assert.equal((await writeXml([])).status, 200);
  assert.equal(api.sink.batches.length, batches);
});

test('6: one request is one batch of bounded raw events that say what they are', async () => {
  const records = Array.from({ length: 1200 }, (_, index) => record({ What: `${index}` }));
  assert.equal((await writeJson(api, records)).status, 200);
  const batch = api.sink.batches.at(-1);
  assert.equal(batch?.input, 'activity-records-json');
  assert.equal(batch?.receivedAt, api.now);
  assert.deepEqual(batch?.origin, { listener: 'integration-api', sender: '127.0.0.1' });
  assert.match(batch?.batchId ?? '', /^[0-9a-f]{32}$/);
  assert.deepEqual(
    batch?.events.map((event) => JSON.parse(Buffer.from(event).toString()).length),
    [500, 500, 200],
  );
  const fromBytes = batch?.events.map((event) => JSON.parse(Buffer.from(event).toString()));
  assert.deepEqual(JSON.parse(JSON.stringify(batch?.parsed)), fromBytes);
  assert.deepEqual(
    (await arrived()).map(({ What }) => What),
    records.map(({ What }) => What),
  );
});

test('6: many writers at once', async () => {
  const writes = Array.from({ length: 40 }, (_, index) =>
    writeJson(api, [record({ What: `${index}` })], { authorization: authorizationOf('feed') }),
  );
  for (const { status } of await Promise.all(writes)) assert.equal(status, 200);
  assert.equal(new Set((await arrived()).map(({ What }) => What)).size, 40);
});

test('6: one bad record, nothing stored', async () => {
  const bad: readonly WrittenRecord[] = [{ Who: null }, { When: 'x' }, { Nonsense: 1 }];
  for (const members of bad) {
    const records = [record(), record(members), record()];
    const answer = await writeJson(api, records);
    assert.equal(answer.status, 400);
    assert.equal(
      JSON.parse(answer.text).ErrorList[0].Location.slice(0, 37),
      '/ActivityRecordList/ActivityRecord[2]',
    );
  }
  assert.deepEqual(await arrived(), []);
});

const failing = (code: string, retry: 'never' | 'later'): Error =>
  new WitnessError(code, { message: '/var/secret is broken', advice: '', retry }, {});

const failures: readonly [title: string, failure: Error, status: number][] = [
  ['PIPELINE_BUSY', failing('PIPELINE_BUSY', 'later'), 503],
  ['PIPELINE_DISK_FULL', failing('PIPELINE_DISK_FULL', 'later'), 503],
  ['PIPELINE_DISK_FAILED', failing('PIPELINE_DISK_FAILED', 'later'), 503],
  ['PIPELINE_CLOSED', failing('PIPELINE_CLOSED', 'later'), 503],
  ['a failure of the store', failing('STORE_UNREACHABLE', 'later'), 500],
  ['a fault of ours', new TypeError('secret'), 500],
];
for (const [title, failure, status] of failures) {
  test(`6: ${title} is ${status} with a list that tells nothing of the server`, async () => {
    api.sink.failure = failure;
    const json = await writeJson(api, [record()]);
    const xml = await writeXml([toXml(record())]);
    api.sink.failure = undefined;
    for (const answer of [json, xml]) {
      assert.equal(answer.status, status);
      assert.match(answer.text, /ServerError/);
      assert.doesNotMatch(answer.text, /secret|PIPELINE|STORE/);
      assert.equal(answer.headers['retry-after'], status === 503 ? '5' : undefined);
    }
    assert.equal(JSON.parse(json.text).ErrorList[0].Category, 'ServerError');
    assert.match(xml.text, /^<\?xml.*<ErrorList xmlns="http:\/\/schemas.netwrix.com\/api\/v1\/">/s);
    assert.deepEqual(await arrived(), []);
    assert.equal((await writeJson(api, [record()])).status, 200);
    assert.equal((await arrived()).length, 1);
  });
}

test('6: a batch that is safe but not yet stored is not sent again', async () => {
  api.sink.failure = failing('PIPELINE_CLOSED_UNSTORED', 'never');
  assert.equal((await writeJson(api, [record()])).status, 200);
  api.sink.failure = undefined;
});

test('11: a batch the pipeline cannot take whole is 413', async () => {
  api.sink.failure = failing('PIPELINE_BATCH_TOO_LARGE', 'never');
  const answer = await writeJson(api, [record()]);
  api.sink.failure = undefined;
  assert.equal(answer.status, 413);
  assert.equal(answer.text, '');
});

const MIB = 1024 * 1024;

test('11: 50 MB are taken even when less is configured; more than the limit is 413', async () => {
  await using own = await openTestApi({ limits: { bodyBytesMax: MIB } });
  const wanted = 50 * MIB;
  const overhead = JSON.stringify([record({ What: '', Workstation: '' })]).length;
  const fill = Math.floor((wanted - overhead) / 4);
  const body = JSON.stringify(
    Array.from({ length: 4 }, () => record({ What: 'w'.repeat(fill - 200), Workstation: '' })),
  );
  const padded = body.padEnd(wanted);
  assert.equal(padded.length, wanted);
  const path = `${WRITE}?format=json`;
  assert.equal((await call(own, path, { body: padded })).status, 200);
  const larger = await call(own, path, { body: `${padded} ` });
  assert.equal(larger.status, 413);
  assert.equal(larger.text, '');
  const chunked = await call(own, path, { body: `${padded} `, isChunked: true });
  assert.equal(chunked.status, 413);
  assert.equal((await own.store.summary()).records, 4);
});

test('11: a question has its own limit', async () => {
  const body = `"${'x'.repeat(MIB)}"`;
  assert.equal((await call(api, `${ENUM}?format=json`, { body })).status, 413);
  assert.equal((await call(api, SEARCH, { body })).status, 413);
});

test('11: bodies beyond the memory set aside are 503 until there is room again', async () => {
  await using own = await openTestApi({ limits: { bodiesBytesMax: 3 * MIB } });
  const signedIn = `Authorization: ${authorizationOf('feed')}`;
  const head = (length: number) =>
    `POST ${WRITE}?format=json HTTP/1.1\r\nHost: a\r\n${signedIn}\r\nContent-Length: ${length}\r\n\r\n`;
  using first = await openRawConnection(own);
  const body = JSON.stringify([record()]).padEnd(2 * MIB);
  first.send(head(body.length) + body.slice(0, 1000));
  for (let round = 0; own.events.length === 0 && round < 10; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const refused = await call(own, `${WRITE}?format=json`, { body });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '5');
  assert.equal(JSON.parse(refused.text).ErrorList[0].Category, 'ServerError');
  const small = await writeJson(own, [record()]);
  assert.equal(small.status, 200);
  first.send(body.slice(1000));
  assert.equal((await first.answer()).status, 200);
  assert.equal((await call(own, `${WRITE}?format=json`, { body })).status, 200);
});

test('11: a chunked body counts against the memory too', async () => {
  await using own = await openTestApi({ limits: { bodiesBytesMax: MIB } });
  const isChunked = true;
  const body = JSON.stringify([record()]).padEnd(2 * MIB);
  const path = `${WRITE}?format=json`;
  assert.equal((await call(own, path, { body, isChunked })).status, 503);
  const fitting = body.slice(0, MIB / 2);
  assert.equal((await call(own, path, { body: fitting, isChunked })).status, 200);
  assert.equal((await call(own, path, { body: fitting, isChunked })).status, 200);
});
