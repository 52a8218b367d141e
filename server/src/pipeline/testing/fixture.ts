/** A pipeline over a temporary folder, with a store, a clock and timers that a test holds in its hands. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityRecord } from '@witness/record';
import type { AuditStore } from '../../store/index.ts';
import { createMemoryStore } from '../../store/testing.ts';
import type { NamedEvent } from '../../telemetry/index.ts';
import { createPipeline, type Pipeline, type SubmittedBatch } from '../index.ts';
import type { PipelineOptions } from '../pipeline.ts';
import { type Disk, NODE_DISK } from '../spool/disk.ts';
import type { Timers } from '../timers.ts';
import { RAW_INPUTS, type TestEvent } from './inputs.ts';

export const NOW = 1_750_000_000_000;

/** Bytes that look random and are the same in every run. */
export const createRandomBytes = (seed: string): ((count: number) => Uint8Array) => {
  let round = 0;
  return (count) => {
    round += 1;
    return createHash('sha256').update(`${seed} ${round}`).digest().subarray(0, count);
  };
};

export interface ManualTimers extends Timers {
  /** Runs what is due within so many milliseconds, and moves the clock. */
  advance(ms: number): Promise<void>;
  now(): number;
}

/** File operations of all fixtures that are under way. */
let diskWork = 0;

const counted =
  <Args extends readonly unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    diskWork += 1;
    try {
      return await work(...args);
    } finally {
      diskWork -= 1;
    }
  };

/** The same disk; `settleWork` knows when it is busy. */
const countedDisk = (disk: Disk): Disk => ({
  makeFolder: counted(disk.makeFolder),
  list: counted(disk.list),
  open: counted(async (path, mode) => {
    const file = await disk.open(path, mode);
    return {
      write: counted(file.write),
      read: counted(file.read),
      sync: counted(file.sync),
      truncate: counted(file.truncate),
      close: counted(file.close),
    };
  }),
  readWhole: counted(disk.readWhole),
  modifiedAt: counted(disk.modifiedAt),
  rename: counted(disk.rename),
  remove: counted(disk.remove),
  syncFolder: counted(disk.syncFolder),
  freeBytes: counted(disk.freeBytes),
});

const QUIET_TURNS = 20;

/** Resolves when the event loop has nothing left to do but wait for timers. */
export const settleWork = async (): Promise<void> => {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet = diskWork === 0 ? quiet + 1 : 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

export const createManualTimers = (start = NOW): ManualTimers => {
  let now = start;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  const after: Timers['after'] = (delayMs, run) => {
    const timer = { at: now + delayMs, run };
    waiting.push(timer);
    return () => {
      waiting = waiting.filter((other) => other !== timer);
    };
  };
  return {
    now: () => now,
    after,
    later: after,
    advance: async (ms) => {
      const end = now + ms;
      for (;;) {
        await settleWork();
        const next = waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        waiting = waiting.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
      await settleWork();
    },
  };
};

export interface Fixture extends AsyncDisposable {
  readonly folder: string;
  readonly store: AuditStore;
  readonly events: NamedEvent[];
  readonly timers: ManualTimers;
  readonly pipeline: Pipeline;
  /** Closes the pipeline and opens another one on the same folder and store. */
  reopen(options?: Partial<PipelineOptions>): Promise<Pipeline>;
  /** Leaves the pipeline as a killed process would, and opens another one. */
  crash(options?: Partial<PipelineOptions>): Promise<Pipeline>;
  /** Everything that search finds, in the order of arrival. */
  records(): Promise<readonly ActivityRecord[]>;
  names(level?: NamedEvent['level']): string[];
}

export const openFixture = async (options: Partial<PipelineOptions> = {}): Promise<Fixture> => {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'witness-pipeline-')));
  const store = options.store ?? createMemoryStore();
  const timers = createManualTimers();
  const events: NamedEvent[] = [];
  const randomBytes = createRandomBytes('fixture');
  const open = (more: Partial<PipelineOptions> = {}): Promise<Pipeline> =>
    createPipeline({
      folder,
      store,
      inputs: RAW_INPUTS,
      emit: (event) => events.push(event),
      clock: timers.now,
      randomBytes,
      timers,
      ...options,
      ...more,
      disk: countedDisk(more.disk ?? options.disk ?? NODE_DISK),
      limits: { interpreterThreads: 0, gatherMsMax: 0, ...options.limits, ...more.limits },
    });
  let pipeline = await open();
  const left: Pipeline[] = [];
  return {
    folder,
    store,
    events,
    timers,
    get pipeline() {
      return pipeline;
    },
    reopen: async (more) => {
      await pipeline[Symbol.asyncDispose]();
      pipeline = await open(more);
      return pipeline;
    },
    crash: async (more) => {
      left.push(pipeline);
      pipeline = await open(more);
      return pipeline;
    },
    records: async () => {
      const page = await store.enumerate({ visible: 'everything', limit: 1_000_000 });
      return page.records;
    },
    names: (level) => events.filter((one) => !level || one.level === level).map((one) => one.name),
    [Symbol.asyncDispose]: async () => {
      await pipeline[Symbol.asyncDispose]();
      for (const one of left) await one[Symbol.asyncDispose]();
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
};

let batchCount = 0;

const batchOf = (events: readonly Uint8Array[], more: Partial<SubmittedBatch>): SubmittedBatch => {
  batchCount += 1;
  return {
    input: 'test-event',
    events,
    receivedAt: NOW,
    origin: { listener: 'test', sender: 'file.evtx' },
    batchId: createHash('md5').update(`batch ${batchCount}`).digest('hex'),
    ...more,
  };
};

/** A batch of a `content` input, one event for each. */
export const contentBatch = (
  events: readonly TestEvent[],
  more: Partial<SubmittedBatch> = {},
): SubmittedBatch =>
  batchOf(
    events.map((event) => Buffer.from(JSON.stringify(event))),
    more,
  );

/** A batch of a `new` input: one raw event with all the records. */
export const newBatch = (
  events: readonly TestEvent[],
  more: Partial<SubmittedBatch> = {},
): SubmittedBatch =>
  batchOf([Buffer.from(JSON.stringify(events))], { input: 'test-records', ...more });

export const things = (count: number, prefix = 'thing'): TestEvent[] =>
  Array.from({ length: count }, (_, index) => ({ what: `${prefix} ${index}` }));
