/**
 * Spool throughput and the cost of a record on the main thread. Run it as a script; `BENCH_FOLDER` chooses the disk.
 * The CPU time is that of this thread only, without waiting for the disk.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawInput } from '../sources/index.ts';
import type { AuditStore } from '../store/index.ts';
import { createMemoryStore } from '../store/testing.ts';
import { createPipeline, type SubmittedBatch } from './index.ts';
import { RAW_INPUTS } from './testing/inputs.ts';

const SENDERS = 4;
const BATCHES_PER_SENDER = 150;
const RECORDS_PER_BATCH = 600;

interface Measured {
  readonly name: string;
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly cpuMicrosPerRecord: number;
}

const draft = (index: number) => ({
  who: `CONTOSO\\user${index % 300}`,
  whoKnownBy: 'event' as const,
  action: 'Modified',
  what: `\\local\\contoso\\Users\\object ${index}`,
  when: 1_750_000_000_000 + index,
  where: `DC${index % 9}.contoso.test`,
  objectType: 'user',
  dataSource: 'Active Directory',
  details: [
    { property: 'Title', before: 'Accountant', after: `Senior accountant ${index}` },
    { property: 'Department', before: 'Finance', after: 'Controlling' },
  ],
  identity: `DC1 Security ${index}`,
});

type Draft = ReturnType<typeof draft>;

/** Parsed values are drafts already: what is measured is the pipeline, not an interpreter. */
const passThrough = (identity: RawInput['identity']): RawInput => ({
  id: `bench-${identity}`,
  identity,
  interpret: (_, { parsed }) => ({ drafts: parsed as readonly Draft[] }),
});

const inputs = {
  ...RAW_INPUTS,
  'bench-new': passThrough('new'),
  'bench-content': passThrough('content'),
};

/** Counts and forgets. */
const discardingStore = (): AuditStore => ({
  ...createMemoryStore(),
  insert: async ({ records }) => ({ added: records.length, repeated: 0 }),
});

const toBatch = (input: string, number: number): SubmittedBatch => {
  const drafts = Array.from({ length: RECORDS_PER_BATCH }, (_, index) =>
    draft(number * RECORDS_PER_BATCH + index),
  );
  const isContent = input === 'bench-content';
  const parts = isContent ? drafts.map((one) => [one]) : [drafts];
  return {
    input,
    events: parts.map((part) =>
      Buffer.from(JSON.stringify(part).padEnd(isContent ? 500 : 300_000)),
    ),
    parsed: parts,
    receivedAt: 1_750_000_000_000,
    origin: { listener: 'bench', sender: 'bench' },
    batchId: randomBytes(16).toString('hex'),
  };
};

const measure = async (
  name: string,
  input: string,
  waitFor: 'stored' | 'durable',
): Promise<Measured> => {
  const folder = await mkdtemp(join(process.env.BENCH_FOLDER ?? tmpdir(), 'witness-bench-'));
  const store = discardingStore();
  const pipeline = await createPipeline({
    folder,
    store,
    inputs,
    emit: () => undefined,
    clock: Date.now,
    randomBytes,
  });
  const batches = Array.from({ length: 8 }, (_, number) => toBatch(input, number));
  const bytes = batches[0]?.events.reduce((sum, event) => sum + event.byteLength, 0) ?? 0;
  const send = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) {
      const batch = batches[round % batches.length];
      if (batch) await pipeline.submit(batch, { waitFor });
    }
  };
  await send(10);
  const cpu = process.threadCpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: SENDERS }, () => send(BATCHES_PER_SENDER)));
  await pipeline.drained();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.threadCpuUsage(cpu);
  await pipeline[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  const count = SENDERS * BATCHES_PER_SENDER;
  const records = count * RECORDS_PER_BATCH;
  return {
    name,
    recordsPerSecond: Math.round(records / seconds),
    megabytesPerSecond: Math.round((count * bytes) / seconds / 1e6),
    cpuMicrosPerRecord: Math.round(((user + system) / records) * 100) / 100,
  };
};

export const bench = async (): Promise<readonly Measured[]> => [
  await measure('new input, stored', 'bench-new', 'stored'),
  await measure('new input, durable', 'bench-new', 'durable'),
  await measure('content input, stored', 'bench-content', 'stored'),
];

if (import.meta.main) console.table(await bench());
