/** The audit database behind one contract; `describeStore` holds every engine to it. */
import type { ActivityRecord } from '@witness/record';
import type { ArrivalPosition, Condition, NewestFirstPosition, Visibility } from './query.ts';

/** A record with its place in the order of arrival, which the pipeline derives from the spool position. */
export interface SequencedRecord {
  readonly record: ActivityRecord;
  /** Unique per stored record; the same again after a replay. */
  readonly sequence: bigint;
  /** The raw event it came from, kept when the server is told to keep raw events. */
  readonly raw?: { readonly input: string; readonly bytes: Uint8Array };
}

/** A raw event that could not be interpreted; a searchable record with the same RID stands beside it. */
export interface RejectedEvent {
  readonly rid: string;
  readonly when: number;
  readonly input: string;
  readonly code: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

export interface StoreBatch {
  /** Derived from the spool position: the same batch again changes nothing. */
  readonly token: string;
  readonly records: readonly SequencedRecord[];
  /** Kept durably for the Long-Term Archive; never found by search or enumeration. */
  readonly archiveOnly?: readonly SequencedRecord[];
  readonly rejected?: readonly RejectedEvent[];
  /**
   * True when its records may already be stored under the same RID (collected or imported again): then those that
   * are keep their first place in the order of arrival and are not stored twice.
   */
  readonly mayRepeat: boolean;
}

export interface StoreReceipt {
  /** Records of the batch that were not there before. */
  readonly added: number;
  readonly repeated: number;
}

export interface SearchRequest {
  /** Absent: everything. */
  readonly where?: Condition;
  readonly visible: Visibility;
  /** Continue behind this record. */
  readonly after?: NewestFirstPosition;
  /** Stop after so many; absent: all of them. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface EnumerateRequest {
  readonly where?: Condition;
  readonly visible: Visibility;
  readonly after?: ArrivalPosition;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface EnumeratedPage {
  readonly records: readonly ActivityRecord[];
  /**
   * Position behind the last arrival looked at: the last record of a full page; behind everything stored when the page
   * is not full, so that a walk with a narrow condition never looks at the same arrivals twice.
   */
  readonly next: ArrivalPosition;
}

export interface SourceSummary {
  readonly dataSource: string;
  readonly records: number;
  readonly newestWhen: number;
}

export interface StoreSummary {
  readonly records: number;
  readonly rejected: number;
  readonly archiveOnly: number;
  readonly bytesOnDisk: number;
  readonly sources: readonly SourceSummary[];
}

export interface AuditStore extends AsyncDisposable {
  /**
   * All of the batch or nothing; durable and visible to search when it resolves. Batches must be given in order of
   * their sequences. Rejects with a retryable WitnessError when the engine is away or the disk is full.
   */
  insert(batch: StoreBatch): Promise<StoreReceipt>;
  /** Newest `when` first, ties by RID descending; streams in chunks, no cap. Aborting cancels the query in the engine. */
  search(request: SearchRequest): AsyncIterable<readonly ActivityRecord[]>;
  /**
   * Oldest arrival first, as cheap as newest first. Shows nothing of a batch that is still being stored, nor of one whose
   * insert failed until it is repeated: a walk that went past half of it would lose the other half.
   */
  enumerate(request: EnumerateRequest): Promise<EnumeratedPage>;
  count(request: Pick<SearchRequest, 'where' | 'visible' | 'signal'>): Promise<number>;
  rawEvent(rid: string): Promise<{ input: string; bytes: Uint8Array } | undefined>;
  rejectedEvent(rid: string): Promise<RejectedEvent | undefined>;
  /** The highest sequence stored, 0n when empty. After a crash the batch it belongs to may be stored in part. */
  lastSequence(): Promise<bigint>;
  summary(): Promise<StoreSummary>;
  /** Drops whole partitions that hold only records older than this; returns how many records went. */
  dropBefore(when: number): Promise<number>;
  ping(): Promise<void>;
}
