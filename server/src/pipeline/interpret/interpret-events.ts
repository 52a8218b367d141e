/** Raw events -> drafts with their identity; pure, runs on the calling thread or in an interpreter thread. */
import { type ActivityRecord, contentHash, createRid, WitnessError } from '@witness/record';
import type { InputContext, RawInput } from '../../sources/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { SubmittedBatch } from '../raw-batch.ts';
import {
  emptyInterpretation,
  type InterpretedEvents,
  type Rejection,
  toRecord,
} from './interpretation.ts';

/** Part of a batch: `events` and `parsed` begin with the batch's event of index `firstEvent`. */
export interface InterpretJob extends Omit<SubmittedBatch, 'origin'> {
  readonly firstEvent: number;
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

/** Interprets the events from `from` on, before `to`, into `into`. Never throws for an event. */
const interpretRange = (
  input: RawInput,
  job: InterpretJob,
  range: { readonly from: number; readonly to: number; readonly into: InterpretedEvents },
): void => {
  const { into } = range;
  const context: InputContext = {
    receivedAt: job.receivedAt,
    ...(job.plan && { plan: job.plan }),
    ...(job.item && { item: job.item }),
  };
  for (let index = range.from; index < range.to; index += 1) {
    const event = job.firstEvent + index;
    const bytes = job.events[index];
    if (!bytes) continue;
    const draftsBefore = into.drafts.length;
    try {
      interpretEvent(input, job, { index, bytes, into, context });
    } catch (cause) {
      into.drafts.length = draftsBefore;
      into.rejections.push(rejectionOf(event, cause));
    }
  }
};

const interpretEvent = (
  input: RawInput,
  job: InterpretJob,
  one: {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly into: InterpretedEvents;
    readonly context: InputContext;
  },
): void => {
  const { index, into, context } = one;
  const event = job.firstEvent + index;
  const { parsed } = job;
  const { drafts, logons, sids, position } = input.interpret(
    one.bytes,
    parsed ? { ...context, parsed: parsed[index] } : context,
  );
  const isNew = input.identity === 'new';
  for (let draft = 0; draft < drafts.length; draft += 1) {
    const placed = drafts[draft];
    if (!placed) continue;
    const record = toRecord(placed, job);
    record.rid = isNew ? newRidOf(job, { event, draft }) : contentRidOf(record, placed.identity);
    into.drafts.push({
      record,
      event,
      draft,
      isArchiveOnly: placed.isArchiveOnly === true,
      session: placed.session,
      whoSid: placed.whoSid,
    });
  }
  const when = position?.when ?? drafts[0]?.when;
  for (const fact of logons ?? []) {
    into.logons.push(when === undefined ? fact : { ...fact, when });
  }
  for (const fact of sids ?? []) into.sids.push(fact);
  if (position && Number.isSafeInteger(position.recordId)) into.positions.push(position);
};

export const interpretEvents = (input: RawInput, job: InterpretJob): InterpretedEvents => {
  const into = emptyInterpretation();
  interpretRange(input, job, { from: 0, to: job.events.length, into });
  return into;
};

/** Events between two looks at the clock. */
const STRIDE = 64;

/** The same on the calling thread, giving other work its turn every `runMsMax` milliseconds. */
export const interpretInTurns = async (
  input: RawInput,
  job: InterpretJob,
  runMsMax: number,
): Promise<InterpretedEvents> => {
  const into = emptyInterpretation();
  let startedAt = performance.now();
  for (let from = 0; from < job.events.length; from += STRIDE) {
    const to = Math.min(from + STRIDE, job.events.length);
    interpretRange(input, job, { from, to, into });
    if (to < job.events.length && performance.now() - startedAt >= runMsMax) {
      await new Promise((resolve) => setImmediate(resolve));
      startedAt = performance.now();
    }
  }
  return into;
};
