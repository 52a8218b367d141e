import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineErrors, type RecordContent } from '@witness/record';
import type { SubmittedBatch } from '../pipeline/index.ts';
import { createSelfAuditQueue, type SelfAuditFact, type SelfAuditQueue } from './index.ts';

const sinkError = defineErrors({
  SINK_AWAY: { message: 'Away', advice: '', retry: 'later' },
});

interface Bench {
  readonly queue: SelfAuditQueue;
  readonly batches: SubmittedBatch[];
  readonly events: string[];
  readonly records: () => RecordContent[];
  isAway: boolean;
  opened: number;
}

const createBench = (): Bench => {
  const batches: SubmittedBatch[] = [];
  const events: string[] = [];
  const bench: Bench = {
    batches,
    events,
    isAway: false,
    opened: 0,
    records: () => batches.flatMap(({ parsed }) => (parsed ?? []) as RecordContent[][]).flat(),
    queue: createSelfAuditQueue({
      sink: async () => {
        bench.opened += 1;
        return {
          submit: async (batch, options) => {
            if (bench.isAway) throw sinkError('SINK_AWAY');
            assert.equal(options?.waitFor, 'durable');
            batches.push(batch);
            return { added: 0, repeated: 0, rejected: 0 };
          },
        };
      },
      serverName: 'audit.contoso.test',
      clock: () => 5_000,
      randomBytes: (count) => new Uint8Array(count).fill(1),
      emit: ({ name }) => events.push(name),
    }),
  };
  return bench;
};

const FACT: SelfAuditFact = { who: 'admin', action: 'Added', objectType: 'User', what: 'feeder' };

test('facts become records of the self-audit', async () => {
  const { queue, batches, records } = createBench();
  queue.add(FACT);
  queue.add({
    ...FACT,
    who: 'w'.repeat(300),
    where: 'elsewhere',
    workstation: '192.0.2.7',
    details: [{ property: 'Role', after: 'reviewer' }],
  });
  await queue.flush();
  await queue[Symbol.asyncDispose]();
  assert.equal(batches.length, 1);
  const [batch] = batches;
  assert.equal(batch?.input, 'activity-records-json');
  assert.deepEqual(JSON.parse(Buffer.from(batch?.events[0] ?? '').toString()), records());
  const base = {
    who: 'admin',
    whoKnownBy: 'event',
    action: 'Added',
    what: 'feeder',
    when: 5_000,
    where: 'audit.contoso.test',
    objectType: 'User',
    dataSource: 'Self-audit',
    details: [],
  };
  assert.deepEqual(records(), [
    base,
    {
      ...base,
      who: 'w'.repeat(255),
      where: 'elsewhere',
      workstation: '192.0.2.7',
      details: [{ property: 'Role', after: 'reviewer' }],
    },
  ]);
});

test('who adds nothing opens no store', async () => {
  const bench = createBench();
  await bench.queue.flush();
  await bench.queue[Symbol.asyncDispose]();
  assert.equal(bench.opened, 0);
});

test('the end writes everything that waits, in batches', async () => {
  const { queue, batches, records } = createBench();
  for (let index = 0; index < 12_000; index += 1) queue.add({ ...FACT, what: String(index) });
  await queue[Symbol.asyncDispose]();
  assert.equal(batches.length, 3);
  assert.deepEqual(
    records().map(({ what }) => Number(what)),
    Array.from({ length: 12_000 }, (_, index) => index),
  );
});

test('what cannot be written now is kept in order and written later', async () => {
  const bench = createBench();
  const { queue, records, events } = bench;
  bench.isAway = true;
  queue.add({ ...FACT, what: 'first' });
  await queue.flush();
  assert.deepEqual(events, ['self-audit.delayed']);
  queue.add({ ...FACT, what: 'second' });
  bench.isAway = false;
  await queue[Symbol.asyncDispose]();
  assert.deepEqual(
    records().map(({ what }) => what),
    ['first', 'second'],
  );
  assert.deepEqual(events, ['self-audit.delayed']);
});

test('what is lost at the end is said', async () => {
  const bench = createBench();
  bench.isAway = true;
  bench.queue.add(FACT);
  await bench.queue[Symbol.asyncDispose]();
  assert.deepEqual(bench.events, ['self-audit.delayed', 'self-audit.lost']);
});

test('above the bound facts are counted, and the count is a record', async () => {
  const { queue, records } = createBench();
  for (let index = 0; index < 50_003; index += 1) queue.add(FACT);
  await queue.flush();
  await queue[Symbol.asyncDispose]();
  assert.equal(records().length, 50_001);
  const gap = records().find(({ action }) => action === 'Gap found');
  assert.match(gap?.what ?? '', /^Self-audit: 3 facts could not be kept/);
});
