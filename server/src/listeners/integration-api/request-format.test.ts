/** Section 4 of the wire contract: format and count. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, ENUM, page, record, SEARCH, WRITE, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
  const records = Array.from({ length: 2100 }, (_, index) => record({ What: `w${index}` }));
  assert.equal((await writeJson(api, records)).status, 200);
});
after(() => api[Symbol.asyncDispose]());

type Kind = 'json' | 'xml';

const kindOf = (contentType: string | undefined): string =>
  contentType === 'application/json' || contentType === 'application/xml'
    ? contentType.slice('application/'.length)
    : `unexpected ${contentType}`;

interface Case {
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly status: number;
  /** Of the answer; absent: no content type. */
  readonly answer?: Kind;
}

const check = (title: string, { path, contentType, body, status, answer }: Case): void => {
  test(title, async () => {
    const got = await call(api, path, {
      ...(body !== undefined && { body }),
      ...(contentType !== undefined && { headers: { 'Content-Type': contentType } }),
    });
    assert.equal(got.status, status, got.text.slice(0, 200));
    if (answer) {
      assert.equal(kindOf(got.headers['content-type']), answer);
      assert.equal(got.text.startsWith('{'), answer === 'json');
      assert.equal(got.text.startsWith('<?xml'), answer === 'xml');
      assert.equal(got.headers['content-length'], String(Buffer.byteLength(got.text)));
    }
  });
};

const XML_LIST = '<ActivityRecordList/>';
const XML_SEARCH = '<ActivityRecordSearch/>';
/** Spellings of content types seen in the field. */
const JSON_TYPES = [
  'application/json; Charset=UTF-8',
  'application/json; charset=utf-8',
  'application/json',
  'Application/JSON',
];
const OTHER_TYPES = [
  'application/xml; Charset=UTF-8',
  'application/x-www-form-urlencoded',
  'text/plain',
  'text/json',
  'application/jsonp',
  ';;;',
  'application/',
];
const ANY_TYPE = [undefined, ...JSON_TYPES, ...OTHER_TYPES];
const typed = (contentType: string | undefined) => (contentType ? { contentType } : {});

for (const type of ANY_TYPE) {
  const as = `as ${type ?? 'nothing'}`;
  check(`4: format=json write ${as}`, {
    path: `${WRITE}?format=json`,
    ...typed(type),
    body: '[]',
    status: 200,
  });
  check(`4: format=json search ${as}`, {
    path: `${SEARCH}?format=json&count=1`,
    ...typed(type),
    body: '{}',
    status: 200,
    answer: 'json',
  });
  check(`4: format=json GET enum ${as}`, {
    path: `${ENUM}?count=1&format=json`,
    ...typed(type),
    status: 200,
    answer: 'json',
  });
  check(`4: no format, write of XML ${as}`, {
    path: WRITE,
    ...typed(type),
    body: XML_LIST,
    status: 200,
  });
  check(`4: no format, write of JSON is invalid, error in XML, ${as}`, {
    path: WRITE,
    ...typed(type),
    body: '[]',
    status: 400,
    answer: 'xml',
  });
  check(`4: no format, GET enum ${as}`, {
    path: `${ENUM}?count=1`,
    ...typed(type),
    status: 200,
    answer: 'xml',
  });
}
for (const contentType of JSON_TYPES) {
  check(`4: no format, search as ${contentType} is JSON`, {
    path: `${SEARCH}?count=1`,
    contentType,
    body: '{}',
    status: 200,
    answer: 'json',
  });
  check(`4: no format, XML search as ${contentType} is malformed JSON`, {
    path: SEARCH,
    contentType,
    body: XML_SEARCH,
    status: 500,
  });
  check(`4: no format, posted mark as ${contentType}: errors in JSON`, {
    path: ENUM,
    contentType,
    body: '"nonsense"',
    status: 400,
    answer: 'json',
  });
}
for (const type of [undefined, ...OTHER_TYPES]) {
  const as = `as ${type ?? 'nothing'}`;
  check(`4: no format, search ${as} is XML`, {
    path: `${SEARCH}?count=1`,
    ...typed(type),
    body: XML_SEARCH,
    status: 200,
    answer: 'xml',
  });
  check(`4: no format, posted mark ${as}: errors in XML`, {
    path: ENUM,
    ...typed(type),
    body: '<ContinuationMark>nonsense</ContinuationMark>',
    status: 400,
    answer: 'xml',
  });
}
check('4: format=xml over a JSON content type', {
  path: `${SEARCH}?format=xml&count=1`,
  contentType: 'application/json',
  body: XML_SEARCH,
  status: 200,
  answer: 'xml',
});
for (const format of ['JSON', 'Json', 'jSoN']) {
  check(`4: format=${format}`, {
    path: `${ENUM}?format=${format}&count=1`,
    status: 200,
    answer: 'json',
  });
}
for (const format of ['yaml', '', 'json%20', 'application/json', '%00']) {
  check(`4: format=${format} is as if absent`, {
    path: `${ENUM}?format=${format}&count=1`,
    status: 200,
    answer: 'xml',
  });
}
check('4: parameters in any order, unknown ones ignored', {
  path: `${ENUM}?filter=Who&%zz=%zz&count=1&format=json&&=&a=b=c`,
  status: 200,
  answer: 'json',
});
check('4: format=json errors are JSON', {
  path: `${WRITE}?format=json`,
  body: '[{}]',
  status: 400,
  answer: 'json',
});

const COUNT_TEXT =
  'Invalid count parameter specified. Error details: 0x80040204 Cannot convert the attribute data type';
const badCounts = [
  ...['many', '', '-1', '+1', '%2B1', '1.5', '0', '00', '2147483648', '99999999999999999999'],
  ...['1e3', '0x10', '+', '1%20', '1,000', '%D9%A1', 'NaN', '1%00', '9'.repeat(400)],
];
for (const count of badCounts) {
  const shown = count.slice(0, 24);
  test(`4: count=${shown} is refused, in JSON`, async () => {
    const answer = await call(api, `${ENUM}?format=json&count=${count}`);
    assert.equal(answer.status, 400);
    assert.deepEqual(JSON.parse(answer.text), {
      ErrorList: [{ Category: 'InputError', Description: COUNT_TEXT }],
    });
  });
  test(`4: count=${shown} is refused, in XML, on search`, async () => {
    const answer = await call(api, `${SEARCH}?count=${count}`, { body: XML_SEARCH });
    assert.equal(answer.status, 400);
    assert.equal(
      answer.text,
      `<?xml version="1.0" encoding="UTF-8" ?>\n<ErrorList xmlns="http://schemas.netwrix.com/api/v1/"><Error><Category>InputError</Category><Description>${COUNT_TEXT}</Description></Error></ErrorList>`,
    );
  });
}
test('4: count does not belong to writing and is ignored there', async () => {
  assert.equal((await call(api, `${WRITE}?count=x`, { body: XML_LIST })).status, 200);
});

const pageSizes: readonly [query: string, records: number][] = [
  ['', 1000],
  ['?count=1', 1],
  ['?count=7', 7],
  ['?count=0012', 12],
  ['?count=1500', 1500],
  ['?count=2100', 2100],
  ['?count=2101', 2100],
  ['?count=2147483647', 2100],
];
for (const [query, records] of pageSizes) {
  test(`4: a page of enum${query} holds ${records} records`, async () => {
    assert.equal((await page(api, `${ENUM}${query}`)).ActivityRecordList.length, records);
  });
  test(`4: a page of search${query} holds ${records} records`, async () => {
    const found = await page(api, `${SEARCH}${query}`, { body: '{}' });
    assert.equal(found.ActivityRecordList.length, records);
  });
}

test('4: each page of a walk may ask for another count', async () => {
  const sizes = [10, 1, 1500, 3];
  let mark: string | undefined;
  const seen = new Set<string>();
  for (const size of sizes) {
    const body = mark === undefined ? {} : { body: JSON.stringify(mark) };
    const got = await page(api, `${ENUM}?count=${size}`, body);
    assert.equal(got.ActivityRecordList.length, size);
    for (const { RID } of got.ActivityRecordList) seen.add(RID);
    mark = got.ContinuationMark;
  }
  assert.equal(seen.size, 10 + 1 + 1500 + 3);
});

test('4: a page is cut at the limits of the server, never below 1,000 records, and the walk is whole', async () => {
  await using small = await openTestApi({
    store: api.store,
    limits: { pageRecordsMax: 1800, pageBytesMax: 1000 },
  });
  const sizes: number[] = [];
  const seen = new Set<string>();
  for (let mark = ''; ; ) {
    const options = mark === '' ? {} : { body: JSON.stringify(mark) };
    const got = await page(small, `${ENUM}?count=2000000000`, options);
    sizes.push(got.ActivityRecordList.length);
    for (const { RID } of got.ActivityRecordList) seen.add(RID);
    if (got.ActivityRecordList.length === 0) break;
    mark = got.ContinuationMark;
  }
  assert.deepEqual(sizes, [1000, 1000, 100, 0]);
  assert.equal(seen.size, 2100);
});

test('4: the most records of a page', async () => {
  await using small = await openTestApi({ store: api.store, limits: { pageRecordsMax: 1800 } });
  const got = await page(small, `${SEARCH}?count=2000000000`, { body: '{}' });
  assert.equal(got.ActivityRecordList.length, 1800);
});
