import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogPosition } from '../../sources/index.ts';
import { contentBatch, NOW, openFixture } from '../testing/fixture.ts';
import type { TestEvent } from '../testing/inputs.ts';
import {
  formatIntervals,
  holesOf,
  type Interval,
  intersect,
  subtract,
  union,
} from './intervals.ts';

describe('intervals', () => {
  const check = (name: string, actual: readonly Interval[], expected: string) =>
    test(name, () => assert.equal(formatIntervals(actual, 9), expected));
  check(
    'union joins neighbours',
    union(
      [[1, 2]],
      [
        [3, 4],
        [9, 9],
      ],
    ),
    '1-4, 9',
  );
  check('union swallows', union([[1, 9]], [[3, 4]]), '1-9');
  check(
    'intersect',
    intersect(
      [
        [1, 5],
        [8, 9],
      ],
      [[4, 8]],
    ),
    '4-5, 8',
  );
  check(
    'subtract',
    subtract(
      [[1, 9]],
      [
        [1, 2],
        [5, 5],
        [9, 20],
      ],
    ),
    '3-4, 6-8',
  );
  check('subtract nothing', subtract([[1, 9]], []), '1-9');
  check(
    'holes',
    holesOf([
      [1, 2],
      [5, 5],
      [7, 9],
    ]),
    '3-4, 6',
  );

  test('agree with sets of numbers', () => {
    const toIntervals = (mask: number): Interval[] =>
      union(
        [],
        Array.from({ length: 10 }, (_, n): Interval => [n, n]).filter(([n]) => mask & (1 << n)),
      );
    const toMask = (set: readonly Interval[]): number =>
      set.reduce((mask, [from, to]) => {
        let more = mask;
        for (let n = from; n <= to; n += 1) more |= 1 << n;
        return more;
      }, 0);
    for (let round = 0; round < 2_000; round += 1) {
      const [a, b] = [(round * 7919) % 1024, (round * 104_729) % 1024];
      const [x, y] = [toIntervals(a), toIntervals(b)];
      assert.equal(toMask(union(x, y)), a | b);
      assert.equal(toMask(intersect(x, y)), a & b);
      assert.equal(toMask(subtract(x, y)), a & ~b);
    }
  });
});

const LOG = { computer: 'DC1.contoso.test', channel: 'Security' };

/** Events `from`..`to`, a second apart by their id, beginning at `NOW`. */
const span = (
  from: number,
  to: number,
  more: Partial<LogPosition> & { shift?: number } = {},
): TestEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    const { shift = 0, ...rest } = more;
    const recordId = from + index;
    const when = NOW + shift + recordId * 1000;
    const position = { ...LOG, recordId, when, ...rest };
    return { what: `${position.computer} ${recordId} ${when}`, when, position };
  });

type Fixture = Awaited<ReturnType<typeof openFixture>>;

const told = async (one: Fixture): Promise<string[]> =>
  (await one.records())
    .filter(({ objectType }) => objectType === 'Completeness')
    .map(({ action, what }) => `${action}: ${what}`);

const settle = async (one: Fixture): Promise<void> => {
  await one.timers.advance(5_000);
  await one.pipeline.drained();
};

const send = (one: Fixture, events: readonly TestEvent[]) =>
  one.pipeline.submit(contentBatch(events));

const GAP = 'Gap found: Security log of DC1.contoso.test: 50 events missing (101-150)';
const FILLED =
  'Gap filled: Security log of DC1.contoso.test: 50 events no longer missing (101-150)';

describe('holes', () => {
  test('are told once the log is quiet, with the time of the event behind', async () => {
    await using one = await openFixture();
    await send(one, [...span(1, 100), ...span(151, 200)]);
    assert.deepEqual(await told(one), []);
    await settle(one);
    assert.deepEqual(await told(one), [GAP]);
    const record = (await one.records()).at(-1);
    assert.deepEqual(
      [record?.who, record?.whoKnownBy, record?.where, record?.dataSource, record?.when],
      ['Witness', 'event', 'DC1.contoso.test', 'Self-audit', NOW + 151_000],
    );
    assert.equal(
      record?.details.find(({ property }) => property === 'Record ids')?.after,
      '101-150',
    );
  });

  test('are told once: importing again, or after a restart or a crash, adds nothing', async () => {
    await using one = await openFixture();
    const all = [...span(1, 100), ...span(151, 200)];
    await send(one, all);
    await settle(one);
    await send(one, all);
    await settle(one);
    await one.reopen();
    await send(one, all);
    await settle(one);
    await one.crash();
    await send(one, all);
    await settle(one);
    assert.deepEqual(await told(one), [GAP]);
  });

  test('a ledger that is lost tells the same record again, which adds nothing', async () => {
    await using one = await openFixture();
    await using other = await openFixture({ store: one.store });
    for (const each of [one, other]) {
      await send(each, [...span(1, 100), ...span(151, 200)]);
      await settle(each);
    }
    assert.deepEqual(await told(one), [GAP]);
  });

  test('filled later become a record too', async () => {
    await using one = await openFixture();
    await send(one, [...span(1, 100), ...span(151, 200)]);
    await settle(one);
    await one.reopen();
    await send(one, span(101, 150));
    await settle(one);
    assert.deepEqual(await told(one), [GAP, FILLED]);
    assert.equal(
      (await one.records()).find(({ action }) => action === 'Gap filled')?.when,
      NOW + 150_000,
    );
  });

  test('filled in part are told in part', async () => {
    await using one = await openFixture();
    await send(one, [...span(1, 10), ...span(20, 30)]);
    await settle(one);
    await send(one, span(12, 15));
    await settle(one);
    assert.deepEqual((await told(one)).slice(1), [
      'Gap filled: Security log of DC1.contoso.test: 4 events no longer missing (12-15)',
    ]);
  });

  test('files of a folder in any order give no false alarm', async () => {
    await using one = await openFixture();
    for (const from of [301, 1, 201, 101]) {
      await send(one, span(from, from + 99).reverse());
      await one.timers.advance(1_900);
    }
    await settle(one);
    assert.deepEqual(await told(one), []);
  });

  test('what waits to be interpreted counts as noise, not as missing', async () => {
    let hold: Promise<void> | undefined;
    await using plain = await openFixture();
    const store = {
      ...plain.store,
      insert: async (batch: Parameters<typeof plain.store.insert>[0]) => {
        await hold;
        return await plain.store.insert(batch);
      },
    };
    await using one = await openFixture({ store, limits: { aheadBatchesMax: 1 } });
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const answers = [span(1, 10), span(21, 30), span(31, 40), span(11, 20)].map((events) =>
      send(one, events),
    );
    await one.timers.advance(20_000);
    resolve();
    await Promise.all(answers);
    await settle(one);
    assert.deepEqual(await told(plain), []);
  });

  test('a close tells at once', async () => {
    await using one = await openFixture();
    await send(one, [...span(1, 100), ...span(151, 200)]);
    await one.reopen();
    assert.deepEqual(await told(one), [GAP]);
  });

  test('a crash before anything was told tells after it', async () => {
    await using one = await openFixture({ limits: { checkpointEveryMs: 1e9 } });
    await send(one, [...span(1, 100), ...span(151, 200)]);
    await one.crash();
    await settle(one);
    assert.deepEqual(await told(one), [GAP]);
  });

  test('one file of many computers and logs keeps them apart, names without letter case', async () => {
    await using one = await openFixture();
    await send(one, [
      ...span(1, 3, { computer: 'A' }),
      ...span(7, 9, { computer: 'B' }),
      ...span(4, 5, { computer: 'a' }),
      ...span(9, 9, { computer: 'A' }),
      ...span(1, 2, { computer: 'B', channel: 'System' }),
    ]);
    await settle(one);
    assert.deepEqual(await told(one), ['Gap found: Security log of A: 3 events missing (6-8)']);
  });

  test('a log with more holes than are kept tells all of them once, in one bounded record', async () => {
    await using one = await openFixture({ limits: { rangesPerLogMax: 50 } });
    const events = Array.from({ length: 300 }, (_, index) =>
      span(index * 2 + 1, index * 2 + 1),
    ).flat();
    await send(one, events);
    await one.pipeline.drained();
    await settle(one);
    const [first, ...rest] = await told(one);
    assert.equal(
      first,
      'Gap found: Security log of DC1.contoso.test: 299 events missing (2, 4, 6, ...)',
    );
    assert.deepEqual(rest, []);
    const record = (await one.records()).find(({ objectType }) => objectType === 'Completeness');
    const shown = record?.details.find(({ property }) => property === 'Record ids')?.after;
    assert.equal(shown?.split(', ').length, 100);
  });
});

describe('a cleared log', () => {
  const clear = (id: number, shift: number): TestEvent[] => span(id, id, { shift, isClear: true });
  const CLEARED = 'Log cleared: Security log of DC1.contoso.test: cleared';

  test('begins its numbers again', async () => {
    await using one = await openFixture();
    await send(one, [...span(1, 100), ...clear(1, 1e6), ...span(2, 30, { shift: 1e6 })]);
    await settle(one);
    assert.deepEqual(await told(one), [CLEARED]);
  });

  test('or goes on with them', async () => {
    await using one = await openFixture();
    await send(one, [...span(1, 100), ...clear(105, 0), ...span(106, 130)]);
    await settle(one);
    assert.deepEqual(await told(one), [CLEARED]);
    const record = (await one.records()).find(({ action }) => action === 'Log cleared');
    assert.deepEqual(
      record?.details.map(({ after }) => after),
      ['Security', '105', '100'],
    );
  });

  test('read before the older file', async () => {
    await using one = await openFixture();
    await send(one, [...clear(1, 1e6), ...span(2, 30, { shift: 1e6 })]);
    await send(one, span(50, 100));
    await settle(one);
    assert.deepEqual(await told(one), [CLEARED]);
  });

  test('known only after later events: the ranges are parted by time', async () => {
    await using one = await openFixture();
    await send(one, span(500, 600));
    await send(one, span(2, 30, { shift: 1e6 }));
    await send(one, clear(1, 1e6));
    await settle(one);
    assert.deepEqual(await told(one), [CLEARED]);
  });

  test('holes of each epoch are told apart', async () => {
    await using one = await openFixture();
    await send(one, [
      ...span(1, 5),
      ...span(8, 9),
      ...clear(1, 1e6),
      ...span(4, 6, { shift: 1e6 }),
    ]);
    await settle(one);
    assert.deepEqual(await told(one), [
      CLEARED,
      'Gap found: Security log of DC1.contoso.test: 2 events missing (6-7)',
      'Gap found: Security log of DC1.contoso.test: 2 events missing (2-3)',
    ]);
    await send(one, clear(1, 1e6));
    await one.reopen();
    await send(one, clear(1, 1e6));
    await settle(one);
    assert.equal((await told(one)).length, 3, 'the same clear again is no other clear');
  });
});
