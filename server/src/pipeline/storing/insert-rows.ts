/** Brings rows into the store, whatever it takes: waits for an engine that is away, finds the record it refuses. */
import { WitnessError } from '@witness/record';
import type { AuditStore, StoreReceipt } from '../../store/index.ts';
import type { Emit } from '../../telemetry/index.ts';
import { rejectionOf } from '../interpret/interpret-job.ts';
import { DIGEST_PROPERTY, REJECTED_OBJECT_TYPE } from '../interpret/rejected-event.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import { delay, type Timers } from '../timers.ts';
import { type Row, toRejectedRow, toStoreBatch } from './row.ts';

export interface RowsReceipt extends StoreReceipt {
  /** Raw events that are rejected, those that were rejected before included. */
  readonly rejected: number;
}

export interface Inserter {
  /**
   * Resolves when every row is stored, as itself or as rejected. Rejects only with PIPELINE_CLOSED_UNSTORED, when the
   * signal aborts while the store is away.
   */
  insert(rows: readonly Row[], mayRepeat: boolean): Promise<RowsReceipt>;
  /** Set while the store does not answer: why. */
  trouble(): string | undefined;
}

interface InserterParts {
  readonly store: Pick<AuditStore, 'insert' | 'search'>;
  readonly spoolId: string;
  readonly limits: Pick<PipelineLimits, 'retryDelayMsMin' | 'retryDelayMsMax'>;
  readonly timers: Timers;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

const NOTHING: RowsReceipt = { added: 0, repeated: 0, rejected: 0 };
const DIGESTS_PER_SEARCH = 1_000;

const sum = (a: RowsReceipt, b: RowsReceipt): RowsReceipt => ({
  added: a.added + b.added,
  repeated: a.repeated + b.repeated,
  rejected: a.rejected + b.rejected,
});

/** An error that is not the store's own word is given the benefit of the doubt so often. */
const UNTYPED_ATTEMPTS_MAX = 5;

/** Whether this batch can never be taken. */
const isRefusal = (error: unknown, count: number): boolean =>
  error instanceof WitnessError ? error.retry === 'never' : count + 1 >= UNTYPED_ATTEMPTS_MAX;

const isClosed = (error: unknown): boolean =>
  error instanceof WitnessError && error.code === 'PIPELINE_CLOSED_UNSTORED';

/** The same, but does not wait for an answer any more once the signal aborts. */
const unlessAborted = async <Result>(
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(pipelineError('PIPELINE_CLOSED_UNSTORED'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([attempt(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Leaves out rows that stand in the same insert already; only those of `content` inputs can. */
const onceEach = (rows: readonly Row[]): { single: readonly Row[]; again: RowsReceipt } => {
  if (rows[0]?.identity === 'new') return { single: rows, again: NOTHING };
  const seen = new Set<string>();
  const single = rows.filter(({ sequenced: { record } }) => {
    const isNew = !seen.has(record.rid);
    if (isNew) seen.add(record.rid);
    return isNew;
  });
  if (single.length === rows.length) return { single: rows, again: NOTHING };
  const rejectedOf = (some: readonly Row[]): number =>
    some.filter(({ rejected }) => rejected !== undefined).length;
  const rejected = rejectedOf(rows) - rejectedOf(single);
  return {
    single,
    again: { added: 0, repeated: rows.length - single.length - rejected, rejected },
  };
};

export const createInserter = (parts: InserterParts): Inserter => {
  const { store, spoolId, limits, timers, emit, signal } = parts;
  let trouble: string | undefined;

  /** Repeats what fails for a reason that may pass. Throws what the store refuses for good. */
  const persist = async <Result>(
    attempt: (count: number) => Promise<Result>,
    isFinal: (error: unknown, count: number) => boolean,
  ): Promise<Result> => {
    let waitMs = limits.retryDelayMsMin;
    for (let count = 0; ; count += 1) {
      try {
        const result = await unlessAborted(signal, () => attempt(count));
        trouble = undefined;
        return result;
      } catch (error) {
        if (isClosed(error) || isFinal(error, count)) throw error;
        trouble = reasonOf(error);
        emit({
          name: 'pipeline.store-retried',
          level: 'warn',
          message: 'The audit database did not take a batch; it is tried again',
          fields: { attempt: count + 1, waitMs },
          error,
        });
        if (signal.aborted) throw pipelineError('PIPELINE_CLOSED_UNSTORED', {}, { cause: error });
        await delay(timers, waitMs, signal);
        waitMs = Math.min(waitMs * 2, limits.retryDelayMsMax);
      }
    }
  };

  /** Digests of rejected events that are in the store already. */
  const knownDigests = async (digests: readonly string[]): Promise<Set<string>> => {
    const known = new Set<string>();
    const found = store.search({
      where: {
        kind: 'and',
        conditions: [
          {
            kind: 'text',
            field: 'objectType',
            test: { operator: 'equals', values: [REJECTED_OBJECT_TYPE] },
          },
          {
            kind: 'detail',
            property: { operator: 'equals', values: [DIGEST_PROPERTY] },
            after: { operator: 'in', values: digests },
          },
        ],
      },
      visible: 'everything',
    });
    for await (const records of found) {
      for (const { details } of records) {
        const digest = details.find(({ property }) => property === DIGEST_PROPERTY)?.after;
        if (digest !== undefined) known.add(digest);
      }
    }
    return known;
  };

  /** Leaves out what would be a second time in the store under another time of arrival. */
  const withoutKnownRejections = async (rows: readonly Row[]): Promise<readonly Row[]> => {
    const digests = [...new Set(rows.flatMap(({ digest }) => digest ?? []))];
    let kept = rows;
    for (let from = 0; from < digests.length; from += DIGESTS_PER_SEARCH) {
      const some = digests.slice(from, from + DIGESTS_PER_SEARCH);
      const known = await persist(
        () => knownDigests(some),
        () => false,
      );
      kept = kept.filter(({ digest }) => digest === undefined || !known.has(digest));
    }
    return kept;
  };

  const insertOnce = async (
    rows: readonly Row[],
    options: { readonly mayRepeat: boolean; readonly variant?: string },
    isFinal: (error: unknown, count: number) => boolean,
  ): Promise<RowsReceipt> => {
    const receipt = await persist(
      // An insert without an answer may have happened.
      (count) =>
        store.insert(
          toStoreBatch(rows, {
            ...options,
            spoolId,
            mayRepeat: options.mayRepeat || count > 0,
          }),
        ),
      isFinal,
    );
    const searchable = rows.filter(({ rejected }) => rejected !== undefined).length;
    return {
      added: Math.max(receipt.added - searchable, 0),
      repeated: receipt.repeated,
      rejected: searchable,
    };
  };

  const rejectRow = async (row: Row, refusal: unknown): Promise<RowsReceipt> => {
    const error = pipelineError(
      'PIPELINE_STORE_REFUSED',
      { reason: reasonOf(refusal) },
      { cause: refusal },
    );
    emit({
      name: 'pipeline.record-refused',
      level: 'error',
      message: 'The audit database refused a record for good; it is kept as a rejected event',
      fields: { rid: row.sequenced.record.rid, input: row.batch.input },
      error: refusal,
    });
    const rejected = toRejectedRow(
      { ...row, sequence: row.sequenced.sequence },
      { ...rejectionOf(row.event, error), draft: row.draft },
    );
    const fresh = await withoutKnownRejections([rejected]);
    if (fresh.length === 0) return { ...NOTHING, rejected: 1 };
    // A store that takes not even this is out of order: nothing is given up, however long it takes.
    return await insertOnce(fresh, { mayRepeat: true, variant: 'rejected' }, () => false);
  };

  const insertParted = async (rows: readonly Row[], mayRepeat: boolean): Promise<RowsReceipt> => {
    if (rows.length === 0) return NOTHING;
    try {
      return await insertOnce(rows, { mayRepeat }, isRefusal);
    } catch (refusal) {
      if (isClosed(refusal)) throw refusal;
      const [first] = rows;
      if (rows.length === 1 && first) {
        return first.rejected
          ? await insertOnce(rows, { mayRepeat: true }, () => false)
          : await rejectRow(first, refusal);
      }
      const middle = rows.length >>> 1;
      const left = await insertParted(rows.slice(0, middle), true);
      return sum(left, await insertParted(rows.slice(middle), true));
    }
  };

  return {
    insert: async (rows, mayRepeat) => {
      const { single, again } = onceEach(rows);
      const kept = await withoutKnownRejections(single);
      const receipt = await insertParted(kept, mayRepeat);
      return sum(receipt, { ...again, rejected: again.rejected + single.length - kept.length });
    },
    trouble: () => trouble,
  };
};
