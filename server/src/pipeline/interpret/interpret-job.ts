/** One job of interpretation, and how what it finds becomes records and rejections with their identity. */
import { type ActivityRecord, contentHash, createRid, WitnessError } from '@witness/record';
import type { InputContext, PlacedDraft, RawInput } from '../../sources/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { SubmittedBatch } from '../raw-batch.ts';
import {
  type InterpretedEvents,
  type InterpretedFragment,
  type Rejection,
  toRecord,
} from './interpretation.ts';

/** Part of a batch: `events` and `parsed` begin with the batch's event of index `firstEvent`. */
export interface InterpretJob extends Omit<SubmittedBatch, 'origin'> {
  readonly firstEvent: number;
  /** No other job has fragments of the batch, so that they can be joined. */
  readonly isWhole: boolean;
  /** Fragments of other jobs, to be joined in this one; they come before those of its events. */
  readonly fragments?: readonly InterpretedFragment[];
}

const REASON_LENGTH_MAX = 1_000;
const INDEX_DIGITS = 6;

const indexText = (index: number): string =>
  index.toString(16).toUpperCase().padStart(INDEX_DIGITS, '0');

/**
 * RID of a record that is new at every arrival: 80 of the batch's random bits, then its place in the batch. A replay
 * gives the same one, also when another event of the batch is interpreted differently then.
 */
export const newRidOf = (
  batch: { readonly receivedAt: number; readonly batchId: string },
  place: { readonly event: number; readonly draft: number },
): string =>
  createRid(
    batch.receivedAt,
    batch.batchId.slice(0, 32 - 2 * INDEX_DIGITS).toUpperCase() +
      indexText(place.event) +
      indexText(place.draft),
  );

/** Of the record as it is placed in its plan, before resolving: what is known later must not make it another one. */
const contentRidOf = (record: ActivityRecord, identity: string): string =>
  createRid(record.when, contentHash(record, identity));

export const rejectionOf = (event: number, cause: unknown): Rejection => {
  const error =
    cause instanceof WitnessError
      ? cause
      : pipelineError('PIPELINE_INTERPRET_FAILED', {
          reason: cause instanceof Error ? cause.message : String(cause),
        });
  const place = error.location === undefined ? '' : ` (at ${error.location})`;
  return {
    event,
    draft: 0,
    code: error.code,
    reason: `${error.message}${place}`.slice(0, REASON_LENGTH_MAX),
  };
};

export const contextOf = (job: InterpretJob): InputContext => ({
  receivedAt: job.receivedAt,
  ...(job.plan && { plan: job.plan }),
  ...(job.item && { item: job.item }),
});

export const addDraft = (
  into: InterpretedEvents,
  placed: PlacedDraft,
  place: {
    readonly input: RawInput;
    readonly job: InterpretJob;
    readonly event: number;
    readonly draft: number;
  },
): void => {
  const { input, job, event, draft } = place;
  const record = toRecord(placed, job);
  record.rid =
    input.identity === 'new'
      ? newRidOf(job, { event, draft })
      : contentRidOf(record, placed.identity);
  into.drafts.push({
    record,
    event,
    draft,
    isArchiveOnly: placed.isArchiveOnly === true,
    session: placed.session,
    whoSid: placed.whoSid,
  });
};
