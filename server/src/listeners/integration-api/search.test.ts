/** Section 9 of the wire contract: filters, operators, how entries combine, in JSON and in XML. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN } from './testing/accounts.ts';
import { call, find, type JsonPage, page, record, SEARCH, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

/** Each has a letter as its `Where`; tests name the letters they expect, newest `When` first. */
const RECORDS = [
  record({ Where: 'a', Who: 'NORTHWIND\\anna', When: '2026-03-17T08:00:00Z' }),
  record({ Where: 'b', Who: 'NORTHWIND\\ben', When: '2026-03-16T23:30:00Z', Action: 'Removed' }),
  record({ Where: 'c', Who: 'SOUTH\\Anna.Maria', When: '2026-03-11T00:00:00Z', What: '100%' }),
  record({
    Where: 'd',
    Who: 'service',
    When: '2026-03-10T23:59:59Z',
    What: 'Doors\\North_gate[1]*',
    MonitoringPlan: { Name: 'Doors' },
    Item: { Name: 'Badge feed' },
    Workstation: 'desk-3.example.test',
    DetailList: [
      { PropertyName: 'State', Before: 'closed', After: 'open' },
      { PropertyName: 'Reason', After: 'lost' },
    ],
  }),
  record({
    Where: 'e',
    Who: 'ÄNNE',
    When: '2026-02-16T00:00:00Z',
    ObjectType: 'Door',
    Action: 'Read (Failed Attempt)',
    MonitoringPlan: { Name: 'Vault' },
    DetailList: [{ PropertyName: 'Reason', Before: 'open', After: 'lost' }],
  }),
  record({ Where: 'f', Who: 'anna', When: '2026-02-15T23:59:59.500Z', What: ' padded ' }),
];
const ALL = 'abcdef';

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'NORTHWIND\\Domain Admins': ['NORTHWIND\\anna', 'SERVICE'],
  empty: [],
};

let api: TestApi;
before(async () => {
  api = await openTestApi({ accountsOfGroup: (group) => GROUPS[group] });
  const answer = await writeJson(api, RECORDS);
  assert.equal(answer.status, 200, answer.text);
});
after(() => api[Symbol.asyncDispose]());

const lettersOf = (records: JsonPage['ActivityRecordList']): string =>
  records.map(({ Where }) => Where).join('');

const inXml = async (filters: string): Promise<string> => {
  const body = `<?xml version="1.0"?><ActivityRecordSearch xmlns="http://schemas.netwrix.com/api/v1/activity_records/"><FilterList>${filters}</FilterList></ActivityRecordSearch>`;
  const answer = await call(api, SEARCH, { body });
  assert.equal(answer.status, 200, answer.text);
  return [...answer.text.matchAll(/<Where>(\w)<\/Where>/g)].map(([, letter]) => letter).join('');
};

/** The same question in both formats. */
const check = (
  json: Readonly<Record<string, unknown>>,
  xml: string | undefined,
  expected: string,
): void => {
  test(`9: ${JSON.stringify(json)} finds "${expected}"`, async () => {
    assert.equal(lettersOf(await find(api, json)), expected);
    if (xml !== undefined) assert.equal(await inXml(xml), expected);
  });
};
/** One entry of one filter. */
const one = (filter: string, operator: string, value: string, expected: string): void =>
  check(
    { [filter]: { [operator]: value } },
    `<${filter} Operator="${operator}">${value}</${filter}>`,
    expected,
  );
const rest = (letters: string): string => [...ALL].filter((one) => !letters.includes(one)).join('');
/** A positive operator and its negation. */
const pair = (
  filter: string,
  operators: readonly [string, string],
  [value, expected]: readonly [string, string],
): void => {
  one(filter, operators[0], value, expected);
  one(filter, operators[1], value, rest(expected));
};
const CONTAINS = ['Contains', 'DoesNotContain'] as const;
const EQUALS = ['Equals', 'NotEqualTo'] as const;

check({}, '', ALL);
check({ Who: 'anna' }, '<Who>anna</Who>', 'acf');
pair('Who', CONTAINS, ['ANNA', 'acf']);
pair('Who', EQUALS, ['ANNA', 'f']);
one('Who', 'StartsWith', 'northwind\\', 'ab');
one('Who', 'EndsWith', '\\ANNA', 'a');
pair('Who', CONTAINS, ['änne', 'e']);
pair('Where', EQUALS, ['A', 'a']);
check({ Where: 'a' }, '<Where>a</Where>', 'a');
pair('ObjectType', CONTAINS, ['OO', 'e']);
pair('ObjectType', EQUALS, ['door', 'e']);
pair('What', CONTAINS, ['%', 'c']);
pair('What', CONTAINS, ['_', 'd']);
pair('What', CONTAINS, ['[1]*', 'd']);
one('What', 'Contains', '*', 'd');
one('What', 'Contains', '\\', rest('cf'));
one('What', 'StartsWith', 'DOORS\\', 'd');
one('What', 'EndsWith', '*', 'd');
check({ What: { Equals: ' padded ' } }, undefined, 'f');
check({ What: { Equals: 'padded' } }, undefined, '');
check({ What: { Equals: '100%' } }, '<What Operator="Equals">\n  100%\t\n</What>', 'c');
pair('DataSource', EQUALS, ['netwrix api', ALL]);
pair('MonitoringPlan', CONTAINS, ['oor', 'd']);
pair('MonitoringPlan', EQUALS, ['vault', 'e']);
check({ 'Monitoring Plan': 'Doors' }, undefined, 'd');
pair('Item', EQUALS, ['Badge feed (Integration)', 'd']);
pair('Item', CONTAINS, ['feed', 'd']);
pair('Workstation', CONTAINS, ['desk', 'd']);
pair('Workstation', EQUALS, ['desk-3.EXAMPLE.test', 'd']);
pair('Detail', CONTAINS, ['reas', 'de']);
pair('Detail', EQUALS, ['open', 'de']);
pair('Detail', EQUALS, ['ope', '']);
one('Detail', 'StartsWith', 'clo', 'd');
one('Detail', 'EndsWith', 'OST', 'de');
pair('Before', EQUALS, ['open', 'e']);
pair('Before', CONTAINS, ['o', 'de']);
pair('After', EQUALS, ['open', 'd']);
pair('After', EQUALS, ['lost', 'de']);
one('RID', 'StartsWith', '20260317120000000', ALL);
one('RID', 'DoesNotContain', '20260317', '');
check({ Action: 'Removed' }, '<Action>Removed</Action>', 'b');
check({ Action: 'remov' }, '<Action>remov</Action>', '');
pair('Action', EQUALS, ['Read (Failed Attempt)', 'e']);
pair('Action', EQUALS, ['No such action', '']);
pair('Who', ['InGroup', 'NotInGroup'], ['NORTHWIND\\Domain Admins', 'ad']);
pair('Who', ['InGroup', 'NotInGroup'], ['NORTHWIND\\Nobody knows', '']);
pair('Who', ['InGroup', 'NotInGroup'], ['empty', '']);
check({ Who: 7 }, undefined, '');
check({ Who: null, Where: 'a' }, undefined, 'a');
check({ Who: [], Where: 'a' }, undefined, 'a');

// 9.1: shapes of JSON values.
check({ Where: ['a', 'b'] }, '<Where>a</Where><Where>b</Where>', 'ab');
check({ Where: [{ Equals: 'a' }, { Equals: 'b' }] }, undefined, 'ab');
check({ Where: { Equals: ['a', 'b'] } }, undefined, 'ab');
check({ Who: ['ben', { EndsWith: '\\anna' }] }, undefined, 'ab');
check({ Who: { Contains: 'anna', NotEqualTo: 'anna' } }, undefined, 'ac');

// 9.3: how entries combine.
check(
  { Who: 'anna', What: { StartsWith: '100' } },
  '<Who>anna</Who><What Operator="StartsWith">100</What>',
  'c',
);
check(
  { Who: [{ StartsWith: 'SOUTH' }, { Equals: 'anna' }, { EndsWith: 'ben' }] },
  '<Who Operator="StartsWith">SOUTH</Who><Who Operator="Equals">anna</Who><Who Operator="EndsWith">ben</Who>',
  'bcf',
);
check(
  { Where: { NotEqualTo: ['a', 'b'] } },
  '<Where Operator="NotEqualTo">a</Where><Where Operator="NotEqualTo">b</Where>',
  'cdef',
);
check(
  { Who: [{ DoesNotContain: 'anna' }, { NotEqualTo: 'service' }] },
  '<Who Operator="DoesNotContain">anna</Who><Who Operator="NotEqualTo">service</Who>',
  'be',
);
check(
  { Who: ['anna', 'ben', { NotEqualTo: 'anna' }], What: 'Badges' },
  '<Who>anna</Who><What>Badges</What><Who>ben</Who><Who Operator="NotEqualTo">anna</Who>',
  'ab',
);
check(
  { Who: [{ InGroup: 'NORTHWIND\\Domain Admins' }, { Equals: 'anna' }] },
  '<Who Operator="InGroup">NORTHWIND\\Domain Admins</Who><Who Operator="Equals">anna</Who>',
  'adf',
);
check({ Who: [{ InGroup: 'unknown' }, 'ben'] }, undefined, 'b');
check({ Who: [{ InGroup: 'unknown' }], Where: 'a' }, undefined, '');
check({ Who: [{ NotInGroup: 'unknown' }], Where: 'a' }, undefined, 'a');

// 9.4: the server's day is 17 March, 12:00 UTC.
check({ When: { Today: '' } }, '<When><Today/></When>', 'a');
check({ When: { Today: null } }, '<When> <Today> </Today> </When>', 'a');
check({ When: { Yesterday: '' } }, '<When><Yesterday/></When>', 'b');
check({ When: { LastSevenDays: '' } }, '<When><LastSevenDays/></When>', 'abc');
check({ When: { LastThirtyDays: '' } }, '<When><LastThirtyDays/></When>', 'abcde');
check(
  { When: { NotEqualTo: { LastSevenDays: '' } } },
  '<When Operator="NotEqualTo"><LastSevenDays/></When>',
  'def',
);
check({ When: { Equals: { Today: '' } } }, '<When Operator="Equals"><Today/></When>', 'a');
const interval = (from: string, to: string) => ({ From: from, To: to });
check(
  { When: interval('2026-03-10T23:59:59Z', '2026-03-11T00:00:00Z') },
  '<When><From>2026-03-10T23:59:59Z</From><To>2026-03-11T00:00:00Z</To></When>',
  'cd',
);
check({ When: interval('2026-03-11T02:00:00+02:00', '2026-03-11T02:00:00+02:00') }, undefined, 'c');
check(
  { When: { From: '2026-03-16T00:00:00Z' } },
  '<When><From>\n2026-03-16T00:00:00Z\n</From></When>',
  'ab',
);
check({ When: { To: '2026-02-15T23:59:59Z' } }, undefined, 'f');
check({ When: { To: '2026-02-15T23:59:59.400Z' } }, undefined, '');
check({ When: interval('2026-03-17T00:00:00Z', '2026-03-16T00:00:00Z') }, undefined, '');
check(
  { When: { NotEqualTo: interval('2026-03-17T00:00:00Z', '2026-03-16T00:00:00Z') } },
  undefined,
  ALL,
);
check(
  { When: [{ Today: '' }, interval('2026-02-15T00:00:00Z', '2026-02-15T23:59:59Z')] },
  '<When><Today/></When><When><From>2026-02-15T00:00:00Z</From><To>2026-02-15T23:59:59Z</To></When>',
  'af',
);
check(
  { When: { LastSevenDays: '', To: '2026-03-16T23:30:00Z' } },
  '<When><LastSevenDays/><To>2026-03-16T23:30:00Z</To></When>',
  'bc',
);
check({ When: { Today: '', Yesterday: '' } }, undefined, '');
check({ When: { LastThirtyDays: '', NotEqualTo: { LastSevenDays: '' } } }, undefined, 'de');
check(
  { When: { NotEqualTo: [{ Today: '' }, { Yesterday: '' }] } },
  '<When Operator="NotEqualTo"><Today/></When><When Operator="NotEqualTo"><Yesterday/></When>',
  'cdef',
);

// 9.5
const hours = (from: string, to: string) => ({ WorkingHours: { From: from, To: to } });
const hoursXml = (from: string, to: string, attribute = '') =>
  `<WorkingHours${attribute}><From>${from}</From><To>${to}</To></WorkingHours>`;
const checkHours = (from: string, to: string, expected: string): void => {
  check(hours(from, to), hoursXml(from, to), expected);
  check(
    { WorkingHours: { NotEqualTo: { From: from, To: to } } },
    hoursXml(from, to, ' Operator="NotEqualTo"'),
    rest(expected),
  );
};
checkHours('08:00:00Z', '17:00:00Z', 'a');
checkHours('23:30:00Z', '23:59:59Z', 'bdf');
checkHours('00:00:00Z', '00:00:00Z', 'ce');
checkHours('23:59:59Z', '00:00:00Z', 'cdef');
checkHours('09:00:00+01:00', '09:00:00+01:00', 'a');
checkHours('00:00:00-08:00', '00:00:00-08:00', 'a');
checkHours('09:00:00+01:00', '08:00:00Z', 'a');
checkHours('17:00:01Z', '07:59:59Z', 'bcdef');
check(
  {
    WorkingHours: [
      hours('08:00:00Z', '08:00:00Z').WorkingHours,
      { From: '23:30:00Z', To: '23:30:00Z' },
    ],
  },
  hoursXml('08:00:00Z', '08:00:00Z') + hoursXml('23:30:00Z', '23:30:00Z'),
  'ab',
);
check({ ...hours('08:00:00Z', '09:00:00Z'), When: { Yesterday: '' } }, undefined, '');

const zones: readonly [zone: string, timeframe: string, expected: string][] = [
  ['UTC', 'Yesterday', 'b'],
  ['Europe/Berlin', 'Today', 'ab'],
  ['+01:00', 'Today', 'ab'],
  ['America/New_York', 'LastSevenDays', 'ab'],
  ['Pacific/Kiritimati', 'Yesterday', 'ab'],
];
for (const [timeZone, timeframe, expected] of zones) {
  test(`9.4: ${timeframe} in ${timeZone} finds "${expected}"`, async () => {
    await using own = await openTestApi({ timeZone, store: api.store });
    assert.equal(lettersOf(await find(own, { When: { [timeframe]: '' } })), expected);
  });
}

test('9.6: newest When first, ties by RID, the same order every time', async () => {
  await using own = await openTestApi();
  await writeJson(
    own,
    Array.from({ length: 30 }, (_, index) => record({ What: `${index}` })),
  );
  const first = await find(own, {});
  const rids = first.map(({ RID }) => RID);
  assert.deepEqual(rids, [...rids].sort().reverse());
  assert.deepEqual(await find(own, {}), first);
});

test('9.6: no match is 200 with an empty list and a mark', async () => {
  const got = await page(api, SEARCH, { body: JSON.stringify({ FilterList: { Who: 'zz' } }) });
  assert.deepEqual(got.ActivityRecordList, []);
  assert.equal(typeof got.ContinuationMark, 'string');
  const body =
    '<ActivityRecordSearch><FilterList><Who>zz</Who></FilterList></ActivityRecordSearch>';
  const xml = await call(api, SEARCH, { body });
  assert.match(
    xml.text,
    /^<\?xml version="1.0" standalone="yes"\?>\n<ActivityRecordList xmlns="http:\/\/schemas.netwrix.com\/api\/v1\/activity_records\/"><ContinuationMark>[\w+/=]+<\/ContinuationMark><\/ActivityRecordList>$/,
  );
});

for (const body of ['{}', '{"FilterList":{}}', '{"FilterList":null}', '{"filterlist":{}}']) {
  test(`9.1: ${body} asks for everything`, async () => {
    assert.equal(lettersOf((await page(api, SEARCH, { body })).ActivityRecordList), ALL);
  });
}

test('2.2: reading that begins is told to the self-audit once, with its filters', async () => {
  api.audits.length = 0;
  const first = await page(api, `${SEARCH}?count=2`, { body: '{"FilterList":{"Who":["anna"]}}' });
  const body = JSON.stringify({ ContinuationMark: first.ContinuationMark });
  await page(api, SEARCH, { body });
  assert.deepEqual(api.audits, [
    {
      who: ADMIN.userName,
      action: 'Read',
      objectType: 'Activity Records',
      what: 'Integration API search',
      workstation: '127.0.0.1',
      details: [{ property: 'Filters', after: 'Who Contains anna' }],
    },
  ]);
});
