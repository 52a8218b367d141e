/** Which batches go into one insert, and what each of their senders is told. */
import type { Pending } from '../backlog.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import type { SubmitReceipt } from '../raw-batch.ts';
import type { RowsReceipt } from './insert-rows.ts';
import type { Row } from './row.ts';

export interface Ready {
  readonly pending: Pending;
  readonly rows: readonly Row[];
  readonly mayRepeat: boolean;
  /** Only batches with the same key share an insert. */
  readonly gatherKey: string;
}

/**
 * Batches that cannot repeat keep apart from those that can, which the store must compare with what it has. A sender that
 * is told how many records were new shares an insert only with itself: the store counts per insert.
 */
export const toReady = (
  pending: Pending,
  rows: readonly Row[],
  identity: 'content' | 'new',
): Ready => {
  const mayRepeat = pending.isReplay || identity === 'content';
  const origin = pending.batch?.origin;
  const isCounted = mayRepeat && pending.waiter !== undefined && origin !== undefined;
  const gatherKey = !mayRepeat
    ? 'new'
    : isCounted
      ? `repeat\0${origin.listener}\0${origin.sender}`
      : 'repeat';
  return { pending, rows, mayRepeat, gatherKey };
};

/** Whether the next batch goes into the insert of these rows and bytes. */
export const canJoin = (
  first: Ready,
  next: Ready | undefined,
  so: {
    readonly rows: number;
    readonly bytes: number;
    readonly limits: Pick<PipelineLimits, 'storeRowsMax' | 'storeBytesMax'>;
  },
): next is Ready =>
  next !== undefined &&
  next.gatherKey === first.gatherKey &&
  so.rows + next.rows.length <= so.limits.storeRowsMax &&
  so.bytes + next.pending.bytes <= so.limits.storeBytesMax;

export const partRows = (rows: readonly Row[], countMax: number): (readonly Row[])[] =>
  rows.length <= countMax
    ? [rows]
    : Array.from({ length: Math.ceil(rows.length / countMax) }, (_, index) =>
        rows.slice(index * countMax, (index + 1) * countMax),
      );

/**
 * The receipt of a whole insert as one for each of its batches; the sums are exact, also where the parts cannot be known.
 * A record of a `new` input is always added by the batch it came with, also when its insert had to be repeated.
 */
export const shareReceipt = (group: readonly Ready[], whole: RowsReceipt): SubmitReceipt[] => {
  let { repeated, rejected } = whole;
  return group.map(({ rows }, index) => {
    const known = rows.filter((row) => row.rejected !== undefined).length;
    // What the store refused besides cannot be told apart: the last one is told.
    const isLast = index === group.length - 1;
    const myRejected = Math.min(rejected, isLast ? rows.length : known);
    rejected -= myRejected;
    const stored = rows.length - myRejected;
    const myRepeated = rows[0]?.identity === 'new' ? 0 : Math.min(repeated, stored);
    repeated -= myRepeated;
    return { added: stored - myRepeated, repeated: myRepeated, rejected: myRejected };
  });
};
