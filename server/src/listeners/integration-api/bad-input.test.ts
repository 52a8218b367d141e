/** Section 10 of the wire contract and hostile input: a clear error that names the place, nothing stored, the server alive. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { call, ENUM, page, record, SEARCH, WRITE, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(async () => {
  assert.equal(api.sink.batches.length, 0);
  await api[Symbol.asyncDispose]();
});

interface Fault {
  readonly status?: number;
  readonly category?: 'InputError' | 'XMLError' | 'ServerError';
  /** In the description. */
  readonly says: RegExp;
  /** Of the location; absent: not looked at. */
  readonly at?: string | RegExp;
}

const matches = (text: string, expected: string | RegExp): boolean =>
  typeof expected === 'string' ? text === expected : expected.test(text);

const unescapeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

const readFault = (text: string) => {
  if (text.startsWith('{')) {
    const list = JSON.parse(text).ErrorList;
    assert.equal(list.length, 1);
    return list[0];
  }
  const part = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1];
  assert.match(
    text,
    /^<\?xml version="1.0" encoding="UTF-8" \?>\n<ErrorList xmlns="http:\/\/schemas.netwrix.com\/api\/v1\/"><Error>/,
  );
  return {
    Category: part('Category'),
    Description: unescapeXml(part('Description') ?? ''),
    Location: unescapeXml(part('Location') ?? ''),
  };
};

let checks = 0;
const check = (
  title: string,
  request: { readonly path: string; readonly body: string | Uint8Array },
  fault: Fault | 'empty 500',
): void => {
  checks += 1;
  test(title, async () => {
    const answer = await call(api, request.path, { body: request.body });
    if (fault === 'empty 500') {
      assert.equal(answer.status, 500);
      assert.equal(answer.text, '');
      return;
    }
    assert.equal(answer.status, fault.status ?? 400, answer.text.slice(0, 300));
    const { Category, Description, Location } = readFault(answer.text);
    assert.equal(Category, fault.category ?? 'InputError', Description);
    assert.match(Description, fault.says);
    assert.ok(Description.length < 400, 'bounded');
    if (fault.at !== undefined) assert.ok(matches(Location ?? '', fault.at), Location);
  });
};

const JSON_WRITE = `${WRITE}?format=json`;
const JSON_SEARCH = `${SEARCH}?format=json`;
const JSON_ENUM = `${ENUM}?format=json`;
const LIST = '/ActivityRecordList';
const SECOND = `${LIST}/ActivityRecord[2]`;

// ---- Writing in JSON: not JSON at all.
const good = JSON.stringify(record());
for (const body of [
  ...['[', ']', '{', '}', '[{]', `[${good}`, `[${good},]`, `[${good}]]`, `[${good}] x`, `${good},`],
  ...['nul', 'True', "['a']", '[{Who:"a"}]', '[{"Who":"a",}]', '[{"Who":"a" "What":"b"}]', '"a'],
  ...['[{"Who":"\\x41"}]', '[{"Who":"\\u12"}]', '[{"Who":"a\nb"}]', '[{"Who":"a\tb"}]', '[01]'],
  ...['[.5]', '[1.]', '[+1]', '[NaN]', '[Infinity]', '[undefined]', '[/* c */]', '\0', '[\0]'],
  ...['<ActivityRecordList/>', '<?xml version="1.0"?>', 'Who=a&What=b', '[]\0'],
  ...[`${'['.repeat(200_000)}`, `${'{"a":'.repeat(100_000)}`, `[${good},${good.slice(0, -1)}`],
]) {
  const shown = JSON.stringify(body.slice(0, 24));
  check(
    `10: write: ${shown} (${body.length}) is not JSON`,
    { path: JSON_WRITE, body },
    'empty 500',
  );
}
for (const path of [JSON_SEARCH, JSON_ENUM]) {
  for (const body of [
    '{',
    '{"FilterList":{},}',
    "{'a':1}",
    'mark==',
    '<a/>',
    '{"a":1}{}',
    '[1,]',
  ]) {
    check(`10: ${path}: ${body} is not JSON`, { path, body }, 'empty 500');
  }
}
check(
  '10: search: deep junk is not JSON',
  { path: JSON_SEARCH, body: '['.repeat(500_000) },
  'empty 500',
);

// ---- Writing in JSON: JSON of the wrong kind.
for (const body of ['null', '1', 'true', '"text"', '[null]', '[1]', '["a"]', '[[]]', '[true]']) {
  check(
    `10: write: ${body} is no record`,
    { path: JSON_WRITE, body },
    {
      says: /ActivityRecord is not an object/,
      at: /^\/ActivityRecordList\/ActivityRecord\[1\]$/,
    },
  );
}
check(
  '10: write: records below records',
  { path: JSON_WRITE, body: `[[${good}]]` },
  {
    says: /not an object/,
  },
);
check(
  '10: write: the output form is not the input form',
  { path: JSON_WRITE, body: `{"ActivityRecordList":[${good}]}` },
  { says: /ActivityRecordList is not known/ },
);
for (const [title, body] of [
  ['no bytes', ''],
  ['blanks', ' \r\n\t '],
  ['a byte order mark', '\uFEFF'],
] as const) {
  for (const path of [JSON_WRITE, WRITE, JSON_SEARCH, SEARCH, JSON_ENUM, ENUM]) {
    check(`10: ${path}: ${title}`, { path, body }, { says: /no body|is empty/ });
  }
}
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
check(
  '10: write: closed deep nesting',
  { path: JSON_WRITE, body: nested(100_000) },
  {
    says: /not an object/,
  },
);
check(
  '10: write: deep nesting within a value',
  { path: JSON_WRITE, body: JSON.stringify([record()]).replace('"Added"', nested(5000)) },
  { says: /Action is not a text value/, at: `${LIST}/ActivityRecord[1]/Action` },
);

// ---- Writing: one fault in the second of two records, in both formats.
const xmlOf = (members: Readonly<Record<string, unknown>>): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
const xmlList = (...records: readonly string[]): string =>
  `<ActivityRecordList xmlns="http://schemas.netwrix.com/api/v1/activity_records/">${records.map((one) => `<ActivityRecord>${one}</ActivityRecord>`).join('')}</ActivityRecordList>`;
const GOOD_XML = xmlOf(record());

const inSecondJson = (members: Readonly<Record<string, unknown>>, fault: Fault): void =>
  check(
    `10: write JSON: ${JSON.stringify(members).slice(0, 70)}`,
    { path: JSON_WRITE, body: JSON.stringify([record(), record(members), record()]) },
    fault,
  );
const inSecondXml = (inner: string, fault: Fault): void =>
  check(
    `10: write XML: ${inner.slice(-80)}`,
    { path: WRITE, body: xmlList(GOOD_XML, inner, GOOD_XML) },
    fault,
  );

for (const element of ['Who', 'Action', 'What', 'When', 'Where', 'ObjectType']) {
  const fault = { says: new RegExp(`^${element} is missing$`), at: SECOND };
  inSecondJson({ [element]: undefined }, fault);
  inSecondJson({ [element]: null }, fault);
  inSecondXml(xmlOf(record({ [element]: undefined })), fault);
  inSecondXml(`${GOOD_XML}<${element}>again</${element}>`, {
    says: new RegExp(`${element} is given more than once`),
    at: SECOND,
  });
}
for (const element of ['Who', 'Where', 'ObjectType']) {
  const fault = {
    says: new RegExp(`${element} is longer than 255 characters`),
    at: `${SECOND}/${element}`,
  };
  inSecondJson({ [element]: 'x'.repeat(256) }, fault);
  inSecondXml(xmlOf(record({ [element]: 'x'.repeat(256) })), fault);
}
for (const element of [
  ...['AuditedSystem', 'ManagedObject', 'who', 'WHO', 'Details', 'Time', 'id', 'toString'],
]) {
  const fault = { says: new RegExp(`${element} is not known`), at: SECOND };
  inSecondJson({ [element]: 'x' }, fault);
  inSecondXml(`${GOOD_XML}<${element}>x</${element}>`, fault);
}
inSecondJson(JSON.parse('{"__proto__":"x"}'), { says: /is not known|missing/ });
check(
  '10: write JSON: __proto__ and constructor are unknown members',
  { path: JSON_WRITE, body: `[${good.slice(0, -1)},"__proto__":{"a":1}}]` },
  { says: /__proto__ is not known/ },
);
for (const when of [
  ...['', 'now', '2024-05-06', '07:08:09Z', '2024-05-06T07:08:09', '2024-05-06 07:08:09Z'],
  ...['2024-13-01T00:00:00Z', '2024-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '1715000000'],
  ...['2024-05-06T24:00:00Z', '2024-05-06T07:60:00Z', '2024-05-06T07:08:60Z', '24-05-06T07:08:09Z'],
  ...['2024-05-06T07:08:09+2:00', '2024-05-06T07:08:09+0200', '2024-05-06T07:08:09+15:00'],
  ...[
    '2024-05-06T07:08:09.Z',
    '2024-05-06T07:08Z',
    'Mon, 06 May 2024 07:08:09 GMT',
    '٢٠٢٤-05-06T07:08:09Z',
  ],
  ...[
    '2024-05-06T07:08:09z',
    '2024-05-06t07:08:09Z',
    '05/06/2024 07:08:09',
    '-2024-05-06T07:08:09Z',
  ],
]) {
  const fault = { says: /is not a date and time/, at: `${SECOND}/When` };
  inSecondJson({ When: when }, fault);
  inSecondXml(xmlOf(record({ When: when })), fault);
}
inSecondJson({ When: ' 2024-05-06T07:08:09Z' }, { says: /is not a date/ });
inSecondJson({ When: 1715000000 }, { says: /is not a date/ });
for (const value of [{}, [], ['a'], { a: 1 }]) {
  inSecondJson({ What: value }, { says: /What is not a text value/, at: `${SECOND}/What` });
}
for (const DetailList of ['text', 1, true]) {
  inSecondJson({ DetailList }, { says: /DetailList is not/ });
}
inSecondJson({ DetailList: [null] }, { says: /Detail is not an object/ });
inSecondJson(
  { DetailList: [{ PropertyName: 'a' }, { Before: 'x' }] },
  {
    says: /PropertyName is missing/,
    at: `${SECOND}/DetailList/Detail[2]`,
  },
);
inSecondJson({ DetailList: [{ PropertyName: 'p'.repeat(256) }] }, { says: /longer than 255/ });
inSecondJson({ DetailList: [{ PropertyName: 'p', Property: 'x' }] }, { says: /not known/ });
inSecondJson({ DetailList: [{ PropertyName: 'p', Before: {} }] }, { says: /not a text value/ });
inSecondJson(
  { DetailList: Array(10_001).fill({ PropertyName: 'p' }) },
  { says: /more than 10000/ },
);
inSecondXml(`${GOOD_XML}<DetailList><Detail><After>x</After></Detail></DetailList>`, {
  says: /PropertyName is missing/,
  at: `${SECOND}/DetailList/Detail[1]`,
});
inSecondXml(`${GOOD_XML}<DetailList><PropertyName>x</PropertyName></DetailList>`, {
  says: /PropertyName is not known/,
});
inSecondXml(`${GOOD_XML}<DetailList>text</DetailList>`, { says: /free of text/ });
inSecondXml(`${GOOD_XML}text`, { says: /free of text/, at: SECOND });
inSecondXml(GOOD_XML.replace('<Who>', '<Who><b/>'), { says: /Who is not a text value/ });
inSecondXml(`${GOOD_XML}<x:Note xmlns:x="urn:x">a</x:Note>`, { says: /Note is not known/ });
for (const MonitoringPlan of ['Doors', 1, [], [{ Name: 'Doors' }]]) {
  inSecondJson({ MonitoringPlan }, { says: /MonitoringPlan is not an object/ });
}
inSecondJson({ MonitoringPlan: {} }, { says: /Name is missing/, at: `${SECOND}/MonitoringPlan` });
inSecondJson({ MonitoringPlan: { Name: 'n'.repeat(256) } }, { says: /Name is longer than 255/ });
inSecondJson({ MonitoringPlan: { Name: 'Doors', Folder: 'x' } }, { says: /Folder is not known/ });
inSecondXml(`${GOOD_XML}<MonitoringPlan>Doors</MonitoringPlan>`, { says: /free of text/ });
inSecondXml(`${GOOD_XML}<MonitoringPlan/>`, { says: /Name is missing/ });
inSecondJson({ Item: 'feed' }, { says: /Item is not an object/ });
inSecondXml(`${GOOD_XML}<Item/>`, { says: /Name is missing/, at: `${SECOND}/Item` });
for (const IsArchiveOnly of ['yes', 'TRUE', 2, 'no']) {
  inSecondJson({ IsArchiveOnly }, { says: /neither true nor false/ });
  inSecondXml(`${GOOD_XML}<IsArchiveOnly>${IsArchiveOnly}</IsArchiveOnly>`, {
    says: /neither true nor false/,
    at: `${SECOND}/IsArchiveOnly`,
  });
}

// ---- XML that is not well-formed, or an attack; on every endpoint that reads XML.
const notWellFormed: readonly [title: string, body: string][] = [
  ['text', 'hello'],
  ['JSON', `[${good}]`],
  ['an open root', '<ActivityRecordList>'],
  ['a wrong end tag', '<ActivityRecordList></ActivityRecordLists>'],
  ['two roots', '<ActivityRecordList/><ActivityRecordList/>'],
  ['text behind the root', '<ActivityRecordList/>x'],
  ['an unescaped ampersand', '<ActivityRecordList>a & b</ActivityRecordList>'],
  ['an entity nobody declared', '<ActivityRecordList>&nbsp;</ActivityRecordList>'],
  ['an attribute without quotes', '<ActivityRecordList a=b/>'],
  ['an attribute twice', '<ActivityRecordList a="1" a="2"/>'],
  ['a prefix nobody declared', '<x:ActivityRecordList/>'],
  ['a control character', '<ActivityRecordList>\u0001</ActivityRecordList>'],
  ['a reference to one', '<ActivityRecordList>&#1;</ActivityRecordList>'],
  ['a reference beyond Unicode', '<ActivityRecordList>&#x110000;</ActivityRecordList>'],
  ['an open comment', '<ActivityRecordList><!-- </ActivityRecordList>'],
  ['an open CDATA', '<ActivityRecordList><![CDATA[ </ActivityRecordList>'],
  ['a late declaration', ' <?xml version="1.0"?><ActivityRecordList/>'],
  ['a NUL', '<ActivityRecordList>\0</ActivityRecordList>'],
  ['a DTD', '<!DOCTYPE a><ActivityRecordList/>'],
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ActivityRecordList>&x;</ActivityRecordList>',
  ],
  ['an external DTD', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><ActivityRecordList/>'],
  [
    'a billion laughs',
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><ActivityRecordList>&b;</ActivityRecordList>',
  ],
  ['endless depth', '<a>'.repeat(100_000)],
  ['closed depth', '<a>'.repeat(5000) + '</a>'.repeat(5000)],
];
for (const [title, body] of notWellFormed) {
  for (const path of [WRITE, SEARCH, ENUM]) {
    check(
      `10: ${path}: ${title} is XMLError`,
      { path, body },
      {
        category: 'XMLError',
        says: /./,
        at: /^(line \d+, column \d+)?$/,
      },
    );
  }
}
check(
  '10: the documented example of an XMLError',
  {
    path: SEARCH,
    body: '<ActivityRecordSearch><FilterList><DataSource>x</FilterList></ActivityRecordSearch>',
  },
  { category: 'XMLError', says: /DataSource|FilterList|tag/i, at: /^line 1, column \d+$/ },
);
check(
  '10: a fault behind good records stores none of them',
  { path: WRITE, body: `${xmlList(GOOD_XML).slice(0, -5)}` },
  { category: 'XMLError', says: /./ },
);

// ---- Wrong roots.
for (const root of [
  'ActivityRecordsList',
  'activityRecordList',
  'ActivityRecord',
  'ActivityRecordSearch',
  'html',
]) {
  check(
    `10: write: the root ${root}`,
    { path: WRITE, body: `<${root}/>` },
    {
      says: new RegExp(`root element is ${root}`),
    },
  );
}
for (const root of [
  'ActivityRecordList',
  'activityrecordsearch',
  'FilterList',
  'ContinuationMark',
]) {
  check(
    `10: search: the root ${root}`,
    { path: SEARCH, body: `<${root}/>` },
    {
      says: new RegExp(`the element ${root}`),
    },
  );
}
for (const root of ['ActivityRecordSearch', 'continuationmark', 'Mark']) {
  check(
    `10: enum: the root ${root}`,
    { path: ENUM, body: `<${root}/>` },
    {
      says: new RegExp(`the element ${root}`),
    },
  );
}
for (const [path, root] of [
  [WRITE, 'ActivityRecordList'],
  [SEARCH, 'ActivityRecordSearch'],
  [ENUM, 'ContinuationMark'],
] as const) {
  check(
    `10: ${path}: a foreign namespace`,
    { path, body: `<${root} xmlns="urn:other"/>` },
    {
      says: /urn:other/,
    },
  );
}

// ---- Encodings.
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
for (const [path, body, category] of [
  [WRITE, xmlList(xmlOf(record({ Who: 'mürray' }))), 'XMLError'],
  [JSON_WRITE, JSON.stringify([record({ Who: 'mürray' })]), 'InputError'],
  [SEARCH, '<ActivityRecordSearch>ü</ActivityRecordSearch>', 'XMLError'],
  [JSON_SEARCH, '{"FilterList":{"Who":"ü"}}', 'InputError'],
  [ENUM, '<ContinuationMark>ü</ContinuationMark>', 'XMLError'],
  [JSON_ENUM, '"ü"', 'InputError'],
] as const) {
  check(
    `1: ${path}: bytes that are not UTF-8`,
    { path, body: latin1(body) },
    {
      category,
      says: /not valid UTF-8/,
    },
  );
}
const invalidBytes: readonly [string, readonly number[]][] = [
  ['a lone continuation', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['a cut sequence', [0xe2, 0x82]],
];
for (const [title, bytes] of invalidBytes) {
  const body = Buffer.concat([Buffer.from('["'), Uint8Array.from(bytes), Buffer.from('"]')]);
  check(`1: ${title} is not UTF-8`, { path: JSON_WRITE, body }, { says: /not valid UTF-8/ });
}
check(
  '1: compressed bytes are no text',
  { path: WRITE, body: gzipSync('<a/>') },
  {
    category: 'XMLError',
    says: /./,
  },
);

// ---- Searching in JSON.
const badSearch = (body: unknown, fault: Fault): void => {
  const text = JSON.stringify(body);
  check(`10: search ${text.slice(0, 90)}`, { path: JSON_SEARCH, body: text }, fault);
};
const badFilter = (filterList: unknown, fault: Fault): void =>
  badSearch({ FilterList: filterList }, fault);
const FILTERS_AT = '/ActivityRecordSearch/FilterList';

for (const body of [null, [], 'mark', 1, true, [{}]])
  badSearch(body, { says: /not an object with/ });
for (const member of ['Filter', 'FILTERLIST', 'filterList', 'ActivityRecordSearch', 'Count']) {
  badSearch({ [member]: {} }, { says: /is not known/, at: `/ActivityRecordSearch/${member}` });
}
badSearch({ FilterList: {}, filterlist: {} }, { says: /more than once/ });
for (const list of [[], 'x', 1, true, [{ Who: 'a' }]]) {
  badFilter(list, { says: /FilterList is not an object/, at: FILTERS_AT });
}
for (const mark of [1, true, {}, [], ['a'], '']) {
  badSearch({ ContinuationMark: mark }, { says: /continuation mark is not one of this server/ });
}
for (const filter of [
  ...['who', 'Whoo', 'Everywhere', 'DataCategories', 'AuditedSystem', 'Name', 'constructor'],
  ...['toString', 'hasOwnProperty', '', 'Detail.Before', 'monitoring plan', 'x'.repeat(500)],
]) {
  badFilter({ [filter]: 'a' }, { says: /is not a filter/ });
}
check(
  '10: search: __proto__ is no filter',
  { path: JSON_SEARCH, body: '{"FilterList":{"__proto__":"a"}}' },
  { says: /__proto__ is not a filter/, at: `${FILTERS_AT}/__proto__[1]` },
);
for (const operator of ['equals', 'Like', 'contains', 'NotEqual', '', 'constructor', 'In']) {
  badFilter(
    { Who: ['a', { [operator]: 'x' }] },
    {
      says: /is not an operator of the filter Who/,
      at: `${FILTERS_AT}/Who[2]`,
    },
  );
}
for (const [filter, operator] of [
  ['Action', 'Contains'],
  ['Action', 'StartsWith'],
  ['What', 'InGroup'],
  ['Where', 'NotInGroup'],
  ['RID', 'InGroup'],
] as const) {
  badFilter(
    { [filter]: { [operator]: 'x' } },
    {
      says: new RegExp(`${operator} is not an operator of the filter ${filter}`),
    },
  );
}
for (const [filter, length] of [
  ['RID', 49],
  ['Who', 255],
  ['Where', 255],
  ['ObjectType', 255],
  ['MonitoringPlan', 255],
] as const) {
  badFilter(
    { [filter]: 'x'.repeat(length + 1) },
    {
      says: new RegExp(`${filter} is longer than ${length} characters`),
      at: `${FILTERS_AT}/${filter}[1]`,
    },
  );
}
for (const value of [
  {},
  [[]],
  [['a']],
  { Equals: {} },
  { Equals: [['a']] },
  { Equals: [{ a: 1 }] },
]) {
  badFilter({ Who: value }, { says: /value of Who is not/ });
}
badFilter({ Who: Array(5001).fill('a') }, { says: /more than 5000 entries/ });
for (const When of [
  ...['Today', '2024-05-06T07:08:09Z', 1, true, [1], {}, [{}], { NotEqualTo: 'Today' }],
  ...[{ Tomorrow: '' }, { today: '' }, { LastSixDays: '' }, { from: '2024-05-06T07:08:09Z' }],
  ...[{ From: '2024-05-06' }, { To: 'x' }, { From: '' }, { From: {} }, { Today: 'x' }],
  ...[{ From: null }, { NotEqualTo: {} }, { Contains: { Today: '' } }, { Today: {} }],
]) {
  badFilter({ When }, { says: /./, at: /^\/ActivityRecordSearch\/FilterList\/When\[1\]/ });
}
const nine = '09:00:00Z';
for (const WorkingHours of [
  ...['x', 1, {}, [], { From: nine }, { To: nine }, { From: nine, To: '9:00:00Z' }],
  ...[
    { From: nine, To: '17:00:00' },
    { From: nine, To: '24:00:00Z' },
    { From: nine, To: '' },
  ],
  ...[
    { From: '09:60:00Z', To: nine },
    { From: '09:00Z', To: nine },
    { From: nine, To: {} },
  ],
  ...[
    { From: '09:00:00+15:00', To: nine },
    { From: '09:00:00+14:01', To: nine },
  ],
  ...[{ From: nine, To: nine, Today: '' }, { Contains: { From: nine, To: nine } }],
  ...[
    { From: '2024-05-06T09:00:00Z', To: nine },
    { From: '09:00:00z', To: nine },
  ],
].filter((one) => !Array.isArray(one))) {
  badFilter(
    { WorkingHours },
    { says: /./, at: /^\/ActivityRecordSearch\/FilterList\/WorkingHours\[1\]/ },
  );
}

// ---- Searching in XML.
const badXml = (inner: string, fault: Fault): void =>
  check(
    `10: search in XML ${inner.slice(0, 90)}`,
    { path: SEARCH, body: `<ActivityRecordSearch>${inner}</ActivityRecordSearch>` },
    fault,
  );
const badXmlFilter = (inner: string, fault: Fault): void =>
  badXml(`<FilterList>${inner}</FilterList>`, fault);
badXml('<Filter/>', { says: /Filter is not known/, at: '/ActivityRecordSearch/Filter' });
badXml('<filterlist/>', { says: /filterlist is not known/ });
badXml('text', { says: /text "text" is not known/ });
badXml('<FilterList/><FilterList/>', { says: /FilterList is given more than once/ });
badXml('<ContinuationMark/>', { says: /continuation mark is not one/ });
badXml('<ContinuationMark><a/></ContinuationMark>', { says: /a is not known/ });
badXml('<FilterList>text</FilterList>', { says: /text "text" is not known/, at: FILTERS_AT });
badXml('<x:FilterList xmlns:x="urn:x"/>', { says: /urn:x/ });
badXmlFilter('<who>a</who>', { says: /who is not a filter/, at: `${FILTERS_AT}/who[1]` });
badXmlFilter('<Everywhere>a</Everywhere>', { says: /Everywhere is not a filter/ });
badXmlFilter('<Who>a</Who><Who Operator="Like">b</Who>', {
  says: /Like is not an operator of the filter Who/,
  at: `${FILTERS_AT}/Who[2]`,
});
badXmlFilter('<Who Operator="">a</Who>', { says: /is not an operator/ });
badXmlFilter('<Who operator="Equals">a</Who>', { says: /attribute operator is not known/ });
badXmlFilter('<Who><Equals>a</Equals></Who>', { says: /value of Who is not a text/ });
badXmlFilter('<Who>a<b/></Who>', { says: /text "a" is not known/ });
badXmlFilter(`<Who>${'x'.repeat(256)}</Who>`, { says: /longer than 255/ });
badXmlFilter('<Action Operator="Contains">a</Action>', { says: /Contains is not an operator/ });
badXmlFilter('<When/>', { says: /When is not a timeframe/, at: `${FILTERS_AT}/When[1]` });
badXmlFilter('<When>Today</When>', { says: /When is not a timeframe/ });
badXmlFilter('<When><Tomorrow/></When>', {
  says: /Tomorrow is not known/,
  at: `${FILTERS_AT}/When[1]/Tomorrow`,
});
badXmlFilter('<When><From>yesterday</From></When>', {
  says: /When is not a date/,
  at: `${FILTERS_AT}/When[1]/From`,
});
badXmlFilter('<When><From/></When>', { says: /When is not a date/ });
badXmlFilter('<When><Today/><Today/></When>', { says: /Today is given more than once/ });
badXmlFilter('<When><Today><x/></Today></When>', { says: /x is not known/ });
badXmlFilter('<WorkingHours><From>09:00:00Z</From></WorkingHours>', {
  says: /WorkingHours is not From and To/,
  at: `${FILTERS_AT}/WorkingHours[1]/To`,
});
badXmlFilter('<WorkingHours/>', { says: /WorkingHours is not/ });
badXmlFilter('<Who>a</Who>'.repeat(5001), { says: /more than 5000/ });
badXmlFilter('<Who/>'.repeat(30_000), { category: 'XMLError', says: /more than/ });

// ---- Marks posted to enum.
for (const body of ['null', '1', 'true', '{}', '[]', '["a"]', '{"ContinuationMark":"x"}']) {
  check(`10: enum: ${body} is no mark`, { path: JSON_ENUM, body }, { says: /not a JSON string/ });
}
for (const body of ['""', '" "', '"bWFyay0wMDE3"', '"\\u0000"', `"${'A'.repeat(500_000)}"`]) {
  check(
    `10: enum: ${body.slice(0, 30)} is not ours`,
    { path: JSON_ENUM, body },
    {
      says: /continuation mark is not one of this server/,
    },
  );
}
for (const inner of ['', 'x', '<a/>', '<![CDATA[bWFyay0wMDE3]]>']) {
  const body = `<ContinuationMark>${inner}</ContinuationMark>`;
  check(`10: enum: ${body} is not ours`, { path: ENUM, body }, { says: /mark is not|not known/ });
}

test('10: at least 200 bad inputs, none of them stored, the server still answers', async () => {
  assert.ok(checks >= 200, String(checks));
  assert.deepEqual((await page(api, ENUM)).ActivityRecordList, []);
  assert.equal((await writeJson(api, [])).status, 200);
});

test('10: compressed bodies are refused by name', async () => {
  const body = gzipSync('[]');
  const headers = { 'Content-Encoding': 'gzip' };
  const answer = await call(api, JSON_WRITE, { body, headers });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /content encoding \\"gzip\\"/);
  const identity = { 'Content-Encoding': 'identity' };
  assert.equal((await call(api, JSON_WRITE, { body: '[]', headers: identity })).status, 200);
});

test('10: reading fails with 500 ServerError when the store does, without its words', async () => {
  const broken = () => {
    throw new TypeError('secret host');
  };
  await using own = await openTestApi({
    store: { ...api.store, enumerate: broken, search: broken },
  });
  const answers = [
    await call(own, ENUM),
    await call(own, JSON_SEARCH, { body: '{}' }),
    await call(own, SEARCH, { body: '<ActivityRecordSearch/>' }),
  ];
  for (const answer of answers) {
    assert.equal(answer.status, 500);
    assert.match(answer.text, /ServerError/);
    assert.doesNotMatch(answer.text, /secret/);
  }
});
