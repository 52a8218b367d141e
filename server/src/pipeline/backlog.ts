/** What is taken in and not stored yet, and whether more may come. */
import { pipelineError } from './pipeline-errors.ts';
import type { PipelineLimits } from './pipeline-limits.ts';
import type { SubmitReceipt, SubmittedBatch } from './raw-batch.ts';
import type { Place } from './spool/segment-writer.ts';

/** A durable batch on its way to the store. */
export interface Pending {
  readonly place: Place;
  readonly input: string;
  /** Raw event bytes. */
  readonly bytes: number;
  readonly takenAt: number;
  /** Comes from the spool of an earlier run: its records may be stored already. */
  readonly isReplay: boolean;
  /** Absent when memory was short: it is read back from the spool. */
  batch?: SubmittedBatch;
  /** The sender, when it waits for the store. */
  readonly waiter?: {
    readonly resolve: (receipt: SubmitReceipt) => void;
    readonly reject: (error: unknown) => void;
  };
}

export interface Load {
  batches: number;
  bytes: number;
  /** Of `bytes`, those that are in memory. */
  memoryBytes: number;
}

export interface Room {
  readonly load: Readonly<Load>;
  readonly unwrittenBytes: number;
  readonly spoolBytes: number;
}

type Limits = Pick<
  PipelineLimits,
  | 'backlogBytesMax'
  | 'backlogBatchesMax'
  | 'unwrittenBytesMax'
  | 'spoolBytesMax'
  | 'spooledBatchesMax'
>;

/** Why a batch of so many bytes cannot be taken now; undefined when it can. */
const shortage = (
  bytes: number,
  room: Room,
  how: { readonly waitFor: 'stored' | 'durable'; readonly limits: Limits },
): string | undefined => {
  const { load, unwrittenBytes, spoolBytes } = room;
  const { limits } = how;
  // A single batch is always taken, whatever the limits: otherwise it never could be.
  if (load.batches === 0) return undefined;
  if (unwrittenBytes + bytes > limits.unwrittenBytesMax) return 'the disk is slow';
  if (spoolBytes + bytes > limits.spoolBytesMax) return 'the spool has reached its size limit';
  if (load.batches >= limits.spooledBatchesMax) return 'the spool has reached its batch limit';
  if (how.waitFor === 'durable') return undefined;
  if (load.bytes + bytes > limits.backlogBytesMax) return 'too many bytes wait for the store';
  if (load.batches >= limits.backlogBatchesMax) return 'too many batches wait for the store';
  return undefined;
};

/** Throws PIPELINE_BUSY. */
export const admit = (...args: Parameters<typeof shortage>): void => {
  const reason = shortage(...args);
  if (reason !== undefined) throw pipelineError('PIPELINE_BUSY', { reason });
};

export const isFull = (room: Room, limits: Limits): string | undefined =>
  shortage(1, room, { waitFor: 'stored', limits });

const BATCH_ID = /^[0-9a-f]{32}$/i;

/** Throws PIPELINE_INPUT_UNKNOWN, PIPELINE_BATCH_INVALID or PIPELINE_BATCH_TOO_LARGE. Gives the raw event bytes. */
export const measureBatch = (
  batch: SubmittedBatch,
  inputs: Readonly<Record<string, unknown>>,
  limits: Pick<PipelineLimits, 'eventsPerBatchMax'>,
): number => {
  if (!Object.hasOwn(inputs, batch.input)) {
    throw pipelineError('PIPELINE_INPUT_UNKNOWN', { input: batch.input });
  }
  const invalid = (reason: string): Error => pipelineError('PIPELINE_BATCH_INVALID', { reason });
  if (!BATCH_ID.test(batch.batchId)) throw invalid('batchId is not 32 hexadecimal digits');
  if (!Number.isSafeInteger(batch.receivedAt))
    throw invalid('receivedAt is not whole milliseconds');
  const count = batch.events.length;
  if (batch.parsed && batch.parsed.length !== count) {
    throw invalid('parsed has not one value for each event');
  }
  if (count > limits.eventsPerBatchMax) {
    throw pipelineError('PIPELINE_BATCH_TOO_LARGE', {
      actual: count,
      unit: 'events',
      limit: limits.eventsPerBatchMax,
    });
  }
  let bytes = 0;
  for (const event of batch.events) bytes += event.byteLength;
  return bytes;
};
