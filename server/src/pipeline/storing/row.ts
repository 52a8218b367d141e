/** One record on its way into the store, and where it came from. */
import type { RejectedEvent, SequencedRecord, StoreBatch } from '../../store/index.ts';
import type { InterpretedEvents } from '../interpret/interpretation.ts';
import { toRejectedRecord } from '../interpret/rejected-event.ts';
import type { RawBatch } from '../raw-batch.ts';

export interface Row {
  readonly sequenced: SequencedRecord;
  readonly isArchiveOnly: boolean;
  /** Index of the raw event in `batch`, and of the draft in the event. */
  readonly event: number;
  readonly draft: number;
  readonly batch: RawBatch;
  readonly identity: 'content' | 'new';
  /** Set when the record stands for a raw event that is rejected. */
  readonly rejected?: RejectedEvent;
  /** Identity of a rejected event of a `content` input. */
  readonly digest?: string;
}

/** Records of one batch; `PIPELINE_LIMITS.batchBytesMax` keeps every batch below it. */
const SEQUENCE_BITS = 24n;

export const sequenceOf = (batchNumber: number, index: number): bigint =>
  (BigInt(batchNumber) << SEQUENCE_BITS) + BigInt(index);

export const batchNumberOf = (sequence: bigint): number => Number(sequence >> SEQUENCE_BITS);

export interface RowSource {
  readonly number: number;
  readonly batch: RawBatch;
  readonly identity: 'content' | 'new';
  /**
   * Whether raw events are kept beside their records; only for `content` inputs, since what is new at every arrival was
   * written as a record.
   */
  readonly keepsRaw: boolean;
}

/** Drafts in their order, then the rejected events. */
export const toRows = (source: RowSource, interpreted: InterpretedEvents): Row[] => {
  const { batch, identity } = source;
  const { drafts, rejections } = interpreted;
  const keepsRaw = source.keepsRaw && identity === 'content';
  const first = sequenceOf(source.number, 0);
  const rows: Row[] = [];
  for (let index = 0; index < drafts.length; index += 1) {
    const interpretedDraft = drafts[index];
    if (!interpretedDraft) continue;
    const { record, event, draft, isArchiveOnly } = interpretedDraft;
    const sequence = first + BigInt(index);
    const bytes = keepsRaw ? batch.events[event] : undefined;
    const sequenced: SequencedRecord = bytes
      ? { record, sequence, raw: { input: batch.input, bytes } }
      : { record, sequence };
    rows.push({ sequenced, isArchiveOnly, event, draft, batch, identity });
  }
  for (const [index, rejection] of rejections.entries()) {
    const sequence = first + BigInt(drafts.length + index);
    rows.push(toRejectedRow({ batch, identity, sequence }, rejection));
  }
  return rows;
};

export const toRejectedRow = (
  from: Pick<Row, 'batch' | 'identity'> & { readonly sequence: bigint },
  rejection: Parameters<typeof toRejectedRecord>[1],
): Row => {
  const { batch, identity, sequence } = from;
  const { record, rejected, digest } = toRejectedRecord(batch, rejection, identity);
  return {
    sequenced: { record, sequence },
    isArchiveOnly: false,
    event: rejection.event,
    draft: rejection.draft,
    batch,
    identity,
    rejected,
    ...(digest !== undefined && { digest }),
  };
};

/** `variant` tells apart what was made anew of the same positions. */
export const toStoreBatch = (
  rows: readonly Row[],
  options: { readonly spoolId: string; readonly mayRepeat: boolean; readonly variant?: string },
): StoreBatch => {
  const records: SequencedRecord[] = [];
  const archiveOnly: SequencedRecord[] = [];
  const rejected: RejectedEvent[] = [];
  for (const row of rows) {
    (row.isArchiveOnly ? archiveOnly : records).push(row.sequenced);
    if (row.rejected) rejected.push(row.rejected);
  }
  const place = (row: Row | undefined): string => (row?.sequenced.sequence ?? 0n).toString(16);
  return {
    token: [
      options.spoolId,
      place(rows[0]),
      place(rows.at(-1)),
      options.variant ?? rows.length,
    ].join('-'),
    records,
    ...(archiveOnly.length > 0 && { archiveOnly }),
    ...(rejected.length > 0 && { rejected }),
    mayRepeat: options.mayRepeat,
  };
};
