/** Puts the stages together, replays the spool, and closes in order. */
import { WitnessError } from '@witness/record';
import type { RawInput } from '../sources/index.ts';
import type { AuditStore } from '../store/index.ts';
import type { Emit } from '../telemetry/index.ts';
import { isFull } from './backlog.ts';
import { COMPLETENESS_INPUT, COMPLETENESS_RAW_INPUT } from './completeness/finding.ts';
import { createLogLedger, type LogsSnapshot } from './completeness/log-ledger.ts';
import { createSettler } from './completeness/settler.ts';
import { createIntake } from './intake.ts';
import { createInterpreter } from './interpret/interpreter.ts';
import { PIPELINE_LIMITS, type PipelineLimits } from './pipeline-limits.ts';
import { createProgressKeeper, FACTS_FILE } from './progress-keeper.ts';
import type { RecordSink } from './raw-batch.ts';
import { createResolver, type FactsSnapshot } from './resolve/resolver.ts';
import { runPipeline } from './run-pipeline.ts';
import { readSaved } from './spool/checkpoint.ts';
import { type Disk, NODE_DISK } from './spool/disk.ts';
import { openSpool } from './spool/spool.ts';
import { createInserter } from './storing/insert-rows.ts';
import { batchNumberOf } from './storing/row.ts';
import { delay, SYSTEM_TIMERS, type Timers } from './timers.ts';

export interface PipelineState {
  /** Durable and not stored yet. */
  readonly backlogBatches: number;
  readonly backlogBytes: number;
  readonly oldestAgeMs: number;
  readonly spoolBytes: number;
  readonly isAccepting: boolean;
  /** Why it is not accepting. */
  readonly reason?: string;
  /** Why the store does not take anything, while it does not. */
  readonly storeTrouble?: string;
}

export interface Pipeline extends RecordSink, AsyncDisposable {
  state(): PipelineState;
  /** Resolves when everything taken in so far is stored. */
  drained(): Promise<void>;
}

export interface PipelineOptions {
  /** Of the spool; belongs to one process. */
  readonly folder: string;
  readonly store: AuditStore;
  readonly inputs: Readonly<Record<string, RawInput>>;
  readonly emit: Emit;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly limits?: Partial<PipelineLimits>;
  /** Keep raw events of `content` inputs in the store beside their records. */
  readonly keepRawEvents?: boolean;
  /** The computer it runs on, for records about its own disk. */
  readonly serverName?: string;
  /** URL of the module from which interpreter threads take `RAW_INPUTS`. */
  readonly inputsModule?: string;
  readonly timers?: Timers;
  readonly disk?: Disk;
}

const INPUTS_MODULE = new URL('../sources/index.ts', import.meta.url).href;

/** Waits for the store: without its highest sequence a lost spool folder would use numbers twice. */
const storeNumberOf = async (
  store: AuditStore,
  how: { readonly timers: Timers; readonly emit: Emit; readonly delayMs: number },
): Promise<number> => {
  for (;;) {
    try {
      return batchNumberOf(await store.lastSequence());
    } catch (error) {
      if (error instanceof WitnessError && error.retry === 'never') throw error;
      how.emit({
        name: 'pipeline.store-awaited',
        level: 'warn',
        message: 'The audit database does not answer; the pipeline waits for it',
        error,
      });
      await delay(how.timers, how.delayMs, new AbortController().signal);
    }
  }
};

/** Replays the spool before it resolves; waits for the store as long as that takes. */
export const createPipeline = async (options: PipelineOptions): Promise<Pipeline> => {
  const { folder, store, emit, clock, randomBytes, inputs } = options;
  const limits: PipelineLimits = { ...PIPELINE_LIMITS, ...options.limits };
  const timers = options.timers ?? SYSTEM_TIMERS;
  const disk = options.disk ?? NODE_DISK;
  const serverName = options.serverName ?? 'Witness';
  const ownInputs = { [COMPLETENESS_INPUT]: COMPLETENESS_RAW_INPUT };
  const giveUp = new AbortController();
  const base = { folder, disk, clock, timers, emit, limits, randomBytes };

  const storeNumber = await storeNumberOf(store, { timers, emit, delayMs: limits.retryDelayMsMax });
  const spool = await openSpool({ ...base, storeNumber });
  const facts = await readSaved<FactsSnapshot>(disk, folder, FACTS_FILE);
  if (facts.isDamaged) {
    emit({
      name: 'pipeline.facts-damaged',
      level: 'warn',
      message: 'What was known of sessions and SIDs is damaged; it is learnt again',
    });
  }
  const resolver = createResolver(limits, facts.value);
  const ledger = createLogLedger(limits, spool.checkpoint.logs as LogsSnapshot | undefined);
  const interpreter = createInterpreter({
    inputs,
    ownInputs,
    inputsModule: options.inputsModule ?? INPUTS_MODULE,
    limits,
    emit,
  });
  const { spoolId } = spool.checkpoint;
  const inserter = createInserter({ ...base, store, spoolId, signal: giveUp.signal });
  const progress = createProgressKeeper({ ...base, spool, ledger, resolver });
  const run = runPipeline({
    ...base,
    inputs: { ...inputs, ...ownInputs },
    spool,
    interpreter,
    resolver,
    ledger,
    inserter,
    keepRawEvents: options.keepRawEvents ?? false,
    signal: giveUp.signal,
    onUnreadable: ({ place }, error) => intake.reportUnreadable(place, error),
    onObserved: () => settler.look(),
    onStored: progress.stored,
  });
  const intake = createIntake({
    ...base,
    inputs,
    spool,
    run,
    serverName,
    signal: giveUp.signal,
  });
  const settler = createSettler({ ...base, ledger, intake, run });

  await intake.replay();
  settler.start();

  const close = async (): Promise<void> => {
    await intake.close();
    const orderly = (async () => {
      await run.idle();
      await settler.settleAll();
      await run.idle();
    })();
    await Promise.race([orderly, delay(timers, limits.closeGraceMs, giveUp.signal)]);
    settler.stop();
    giveUp.abort();
    await run.stop();
    await interpreter.close();
    await progress.close();
    await spool.close();
  };
  let closing: Promise<void> | undefined;

  return {
    submit: intake.submit,
    drained: async () => {
      await intake.written();
      await run.idle();
    },
    state: () => {
      const reason = intake.obstacle() ?? isFull(intake.room(), limits);
      const trouble = inserter.trouble();
      return {
        backlogBatches: run.load.batches,
        backlogBytes: run.load.bytes,
        oldestAgeMs: Math.max(clock() - (run.oldestTakenAt() ?? clock()), 0),
        spoolBytes: spool.bytes(),
        isAccepting: reason === undefined,
        ...(reason !== undefined && { reason }),
        ...(trouble !== undefined && { storeTrouble: trouble }),
      };
    },
    [Symbol.asyncDispose]: () => {
      closing ??= close();
      return closing;
    },
  };
};
