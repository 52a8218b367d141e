import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineErrors, isActorExplained, isRid } from '@witness/record';
import { RAW_INPUTS } from '../sources/index.ts';
import type { AuditStore, StoreBatch } from '../store/index.ts';
import { createMemoryStore } from '../store/testing.ts';
import { contentBatch, NOW, newBatch, openFixture, settleWork, things } from './testing/fixture.ts';

const storeError = defineErrors({
  TEST_STORE_AWAY: { message: 'Away', advice: 'Wait.', retry: 'later' },
  TEST_STORE_REFUSED: { message: 'Bad record', advice: 'None.', retry: 'never' },
});

/** A memory store whose insert can be held up, failed or watched. */
const watchedStore = (before: (batch: StoreBatch, count: number) => Promise<void> | void) => {
  const memory = createMemoryStore();
  const batches: StoreBatch[] = [];
  const store: AuditStore = {
    ...memory,
    insert: async (batch) => {
      batches.push(batch);
      await before(batch, batches.length);
      return await memory.insert(batch);
    },
  };
  return { store, batches };
};

const code = (expected: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === expected;

describe('what a sender is told', () => {
  test('records are stored and visible when submit resolves', async () => {
    await using one = await openFixture();
    const receipt = await one.pipeline.submit(newBatch(things(3)));
    assert.deepEqual(receipt, { added: 3, repeated: 0, rejected: 0 });
    const records = await one.records();
    assert.deepEqual(
      records.map(({ what }) => what),
      ['thing 0', 'thing 1', 'thing 2'],
    );
    assert.ok(records.every(({ rid, when }) => isRid(rid) && when === NOW));
  });

  test('the same content twice adds nothing, a new input adds every time', async () => {
    await using one = await openFixture();
    const counts = async (batch: Parameters<typeof one.pipeline.submit>[0]) =>
      Object.values(await one.pipeline.submit(batch));
    assert.deepEqual(await counts(contentBatch(things(5))), [5, 0, 0]);
    assert.deepEqual(await counts(contentBatch(things(7), { receivedAt: NOW + 5 })), [2, 5, 0]);
    assert.deepEqual(await counts(newBatch(things(5))), [5, 0, 0]);
    assert.deepEqual(await counts(newBatch(things(5))), [5, 0, 0]);
    assert.equal((await one.records()).length, 17);
  });

  test('the same content twice within one batch counts as repeated', async () => {
    await using one = await openFixture();
    const receipt = await one.pipeline.submit(contentBatch([...things(4), ...things(3)]));
    assert.deepEqual(receipt, { added: 4, repeated: 3, rejected: 0 });
  });

  test('each plan keeps its own records; plan and item of the batch are on them', async () => {
    await using one = await openFixture();
    const plan = { id: '{0D6C8B1E-0000-4000-8000-000000000001}', name: 'Plan A' };
    const item = { name: 'DC1', type: 'Computer' };
    await one.pipeline.submit(contentBatch(things(1), { plan, item }));
    const second = await one.pipeline.submit(
      contentBatch(things(1), { plan: { ...plan, id: '{2}' } }),
    );
    assert.equal(second.added, 1);
    const [record] = await one.records();
    assert.deepEqual([record?.plan, record?.item], [plan, item]);
  });

  test('parsed values are used instead of the bytes', async () => {
    await using one = await openFixture();
    const batch = { ...newBatch(things(2)), parsed: [[{ what: 'handed along' }]] };
    await one.pipeline.submit(batch);
    assert.deepEqual(
      (await one.records()).map(({ what }) => what),
      ['handed along'],
    );
  });

  test('an empty batch is stored like any other', async () => {
    await using one = await openFixture();
    const receipt = await one.pipeline.submit(contentBatch([]));
    assert.deepEqual(receipt, { added: 0, repeated: 0, rejected: 0 });
    await one.pipeline.drained();
    assert.equal(one.pipeline.state().backlogBatches, 0);
  });

  const refused: [string, Parameters<typeof contentBatch>[1] & object, string][] = [
    ['an unknown input', { input: 'none' }, 'PIPELINE_INPUT_UNKNOWN'],
    ['a name of Object.prototype', { input: 'constructor' }, 'PIPELINE_INPUT_UNKNOWN'],
    ['the input of the pipeline itself', { input: 'completeness' }, 'PIPELINE_INPUT_UNKNOWN'],
    ['a bad batch id', { batchId: 'xyz' }, 'PIPELINE_BATCH_INVALID'],
    ['a bad time', { receivedAt: Number.NaN }, 'PIPELINE_BATCH_INVALID'],
    ['parsed values of another number', { parsed: [1, 2, 3] }, 'PIPELINE_BATCH_INVALID'],
  ];
  for (const [name, more, expected] of refused) {
    test(`${name} is refused with ${expected}`, async () => {
      await using one = await openFixture();
      await assert.rejects(one.pipeline.submit(contentBatch(things(1), more)), code(expected));
    });
  }

  test('too many events or bytes are refused', async () => {
    await using one = await openFixture({ limits: { eventsPerBatchMax: 3, batchBytesMax: 500 } });
    const tooLarge = code('PIPELINE_BATCH_TOO_LARGE');
    await assert.rejects(one.pipeline.submit(contentBatch(things(4))), tooLarge);
    await assert.rejects(one.pipeline.submit(contentBatch(things(1, 'x'.repeat(600)))), tooLarge);
    assert.equal((await one.pipeline.submit(contentBatch(things(1)))).added, 1);
  });

  test('what is for the archive only is not searchable', async () => {
    await using one = await openFixture();
    await one.pipeline.submit(contentBatch([{ what: 'a', isArchiveOnly: true }, { what: 'b' }]));
    const { records, archiveOnly } = await one.store.summary();
    assert.deepEqual([records, archiveOnly], [1, 1]);
  });

  test('raw events are kept beside their records when asked for', async () => {
    for (const keepRawEvents of [true, false]) {
      await using one = await openFixture({ keepRawEvents });
      await one.pipeline.submit(contentBatch(things(1)));
      const [record] = await one.records();
      const raw = await one.store.rawEvent(record?.rid ?? '');
      const text = raw && Buffer.from(raw.bytes).toString();
      assert.equal(text, keepRawEvents ? '{"what":"thing 0"}' : undefined);
    }
  });
});

test('a raw event that is a list is not kept beside each of its records', async () => {
  await using one = await openFixture({ keepRawEvents: true, inputs: RAW_INPUTS });
  const records = [{ what: 'a' }, { what: 'b' }].map((each) => ({ ...LISTED, ...each }));
  await one.pipeline.submit({
    ...contentBatch([]),
    input: 'activity-records-collected',
    events: [Buffer.from(JSON.stringify(records))],
  });
  const stored = await one.records();
  assert.deepEqual(stored.map(({ what }) => what).sort(), ['a', 'b']);
  for (const { rid } of stored) assert.equal(await one.store.rawEvent(rid), undefined);
});

const LISTED = {
  ...{ who: 'w', whoKnownBy: 'event', action: 'Added', when: 1_700_000_000_000, where: 's' },
  ...{ objectType: 'o', dataSource: 'd', details: [] },
};

describe('raw events that cannot be interpreted', () => {
  test('are kept with their bytes and a searchable record of the same RID', async () => {
    await using one = await openFixture();
    const receipt = await one.pipeline.submit(
      contentBatch([{ what: 'good' }, { what: 'bad', fault: 'throw' }, { fault: 'bug' }]),
    );
    assert.deepEqual(receipt, { added: 1, repeated: 0, rejected: 2 });
    const [, bad, bug] = await one.records();
    assert.deepEqual(
      [bad?.what, bad?.objectType, bad?.action, bad?.who, bad?.whoKnownBy, bad?.where, bad?.when],
      [
        'test-event: The event is bad (at /what)',
        'Rejected event',
        'Rejected',
        'Unknown',
        'unknown',
        'file.evtx',
        NOW,
      ],
    );
    assert.ok(bad && isActorExplained(bad));
    assert.equal(
      bug?.details.find(({ property }) => property === 'Code')?.after,
      'PIPELINE_INTERPRET_FAILED',
    );
    const event = await one.store.rejectedEvent(bad?.rid ?? '');
    assert.equal(event?.code, 'TEST_EVENT_BAD');
    assert.equal(Buffer.from(event?.bytes ?? []).toString(), '{"what":"bad","fault":"throw"}');
    assert.ok(one.names('warn').includes('pipeline.event-rejected'));
  });

  test('of a content input add nothing the second time, at any later time', async () => {
    await using one = await openFixture();
    const events = [{ fault: 'throw' as const }, { what: 'x' }, { fault: 'throw' as const }];
    const counts = async (receivedAt: number) =>
      Object.values(await one.pipeline.submit(contentBatch(events, { receivedAt })));
    assert.deepEqual(await counts(NOW), [1, 0, 2]);
    assert.equal((await one.records()).length, 2, 'equal bytes are one rejected event');
    assert.deepEqual(await counts(NOW + 86_400_000), [0, 1, 2]);
    await one.reopen();
    assert.deepEqual(await counts(NOW + 2 * 86_400_000), [0, 1, 2]);
    assert.equal((await one.records()).length, 2);
  });

  test('of a new input are rejected every time', async () => {
    await using one = await openFixture();
    for (const _ of [1, 2]) {
      assert.equal((await one.pipeline.submit(newBatch([{ fault: 'throw' }]))).rejected, 1);
    }
    const records = await one.records();
    assert.equal(new Set(records.map(({ rid }) => rid)).size, 2);
    assert.equal((await one.store.summary()).rejected, 2);
  });
});

describe('order and gathering', () => {
  test('many concurrent senders: few inserts, records in the order of taking, exact receipts', async () => {
    const { store, batches } = watchedStore(() => settleWork());
    await using one = await openFixture({ store });
    const receipts = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        one.pipeline.submit(newBatch(things(3, `s${index}`))),
      ),
    );
    assert.ok(receipts.every(({ added, repeated }) => added === 3 && repeated === 0));
    assert.ok(batches.length < 20, `${batches.length} inserts`);
    const sequences = batches.flatMap(({ records }) => records.map(({ sequence }) => sequence));
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    assert.equal(new Set(sequences).size, 600);
    assert.deepEqual(
      (await one.records()).map(({ what }) => what),
      Array.from({ length: 200 }, (_, index) =>
        things(3, `s${index}`).map(({ what }) => what),
      ).flat(),
    );
    assert.ok(batches.every(({ mayRepeat }) => !mayRepeat));
  });

  test('inserts are bounded; a large batch is parted', async () => {
    const { store, batches } = watchedStore(() => undefined);
    await using one = await openFixture({ store, limits: { storeRowsMax: 10 } });
    const receipt = await one.pipeline.submit(contentBatch(things(35)));
    assert.deepEqual(receipt, { added: 35, repeated: 0, rejected: 0 });
    assert.deepEqual(
      batches.map(({ records }) => records.length),
      [10, 10, 10, 5],
    );
    assert.equal(new Set(batches.map(({ token }) => token)).size, 4);
  });

  test('files imported side by side each get their own counts', async () => {
    const { store, batches } = watchedStore(() => settleWork());
    await using one = await openFixture({ store });
    const file = (sender: string, count: number) =>
      one.pipeline.submit(
        contentBatch(things(count, 'shared'), { origin: { listener: 'import', sender } }),
      );
    const receipts = await Promise.all([file('a', 4), file('b', 6), file('a', 4), file('c', 6)]);
    assert.deepEqual(
      receipts.map(({ added, repeated }) => [added, repeated]),
      [
        [4, 0],
        [2, 4],
        [0, 4],
        [0, 6],
      ],
    );
    assert.ok(batches.every(({ mayRepeat }) => mayRepeat));
  });
});

describe('back-pressure', () => {
  test('a store that is away: senders are told to come back, durable ones go on', async () => {
    let isAway = true;
    const { store } = watchedStore(() => {
      if (isAway) throw storeError('TEST_STORE_AWAY');
    });
    await using one = await openFixture({
      store,
      limits: { backlogBatchesMax: 2, memoryBytesMax: 200, spooledBatchesMax: 6 },
    });
    const waiting = [1, 2].map((n) => one.pipeline.submit(newBatch(things(1, `w${n}`))));
    await settleWork();
    await assert.rejects(one.pipeline.submit(newBatch(things(1))), code('PIPELINE_BUSY'));
    for (const n of [1, 2, 3, 4]) {
      const receipt = await one.pipeline.submit(contentBatch(things(2, `d${n}`)), {
        waitFor: 'durable',
      });
      assert.deepEqual(receipt, { added: 0, repeated: 0, rejected: 0 });
    }
    await assert.rejects(
      one.pipeline.submit(contentBatch(things(1)), { waitFor: 'durable' }),
      code('PIPELINE_BUSY'),
    );
    const { backlogBatches, isAccepting, reason, storeTrouble } = one.pipeline.state();
    assert.deepEqual(
      [backlogBatches, isAccepting, reason, storeTrouble],
      [6, false, 'the spool has reached its batch limit', 'Away'],
    );
    await one.timers.advance(30_000);
    assert.equal(one.pipeline.state().oldestAgeMs, 30_000);
    isAway = false;
    await one.timers.advance(5_000);
    await one.pipeline.drained();
    assert.equal((await Promise.all(waiting)).length, 2);
    assert.equal((await one.records()).length, 10, 'also what memory had no room for');
    assert.deepEqual(one.pipeline.state(), {
      backlogBatches: 0,
      backlogBytes: 0,
      oldestAgeMs: 0,
      spoolBytes: one.pipeline.state().spoolBytes,
      isAccepting: true,
    });
  });

  test('bytes waiting for the store are bounded too', async () => {
    const { store } = watchedStore(() => {
      throw storeError('TEST_STORE_AWAY');
    });
    await using one = await openFixture({ store, limits: { backlogBytesMax: 100 } });
    one.pipeline.submit(newBatch(things(5))).catch(() => undefined);
    await settleWork();
    await assert.rejects(one.pipeline.submit(newBatch(things(5))), code('PIPELINE_BUSY'));
    await one.timers.advance(0);
    const closed = one[Symbol.asyncDispose]();
    await one.timers.advance(20_000);
    await closed;
  });
});

describe('a store in trouble', () => {
  test('an insert without an answer is repeated as one that may have happened', async () => {
    const memory = createMemoryStore();
    const seen: boolean[] = [];
    const store: AuditStore = {
      ...memory,
      insert: async (batch) => {
        seen.push(batch.mayRepeat);
        const receipt = await memory.insert(batch);
        if (seen.length === 1) throw storeError('TEST_STORE_AWAY');
        return receipt;
      },
    };
    await using one = await openFixture({ store });
    const answer = one.pipeline.submit(newBatch(things(4)));
    await one.timers.advance(1_000);
    assert.deepEqual(await answer, { added: 4, repeated: 0, rejected: 0 });
    assert.deepEqual(seen, [false, true]);
    assert.equal((await one.records()).length, 4);
    assert.ok(one.names('warn').includes('pipeline.store-retried'));
  });

  test('waits double up to their bound', async () => {
    let tries = 0;
    const { store } = watchedStore(() => {
      tries += 1;
      if (tries <= 9) throw storeError('TEST_STORE_AWAY');
    });
    await using one = await openFixture({ store });
    const answer = one.pipeline.submit(newBatch(things(1)));
    await one.timers.advance(60_000);
    await answer;
    assert.deepEqual(
      one.events
        .filter(({ name }) => name === 'pipeline.store-retried')
        .map(({ fields }) => fields?.waitMs),
      [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000],
    );
  });

  for (const kind of ['content', 'new'] as const) {
    test(`a record that is refused for good becomes rejected, the others are stored (${kind})`, async () => {
      const { store } = watchedStore(({ records }) => {
        if (records.some(({ record }) => record.what === 'thing 5'))
          throw storeError('TEST_STORE_REFUSED');
      });
      await using one = await openFixture({ store });
      const make = kind === 'content' ? contentBatch : newBatch;
      const receipt = await one.pipeline.submit(make(things(12)));
      assert.deepEqual(receipt, { added: 11, repeated: 0, rejected: 1 });
      const records = await one.records();
      assert.equal(records.length, 12);
      const rejected = records.find(({ objectType }) => objectType === 'Rejected event');
      assert.match(rejected?.what ?? '', /refused the record: Bad record/);
      assert.equal(
        (await one.store.rejectedEvent(rejected?.rid ?? ''))?.code,
        'PIPELINE_STORE_REFUSED',
      );
      assert.ok(one.names('error').includes('pipeline.record-refused'));
      assert.equal((await one.pipeline.submit(make([{ what: 'after' }]))).added, 1);
      const again = await one.pipeline.submit(make(things(12), { receivedAt: NOW + 1 }));
      assert.deepEqual(
        again,
        kind === 'content'
          ? { added: 0, repeated: 11, rejected: 1 }
          : { added: 11, repeated: 0, rejected: 1 },
      );
    });
  }

  test('an untyped error is tried a few times before it counts as a refusal', async () => {
    let tries = 0;
    const { store } = watchedStore(() => {
      tries += 1;
      if (tries < 5) throw new TypeError('a bug that passes');
    });
    await using one = await openFixture({ store });
    const answer = one.pipeline.submit(newBatch(things(2)));
    await one.timers.advance(10_000);
    assert.deepEqual(await answer, { added: 2, repeated: 0, rejected: 0 });
  });

  test('a store that refuses everything loses nothing', async () => {
    let isBroken = true;
    const { store } = watchedStore(() => {
      if (isBroken) throw storeError('TEST_STORE_REFUSED');
    });
    await using one = await openFixture({ store });
    const answer = one.pipeline.submit(newBatch(things(2)));
    await one.timers.advance(10_000);
    isBroken = false;
    await one.timers.advance(10_000);
    assert.equal((await answer).added + (await answer).rejected, 2);
    assert.equal((await one.records()).length, 2);
  });
});

describe('closing and coming back', () => {
  test('an orderly close stores what was taken and leaves an empty spool', async () => {
    const { store } = watchedStore(() => settleWork());
    await using one = await openFixture({ store });
    const answers = Array.from({ length: 20 }, () => one.pipeline.submit(newBatch(things(2))));
    await settleWork();
    const closed = one.pipeline[Symbol.asyncDispose]();
    await assert.rejects(one.pipeline.submit(newBatch(things(1))), code('PIPELINE_CLOSED'));
    await closed;
    assert.equal((await Promise.all(answers)).length, 20);
    assert.equal((await one.records()).length, 40);
    const pipeline = await one.reopen();
    assert.equal(pipeline.state().spoolBytes, 0);
    assert.ok(!one.names().includes('pipeline.replayed'));
  });

  test('a close without the store tells senders not to send again, and the next start stores it', async () => {
    let isAway = true;
    const { store, batches } = watchedStore(() => {
      if (isAway) throw storeError('TEST_STORE_AWAY');
    });
    await using one = await openFixture({ store });
    const answer = one.pipeline.submit(newBatch(things(3)));
    answer.catch(() => undefined);
    await settleWork();
    const closed = one.pipeline[Symbol.asyncDispose]();
    await one.timers.advance(15_000);
    await closed;
    await assert.rejects(answer, code('PIPELINE_CLOSED_UNSTORED'));
    isAway = false;
    await one.reopen();
    assert.equal((await one.records()).length, 3);
    assert.equal(batches.at(-1)?.mayRepeat, true);
    assert.ok(one.names().includes('pipeline.replayed'));
  });

  test('replay without an orderly close changes nothing that is stored', async () => {
    await using one = await openFixture({ limits: { checkpointEveryMs: 1e9 } });
    await one.pipeline.submit(newBatch([...things(3)]));
    await one.pipeline.submit(contentBatch([{ what: 'x' }, { fault: 'throw' }]));
    const before = await one.records();
    await one.crash();
    assert.deepEqual(await one.records(), before);
    assert.equal((await one.pipeline.submit(newBatch(things(1)))).added, 1);
    const sequence = await one.store.lastSequence();
    assert.equal(sequence >> 24n, 3n, 'numbers go on');
  });

  test('a lost spool folder does not use sequences twice', async () => {
    await using one = await openFixture();
    await one.pipeline.submit(newBatch(things(3)));
    await using other = await openFixture({ store: one.store });
    await other.pipeline.submit(newBatch(things(3, 'other')));
    const { records } = await one.store.enumerate({ visible: 'everything', limit: 10 });
    assert.deepEqual(records.map(({ what }) => what).slice(3), ['other 0', 'other 1', 'other 2']);
    assert.equal((await one.store.lastSequence()) >> 24n, 2n);
  });

  test('a store that is away at the start is waited for', async () => {
    const memory = createMemoryStore();
    let tries = 0;
    const store: AuditStore = {
      ...memory,
      lastSequence: async () => {
        tries += 1;
        if (tries < 3) throw storeError('TEST_STORE_AWAY');
        return memory.lastSequence();
      },
    };
    const { SYSTEM_TIMERS } = await import('./timers.ts');
    await using one = await openFixture({
      store,
      timers: { ...SYSTEM_TIMERS, after: (_, run) => SYSTEM_TIMERS.after(0, run) },
    });
    assert.equal(tries, 3);
    assert.equal((await one.pipeline.submit(newBatch(things(1)))).added, 1);
  });
});
