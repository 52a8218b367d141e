/** Sections 7 and 8 of the wire contract: walking, and the mark that continues a walk. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createContinuationMarks } from './continuation-mark.ts';
import type { FilterEntry } from './filter-entry.ts';
import { authorizationOf } from './testing/accounts.ts';
import {
  type CallOptions,
  call,
  ENUM,
  type JsonPage,
  page,
  record,
  SEARCH,
  writeJson,
} from './testing/call.ts';
import { MARK_KEY, openTestApi, type TestApi } from './testing/open-test-api.ts';

let api: TestApi;
const day = (index: number): string => String((index % 28) + 1).padStart(2, '0');
const numbered = (start: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    record({
      What: `${start + index}`,
      Who: (start + index) % 2 === 0 ? 'even' : 'odd',
      When: `2024-05-${day(start + index)}T00:00:00Z`,
      ...((start + index) % 5 === 0 && { MonitoringPlan: { Name: 'Doors' } }),
    }),
  );
before(async () => {
  api = await openTestApi();
  await writeJson(api, numbered(0, 60));
});
after(() => api[Symbol.asyncDispose]());

const whats = (got: JsonPage): string[] => got.ActivityRecordList.map(({ What }) => What);
const post = (mark: string): CallOptions => ({ body: JSON.stringify(mark) });
const search = (members: Readonly<Record<string, unknown>>): CallOptions => ({
  body: JSON.stringify(members),
});
const numbers = (end: number): string[] => Array.from({ length: end }, (_, index) => `${index}`);

test('7: enum in order of arrival, oldest first, until a page without records', async () => {
  const seen: string[] = [];
  let got = await page(api, `${ENUM}?count=7`);
  while (got.ActivityRecordList.length > 0) {
    seen.push(...whats(got));
    got = await page(api, `${ENUM}?count=7`, post(got.ContinuationMark));
  }
  assert.deepEqual(seen, numbers(60));
  assert.equal(typeof got.ContinuationMark, 'string');
});

test('7: records written during a walk neither repeat nor hide others', async () => {
  await using own = await openTestApi();
  await writeJson(own, numbered(0, 10));
  const seen: string[] = [];
  let got = await page(own, `${ENUM}?count=4`);
  for (let written = 10; got.ActivityRecordList.length > 0; ) {
    seen.push(...whats(got));
    if (written < 20) await writeJson(own, numbered(written, 5));
    written += 5;
    got = await page(own, `${ENUM}?count=4`, post(got.ContinuationMark));
  }
  assert.deepEqual(seen, numbers(20));
});

test('8: a stored mark finds what was written since, from an empty store on', async () => {
  await using own = await openTestApi();
  const { ContinuationMark: start } = await page(own, ENUM);
  assert.deepEqual(whats(await page(own, ENUM, post(start))), []);
  await writeJson(own, numbered(0, 2));
  const second = await page(own, ENUM, post(start));
  assert.deepEqual(whats(second), ['0', '1']);
  await writeJson(own, numbered(2, 1));
  const third = await page(own, ENUM, post(second.ContinuationMark));
  assert.deepEqual(whats(third), ['2']);
  const last = await page(own, ENUM, post(third.ContinuationMark));
  assert.deepEqual(whats(last), []);
  await writeJson(own, numbered(3, 1));
  assert.deepEqual(whats(await page(own, ENUM, post(last.ContinuationMark))), ['3']);
});

test('8: the same mark gives the same position any number of times, also after a restart', async () => {
  const first = await page(api, `${ENUM}?count=20`);
  const found = await page(api, `${SEARCH}?count=20`, search({ FilterList: { Who: 'odd' } }));
  const [next, nextFound] = [
    await page(api, `${ENUM}?count=20`, post(first.ContinuationMark)),
    await page(api, `${ENUM}?count=20`, post(found.ContinuationMark)),
  ];
  await using restarted = await openTestApi({ store: api.store });
  for (const server of [api, restarted, api]) {
    const again = await page(server, `${ENUM}?count=20`, post(first.ContinuationMark));
    assert.deepEqual(again, next);
    assert.deepEqual(
      await page(server, `${ENUM}?count=20`, post(found.ContinuationMark)),
      nextFound,
    );
  }
});

test('8: the mark is the first child of the list in XML, a string in JSON', async () => {
  for (const target of [`${ENUM}?count=1`, `${ENUM}?count=100`]) {
    const xml = await call(api, target);
    assert.match(
      xml.text,
      /^<\?xml version="1.0" standalone="yes"\?>\n<ActivityRecordList xmlns="[^"]+"><ContinuationMark>[A-Za-z0-9+/=]+<\/ContinuationMark><ActivityRecord>/,
    );
    assert.match((await page(api, target)).ContinuationMark, /^[A-Za-z0-9+/=]+$/);
  }
});

const inXml = (mark: string): string =>
  `<ContinuationMark xmlns="http://schemas.netwrix.com/api/v1/activity_records/">${mark}</ContinuationMark>`;

test('8: a mark of one format works in the other; white space around it is ignored in XML', async () => {
  const json = await page(api, `${ENUM}?count=10`);
  const expected = await page(api, `${ENUM}?count=3`, post(json.ContinuationMark));
  for (const body of [inXml(json.ContinuationMark), inXml(`\n  ${json.ContinuationMark}\r\n\t`)]) {
    const xml = await call(api, `${ENUM}?count=3`, { body });
    assert.equal(xml.status, 200, xml.text);
    const mark = /<ContinuationMark>([^<]+)</.exec(xml.text)?.[1] ?? '';
    assert.equal(mark, expected.ContinuationMark);
    const after = await page(api, `${ENUM}?count=3`, post(mark));
    assert.equal(whats(after)[0], '13');
  }
});

test('8: JSON escapes within the mark', async () => {
  const { ContinuationMark: mark } = await page(api, `${ENUM}?count=10`);
  const escaped = [...mark].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const got = await page(api, `${ENUM}?count=1`, { body: `"${escaped.join('')}"` });
  assert.deepEqual(whats(got), ['10']);
});

test('8: search: pages with the same filters and the mark', async () => {
  const seen: string[] = [];
  for (let mark: string | undefined; ; ) {
    const members = { ...(mark && { ContinuationMark: mark }), FilterList: { Who: 'odd' } };
    const got = await page(api, `${SEARCH}?count=4`, search(members));
    if (got.ActivityRecordList.length === 0) break;
    seen.push(...whats(got));
    mark = got.ContinuationMark;
  }
  const odd = numbers(60).filter((text) => Number(text) % 2 === 1);
  assert.deepEqual([...seen].sort(), [...odd].sort());
  assert.equal(seen.length, 30);
});

test('8: search in XML: the mark before the filters', async () => {
  const filters = '<FilterList><Who>odd</Who></FilterList>';
  const ask = (inner: string) =>
    call(api, `${SEARCH}?count=29`, {
      body: `<ActivityRecordSearch>${inner}</ActivityRecordSearch>`,
    });
  const first = await ask(filters);
  const mark = /<ContinuationMark>[^<]+<\/ContinuationMark>/.exec(first.text)?.[0] ?? '';
  for (const inner of [mark + filters, filters + mark, mark, `${mark}<FilterList/>`]) {
    const second = await ask(inner);
    assert.equal(second.status, 200, second.text);
    const count = second.text.split('<ActivityRecord>').length - 1;
    // An empty list asks for everything, so the older records of others are there too.
    assert.ok(inner.endsWith('<FilterList/>') ? count > 1 : count === 1, inner);
  }
});

test('8: a mark from search posted to enum continues that search with its filters', async () => {
  const FilterList = {
    Who: [{ StartsWith: 'ev' }, { NotEqualTo: 'odd' }],
    When: { From: '2024-05-02T00:00:00Z' },
    WorkingHours: { From: '00:00:00Z', To: '12:00:00Z' },
  };
  const whole = await page(api, SEARCH, search({ FilterList }));
  const seen: string[] = [];
  let got = await page(api, `${SEARCH}?count=5`, search({ FilterList }));
  while (got.ActivityRecordList.length > 0) {
    seen.push(...whats(got));
    got = await page(api, `${ENUM}?count=5`, post(got.ContinuationMark));
  }
  assert.deepEqual(seen, whats(whole));
  assert.ok(seen.length > 20);
});

test('8: a search with a mark and no filter list uses the filters of the mark', async () => {
  const FilterList = { Who: 'odd' };
  const first = await page(api, `${SEARCH}?count=5`, search({ FilterList }));
  const { ContinuationMark } = first;
  const expected = await page(api, `${SEARCH}?count=5`, search({ ContinuationMark, FilterList }));
  for (const members of [{ ContinuationMark }, { ContinuationMark, FilterList: null }]) {
    assert.deepEqual(await page(api, `${SEARCH}?count=5`, search(members)), expected);
  }
});

test('8: the filters of the request count, not those of the mark', async () => {
  const first = await page(api, `${SEARCH}?count=5`, search({ FilterList: { Who: 'odd' } }));
  const { ContinuationMark } = first;
  const even = await page(api, SEARCH, search({ ContinuationMark, FilterList: { Who: 'even' } }));
  assert.ok(even.ActivityRecordList.length > 0);
  assert.ok(even.ActivityRecordList.every(({ Who }) => Who === 'even'));
  const all = await page(api, SEARCH, search({ ContinuationMark, FilterList: {} }));
  assert.ok(all.ActivityRecordList.some(({ Who }) => Who === 'even'));
});

test('8: a mark from enum posted to search continues in order of arrival, with the filters given', async () => {
  const { ContinuationMark } = await page(api, `${ENUM}?count=10`);
  const got = await page(
    api,
    `${SEARCH}?count=3`,
    search({ ContinuationMark, FilterList: { Who: 'odd' } }),
  );
  assert.deepEqual(whats(got), ['11', '13', '15']);
  const next = await page(api, `${ENUM}?count=2`, post(got.ContinuationMark));
  assert.deepEqual(whats(next), ['17', '19']);
});

test('8: a mark never widens rights', async () => {
  const admin = await page(api, `${ENUM}?count=10`);
  const authorization = authorizationOf('doors@northwind.example.test');
  const narrow = await page(api, `${ENUM}?count=3`, {
    ...post(admin.ContinuationMark),
    authorization,
  });
  assert.deepEqual(whats(narrow), ['10', '15', '20']);
  const wide = await page(api, `${ENUM}?count=2`, post(narrow.ContinuationMark));
  assert.deepEqual(whats(wide), ['21', '22']);
  const none = await call(api, ENUM, {
    ...post(admin.ContinuationMark),
    authorization: authorizationOf('feed'),
  });
  assert.equal(none.status, 401);
});

const refusedEverywhere = async (mark: string): Promise<void> => {
  const answers = [
    await call(api, `${ENUM}?format=json`, post(mark)),
    await call(api, `${SEARCH}?format=json`, search({ ContinuationMark: mark })),
  ];
  for (const answer of answers) {
    assert.equal(answer.status, 400, mark);
    assert.equal(JSON.parse(answer.text).ErrorList[0].Category, 'InputError');
  }
};

test('8: anything the server never gave out is 400', async () => {
  const { ContinuationMark: mark } = await page(api, `${ENUM}?count=10`);
  const bytes = Buffer.from(mark, 'base64');
  const foreign = createContinuationMarks(new Uint8Array(32).fill(8));
  for (const wrong of [
    ...['', ' ', 'x', 'bWFyay0wMDE3', '====', '\0', mark.slice(1), mark.slice(0, -4), mark + mark],
    ...[` ${mark}`, `${mark}\n`, `${mark}=`, mark.replace(/=*$/, '-'), mark.toLowerCase()],
    Buffer.concat([bytes, Buffer.from([0])]).toString('base64'),
    'A'.repeat(100_000),
    foreign.toMark({ position: { order: 'arrival' }, entries: [] }),
  ]) {
    await refusedEverywhere(wrong);
  }
});

test('8: every changed bit of a mark is noticed', () => {
  const marks = createContinuationMarks(MARK_KEY);
  const rid = `20240506070809123${'A'.repeat(32)}`;
  const mark = marks.toMark({
    position: { order: 'newest', after: { when: 5, rid } },
    entries: [],
  });
  const bytes = Buffer.from(mark, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.throws(() => marks.parseMark(changed.toString('base64')), {
      code: 'INTEGRATION_API_MARK_INVALID',
    });
  }
});

test('8: marks keep position and filters exactly', () => {
  const marks = createContinuationMarks(MARK_KEY);
  const entries: FilterEntry[] = [
    { filter: 'Who', operator: 'Contains', value: 'Ünïcödé \u{1F600} "\\\n' },
    { filter: 'When', operator: 'NotEqualTo', timeframes: ['Today'], from: -5, to: 7 },
    { filter: 'WorkingHours', operator: 'Equals', fromSecond: 1, toSecond: 2, offsetMinutes: -60 },
  ];
  const rid = `20240506070809123${'A'.repeat(32)}`;
  for (const walk of [
    { position: { order: 'arrival' as const }, entries },
    { position: { order: 'arrival' as const, after: { sequence: 2n ** 63n } }, entries: [] },
    { position: { order: 'newest' as const }, entries: [] },
    { position: { order: 'newest' as const, after: { when: -1.5e12, rid } }, entries },
  ]) {
    assert.deepEqual(marks.parseMark(marks.toMark(walk)), walk);
    assert.equal(marks.toMark(walk), marks.toMark(walk));
  }
});

test('8: a mark tells nothing: neither position nor filters can be read from it', async () => {
  const FilterList = { Who: 'a-telling-name' };
  const { ContinuationMark: mark } = await page(api, SEARCH, search({ FilterList }));
  const bytes = Buffer.from(mark, 'base64');
  assert.ok(!bytes.includes('telling'));
  const { gunzipSync, inflateRawSync } = await import('node:zlib');
  for (const inflate of [gunzipSync, inflateRawSync]) {
    for (let start = 0; start < bytes.length; start += 1) {
      let text = '';
      try {
        text = inflate(bytes.subarray(start)).toString();
      } catch {}
      assert.ok(!text.includes('telling'));
    }
  }
});

const manyNames = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    Array.from({ length }, (_, place) =>
      ((index * 7919 + place * 104_729 + index * place * 31) % 36).toString(36),
    ).join(''),
  );

test('8: marks of ordinary questions are short, of long ones a few kilobytes', async () => {
  assert.ok((await page(api, ENUM)).ContinuationMark.length < 120);
  const lengthOf = async (Who: readonly string[]): Promise<number> =>
    (await page(api, SEARCH, search({ FilterList: { Who } }))).ContinuationMark.length;
  assert.ok((await lengthOf(['anna', 'ben'])) < 250);
  assert.ok((await lengthOf(manyNames(50, 40))) < 4096);
});

test('8: filters too long for a mark: search continues with them, enum says what to do', async () => {
  const { randomBytes } = await import('node:crypto');
  const Who = ['odd', ...Array.from({ length: 500 }, () => randomBytes(60).toString('base64'))];
  const first = await page(api, `${SEARCH}?count=10`, search({ FilterList: { Who } }));
  const { ContinuationMark } = first;
  assert.ok(ContinuationMark.length < 300);
  const second = await page(
    api,
    `${SEARCH}?count=100`,
    search({ ContinuationMark, FilterList: { Who } }),
  );
  assert.equal(new Set([...whats(first), ...whats(second)]).size, 30);
  const refused = await call(api, `${ENUM}?format=json`, post(ContinuationMark));
  assert.equal(refused.status, 400);
  assert.match(JSON.parse(refused.text).ErrorList[0].Description, /filters.*too long/);
});

test('8: a key must be long enough', () => {
  assert.throws(() => createContinuationMarks(new Uint8Array(31)), {
    code: 'INTEGRATION_API_MARK_KEY_SHORT',
  });
});

test('8: timeframes of a mark are counted anew', async () => {
  await using own = await openTestApi();
  const days = ['2026-03-15', '2026-03-16', '2026-03-17'];
  await writeJson(
    own,
    days.map((date) => record({ What: date, When: `${date}T10:00:00Z` })),
  );
  const FilterList = { When: { Yesterday: '' } };
  const first = await page(own, `${SEARCH}?count=1`, search({ FilterList }));
  assert.deepEqual(whats(first), ['2026-03-16']);
  own.now -= 86_400_000;
  const next = await page(own, ENUM, post(first.ContinuationMark));
  assert.deepEqual(whats(next), ['2026-03-15']);
});
