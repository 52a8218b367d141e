/** What arrives: raw events of one input, from one sender, with all that is needed to interpret them later. */
import type { ItemRef, PlanRef } from '@witness/record';

export interface RawBatch {
  /** Which interpreter understands the bytes; a key of the input table. */
  readonly input: string;
  readonly events: readonly Uint8Array[];
  /** UTC milliseconds. */
  readonly receivedAt: number;
  /** Who sent it, for completeness and self-audit: a listener id and a peer, or a file name. */
  readonly origin: { readonly listener: string; readonly sender: string };
  readonly plan?: PlanRef;
  readonly item?: ItemRef;
  /** 32 hexadecimal digits, random; new RIDs are derived from it, so that a replay gives the same ones. */
  readonly batchId: string;
}

/** What a raw event became; the parsed value of an event may be handed along to save parsing it again. */
export interface SubmittedBatch extends RawBatch {
  /** Parsed value per event, in the same order; used instead of the bytes when present. Never written to disk. */
  readonly parsed?: readonly unknown[];
}

export interface SubmitReceipt {
  /** Records stored that were not there before. */
  readonly added: number;
  readonly repeated: number;
  readonly rejected: number;
}

/** The one door into the pipeline. */
export interface RecordSink {
  /**
   * Resolves when the records are durable and visible. Rejects with PIPELINE_BUSY (retry later) under back-pressure or when the disk is
   * full; nothing of the batch is then kept. `waitFor: durable` resolves already when the batch is safe in the spool (then the receipt counts are zero).
   */
  submit(
    batch: SubmittedBatch,
    options?: { readonly waitFor?: 'stored' | 'durable' },
  ): Promise<SubmitReceipt>;
}
