import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivityRecord, RecordContent } from '@witness/record';
import { parseSearch } from '../../server/src/search-language/index.ts';
import type { StoreBatch } from '../../server/src/store/index.ts';
import { createMemoryStore } from '../../server/src/store/testing.ts';
import { createEstate, type Estate, type EstateOptions } from './index.ts';

const ENDS_AT = Date.UTC(2026, 10, 25, 12);

const estateOf = (rest: Partial<EstateOptions> = {}): Estate =>
  createEstate({ seed: 7, endsAt: ENDS_AT, records: 30_000, ...rest });

const all = (estate: Estate): RecordContent[] => [...estate.batches(5000)].flat();

const SAMPLE = estateOf();
const RECORDS = all(SAMPLE);

test('the same seed gives the same records, whatever the batch size, call after call', () => {
  assert.deepEqual([...estateOf().batches(777)].flat(), RECORDS);
  assert.deepEqual(all(SAMPLE), RECORDS);
  const other = all(estateOf({ seed: 8 }));
  const same = other.filter((record, index) => record.what === RECORDS[index]?.what);
  assert.ok(same.length < other.length / 20, String(same.length));
});

test('as many records as asked for, in batches of the size asked for', () => {
  for (const records of [0, 1, 3000, 12_345]) {
    const estate = estateOf({ records });
    const sizes = [...estate.batches(1000)].map((batch) => batch.length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.equal(total, estate.records);
    assert.ok(sizes.slice(0, -1).every((size) => size === 1000));
    // Incidents come always; an estate smaller than them is them alone.
    if (records >= 3000) assert.equal(total, records);
  }
});

test('in order of time, inside the estate', () => {
  const check = (rest: Partial<EstateOptions>) => {
    const estate = estateOf({ records: 5000, ...rest });
    let last = estate.startsAt;
    for (const { when } of all(estate)) {
      assert.ok(Number.isSafeInteger(when) && when >= last && when < estate.endsAt, String(when));
      last = when;
    }
  };
  check({});
  check({ days: 1 });
  check({ days: 0.05 });
  check({ days: 400 });
  check({ users: 1, servers: 1 });
  check({ endsAt: ENDS_AT + 12_345 });
});

test('every data source takes part, every record is whole', () => {
  const seen = new Set<string>();
  for (const record of RECORDS) {
    seen.add(record.dataSource);
    for (const text of [record.who, record.action, record.what, record.where, record.objectType]) {
      assert.ok(text.length > 0 && !text.includes('undefined'), JSON.stringify(record));
    }
    assert.ok(record.who.length <= 255 && record.where.length <= 255);
    assert.equal(record.whoKnownBy, 'event');
    assert.match(record.plan?.id ?? '', /^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
    assert.ok(record.item);
    for (const { property, before, after } of record.details) {
      assert.ok(property.length > 0 && property.length <= 255);
      assert.ok(before !== undefined || after !== undefined);
    }
  }
  assert.deepEqual([...seen].sort(), [...SAMPLE.dataSources].sort());
});

/** Of Munich, one hour ahead of UTC all year in the estate. */
const localHour = (when: number): number => new Date(when + 3600_000).getUTCHours();
const localDay = (when: number): number => new Date(when + 3600_000).getUTCDay();

test('people work by day and on weekdays, service accounts by night', () => {
  const people = RECORDS.filter(({ workstation }) => workstation?.startsWith('MUC-PC'));
  const atWork = people.filter(({ when }) => localHour(when) >= 7 && localHour(when) < 19);
  assert.ok(atWork.length / people.length > 0.9, String(atWork.length / people.length));
  const weekend = people.filter(({ when }) => localDay(when) === 0 || localDay(when) === 6);
  assert.ok(weekend.length / people.length < 0.05, String(weekend.length / people.length));
  const services = RECORDS.filter(({ who }) => who.includes('\\svc-'));
  const byNight = services.filter(({ when }) => localHour(when) >= 22 || localHour(when) < 6);
  assert.ok(services.length > RECORDS.length / 20);
  assert.ok(byNight.length / services.length > 0.7, String(byNight.length / services.length));
  const boston = RECORDS.filter(({ workstation }) => workstation?.startsWith('BOS-PC'));
  const evening = boston.filter(({ when }) => localHour(when) >= 14);
  assert.ok(evening.length / boston.length > 0.7, 'other sites have their own day');
});

test('few people do much, files come again, and much is unique', () => {
  const count = (texts: readonly string[]): number[] => {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return [...counts.values()].sort((a, b) => b - a);
  };
  const people = count(RECORDS.map(({ who }) => who));
  const busiest = people.slice(0, Math.ceil(people.length / 10)).reduce((a, b) => a + b, 0);
  assert.ok(busiest / RECORDS.length > 0.3, String(busiest / RECORDS.length));
  const paths = RECORDS.filter(({ objectType }) => objectType === 'File').map(({ what }) => what);
  const distinct = count(paths);
  assert.ok(distinct.length / paths.length > 0.3 && distinct.length / paths.length < 0.95);
  assert.ok((distinct[0] ?? 0) > 5);
});

const toStored = (content: RecordContent, index: number): ActivityRecord => ({
  ...content,
  rid: `${String(index).padStart(17, '0')}${index.toString(16).toUpperCase().padStart(32, '0')}`,
});

test('every incident is found by its search, and nothing else is', async () => {
  const check = async (rest: Partial<EstateOptions>) => {
    const estate = estateOf({ records: 8000, ...rest });
    await using store = createMemoryStore();
    const records = all(estate).map((content, index) => ({
      record: toStored(content, index),
      sequence: BigInt(index + 1),
    }));
    const batch: StoreBatch = { token: 'estate', records, mayRepeat: false };
    await store.insert(batch);
    assert.equal(estate.incidents.length, 6);
    for (const { id, search, expected, from, to, story, title } of estate.incidents) {
      const where = parseSearch(search, { now: ENDS_AT });
      assert.ok(where);
      const found = await store.count({ where, visible: 'everything' });
      assert.ok(found >= expected.min && found <= expected.max, `${id}: ${found} found`);
      assert.ok(expected.min > 0 && from <= to && from >= estate.startsAt && to < estate.endsAt);
      assert.ok(story.length > 50 && title.length > 10);
    }
  };
  await check({ records: 30_000 });
  await check({ seed: 1 });
  await check({ seed: 20_261_125, days: 1 });
  await check({ seed: 3, users: 12, servers: 3 });
});

test('incidents have their hour of the day', () => {
  const hourOf = (id: string): number => {
    const incident = SAMPLE.incidents.find((candidate) => candidate.id === id);
    return localHour(incident?.from ?? Number.NaN);
  };
  assert.equal(hourOf('night-admin-group-change'), 2);
  assert.equal(hourOf('departing-employee'), 19);
  assert.equal(hourOf('mass-deletion'), 17);
  const full = estateOf({ records: 1_000_000 });
  const sizes = full.incidents.map(({ expected }) => expected.min);
  assert.deepEqual(sizes, [1840, 2, 430, 900, 1, 1]);
});

test('made quickly and in constant memory', () => {
  // Ten million records; only the first are taken, so nothing may be prepared per record.
  const huge = estateOf({ records: 10_000_000 });
  const startedAt = performance.now();
  let taken = 0;
  for (const batch of huge.batches(10_000)) {
    taken += batch.length;
    if (taken >= 100_000) break;
  }
  const perSecond = taken / ((performance.now() - startedAt) / 1000);
  // The wanted figure is 200,000 on a quiet core; a shared machine gives less.
  assert.ok(perSecond > 40_000, `${Math.round(perSecond)} records a second`);
});
