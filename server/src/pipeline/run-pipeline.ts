/**
 * The control flow of the pipeline, all of it: two loops that await the stages in order.
 *
 *     submit -> spool (group commit) -> backlog -> [interpret, resolve, observe] -> ready -> [gather, insert] -> acknowledge
 *
 * Interpretation runs ahead of the store by a bounded amount, so that the next insert is ready when the last one ends.
 * Everything is in the order of batch numbers. What a loop cannot deal with stays in the spool.
 */
import type { RawInput } from '../sources/index.ts';
import type { Emit } from '../telemetry/index.ts';
import type { Load, Pending } from './backlog.ts';
import { COMPLETENESS_INPUT, decodeFindings, type Finding } from './completeness/finding.ts';
import type { LogLedger } from './completeness/log-ledger.ts';
import { emptyInterpretation } from './interpret/interpretation.ts';
import type { Interpreter } from './interpret/interpreter.ts';
import { pipelineError } from './pipeline-errors.ts';
import { batchStored, eventsRejected } from './pipeline-events.ts';
import type { PipelineLimits } from './pipeline-limits.ts';
import { createQueue, createSignal } from './queue.ts';
import type { SubmittedBatch } from './raw-batch.ts';
import type { Resolver } from './resolve/resolver.ts';
import type { Spool } from './spool/spool.ts';
import { canJoin, partRows, type Ready, shareReceipt, toReady } from './storing/gather.ts';
import type { Inserter, RowsReceipt } from './storing/insert-rows.ts';
import { toRows } from './storing/row.ts';
import { delay, type Timers } from './timers.ts';

export interface RunParts {
  readonly inputs: Readonly<Record<string, RawInput>>;
  readonly spool: Spool;
  readonly interpreter: Interpreter;
  readonly resolver: Resolver;
  readonly ledger: LogLedger;
  readonly inserter: Inserter;
  readonly limits: PipelineLimits;
  readonly keepRawEvents: boolean;
  readonly clock: () => number;
  readonly timers: Timers;
  readonly emit: Emit;
  /** Aborts waits of the store loop; set when the pipeline is given up. */
  readonly signal: AbortSignal;
  /** A batch of the spool cannot be read back; resolves when that is on record. */
  readonly onUnreadable: (pending: Pending, error: unknown) => Promise<void>;
  /** Events were observed; called after every interpreted batch. */
  readonly onObserved: () => void;
  /** Everything up to this batch is stored. */
  readonly onStored: (storedThrough: number) => void;
}

export interface Run {
  readonly load: Readonly<Load>;
  /** Hands over a durable batch; numbers must ascend. */
  enqueue(pending: Pending): void;
  interpretedThrough(): number;
  oldestTakenAt(): number | undefined;
  /** Why the loops stopped before they were told to; undefined while they run. */
  failure(): unknown;
  /** Resolves when nothing waits, or the loops stopped. */
  idle(): Promise<void>;
  /** Resolves when the load satisfies the condition, or the loops stopped. */
  until(condition: (load: Readonly<Load>) => boolean): Promise<void>;
  /** Ends both loops after what they are at. Senders whose batches are not stored get PIPELINE_CLOSED_UNSTORED. */
  stop(): Promise<void>;
}

/** Of the time an insert took, that the next one may wait for company. */
const GATHER_SHARE = 0.4;

const yieldToOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const runPipeline = (parts: RunParts): Run => {
  const { inputs, spool, limits, clock, emit, signal } = parts;
  const backlog = createQueue<Pending>();
  const ready = createQueue<Ready>();
  const changed = createSignal();
  const load: Load = { batches: 0, bytes: 0, memoryBytes: 0 };
  /** In the backlog, ready, or in the insert under way; in order. */
  const unstored = createQueue<Pending>();
  let readyBytes = 0;
  let interpretedThrough = spool.checkpoint.storedThrough;
  let isStopping = false;
  let failure: unknown;
  let lastInsert = { endedAt: Number.NEGATIVE_INFINITY, tookMs: 0, writers: 1 };

  const readBatch = async (pending: Pending): Promise<SubmittedBatch | undefined> => {
    if (pending.batch) return pending.batch;
    try {
      return await spool.read(pending.place);
    } catch (error) {
      await parts.onUnreadable(pending, error);
      return undefined;
    }
  };

  const interpretOne = async (pending: Pending): Promise<Ready> => {
    const batch = await readBatch(pending);
    const input = inputs[pending.input];
    const identity = input?.identity ?? 'content';
    if (!batch) return toReady(pending, [], identity);
    const interpreted =
      batch.events.length === 0
        ? emptyInterpretation()
        : await parts.interpreter.interpret(batch, pending);
    parts.resolver.resolve(interpreted);
    observe(pending, batch, interpreted.positions);
    const { number } = pending.place;
    const keepsRaw = parts.keepRawEvents && input?.isList !== true;
    const source = { number, batch, identity, keepsRaw };
    return toReady(pending, toRows(source, interpreted), identity);
  };

  const observe = (
    pending: Pending,
    batch: SubmittedBatch,
    positions: Parameters<LogLedger['observe']>[0],
  ): void => {
    const findings: Finding[] =
      pending.input === COMPLETENESS_INPUT ? decodeFindings(batch.events) : [];
    for (const finding of findings) parts.ledger.apply(finding);
    if (positions.length > 0) parts.ledger.observe(positions, clock());
  };

  const hasRoomAhead = (): boolean =>
    ready.size === 0 || (readyBytes < limits.aheadBytesMax && ready.size < limits.aheadBatchesMax);

  const interpretLoop = async (): Promise<void> => {
    let turnStartedAt = performance.now();
    for (;;) {
      await changed.until(() => isStopping || (backlog.size > 0 && hasRoomAhead()));
      if (isStopping) return;
      const pending = backlog.shift();
      if (!pending) continue;
      const one = await interpretOne(pending);
      interpretedThrough = pending.place.number;
      readyBytes += pending.bytes;
      ready.push(one);
      parts.onObserved();
      changed.wake();
      if (performance.now() - turnStartedAt < limits.inlineRunMsMax) continue;
      await yieldToOthers();
      turnStartedAt = performance.now();
    }
  };

  /**
   * An insert costs much the same however few rows it has, so writers that wait for their answers and then send again share it: as many
   * as had a part in the last one or waited for it are awaited, for a part of the time it took. One that comes alone does not wait.
   */
  const gatherPause = async (): Promise<void> => {
    const first = ready.peek();
    if (!first || first.rows.length >= limits.gatherRows || ready.size >= lastInsert.writers)
      return;
    const sinceMs = performance.now() - lastInsert.endedAt;
    const waitMs = Math.min(lastInsert.tookMs * GATHER_SHARE, limits.gatherMsMax) - sinceMs;
    if (waitMs <= 0) return;
    const isEnough = (): boolean => isStopping || ready.size >= lastInsert.writers;
    await Promise.race([changed.until(isEnough), delay(parts.timers, waitMs, signal)]);
  };

  const takeGroup = (): Ready[] => {
    const first = ready.shift();
    if (!first) return [];
    const group = [first];
    let rows = first.rows.length;
    let bytes = first.pending.bytes;
    for (
      let next = ready.peek();
      canJoin(first, next, { rows, bytes, limits });
      next = ready.peek()
    ) {
      ready.shift();
      group.push(next);
      rows += next.rows.length;
      bytes += next.pending.bytes;
    }
    readyBytes -= bytes;
    return group;
  };

  const insertGroup = async (group: readonly Ready[]): Promise<RowsReceipt> => {
    const rows = group.flatMap((one) => one.rows);
    const whole = { added: 0, repeated: 0, rejected: 0 };
    for (const part of partRows(rows, limits.storeRowsMax)) {
      if (part.length === 0) continue;
      const receipt = await parts.inserter.insert(part, group[0]?.mayRepeat ?? true);
      whole.added += receipt.added;
      whole.repeated += receipt.repeated;
      whole.rejected += receipt.rejected;
    }
    return whole;
  };

  const acknowledge = (group: readonly Ready[], whole: RowsReceipt, tookMs: number): void => {
    const receipts = shareReceipt(group, whole);
    emit(batchStored(group, receipts, tookMs));
    const rejected = eventsRejected(group);
    if (rejected) emit(rejected);
    for (const [index, { pending }] of group.entries()) {
      unstored.shift();
      load.batches -= 1;
      load.bytes -= pending.bytes;
      if (pending.batch) load.memoryBytes -= pending.bytes;
      pending.waiter?.resolve(receipts[index] ?? { added: 0, repeated: 0, rejected: 0 });
    }
    const last = group.at(-1);
    if (last) parts.onStored(last.pending.place.number);
  };

  const storeLoop = async (): Promise<void> => {
    for (;;) {
      await changed.until(() => isStopping || ready.size > 0);
      if (isStopping) return;
      await gatherPause();
      const group = takeGroup();
      const startedAt = performance.now();
      const whole = await insertGroup(group);
      const endedAt = performance.now();
      lastInsert = { endedAt, tookMs: endedAt - startedAt, writers: load.batches };
      acknowledge(group, whole, lastInsert.tookMs);
      changed.wake();
    }
  };

  const supervise = async (loop: () => Promise<void>): Promise<void> => {
    try {
      await loop();
    } catch (error) {
      if (!signal.aborted) {
        failure = error;
        emit({
          name: 'pipeline.stopped',
          level: 'error',
          message: 'The pipeline stopped; what was taken in is safe in the spool',
          error,
        });
      }
      isStopping = true;
      changed.wake();
    }
  };

  const takeUnstored = (): Pending[] =>
    Array.from({ length: unstored.size }, () => unstored.shift()).filter(
      (pending) => pending !== undefined,
    );

  /** Tells the senders that still wait that their batches are safe, and not to be sent again. */
  const dismiss = (): void => {
    for (const { waiter } of takeUnstored()) {
      waiter?.reject(pipelineError('PIPELINE_CLOSED_UNSTORED'));
    }
  };

  const loops = Promise.all([supervise(interpretLoop), supervise(storeLoop)]).then(dismiss);

  return {
    load,
    enqueue: (pending) => {
      load.batches += 1;
      load.bytes += pending.bytes;
      if (pending.batch) load.memoryBytes += pending.bytes;
      unstored.push(pending);
      backlog.push(pending);
      changed.wake();
    },
    interpretedThrough: () => interpretedThrough,
    oldestTakenAt: () => unstored.peek()?.takenAt,
    failure: () => failure,
    idle: () => changed.until(() => isStopping || load.batches === 0),
    until: (condition) => changed.until(() => isStopping || condition(load)),
    stop: () => {
      isStopping = true;
      changed.wake();
      return loops;
    },
  };
};
