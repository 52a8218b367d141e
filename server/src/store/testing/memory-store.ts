/** The contract without an engine: arrays and plain loops, obviously right. For tests. */
import type { ActivityRecord } from '@witness/record';
import type { AuditStore, RejectedEvent, SequencedRecord, StoreBatch } from '../audit-store.ts';
import { throwIfCancelled } from '../errors.ts';
import { PARTITION_MS, partitionStart } from '../partition.ts';
import type { Condition, Visibility } from '../query.ts';
import { evaluateCondition, isVisible } from './evaluate-condition.ts';

const CHUNK_RECORDS = 1000;

const newestFirst = (a: ActivityRecord, b: ActivityRecord): number =>
  b.when - a.when || (a.rid < b.rid ? 1 : a.rid > b.rid ? -1 : 0);

const keyOf = (record: ActivityRecord): string => `${record.when} ${record.rid}`;

const later = (a: bigint, b: bigint): bigint => (a < b ? b : a);

const highest = (entries: readonly SequencedRecord[], least: bigint): bigint =>
  entries.map(({ sequence }) => sequence).reduce(later, least);

export const createMemoryStore = (): AuditStore => {
  let stored: SequencedRecord[] = [];
  let archiveOnly: SequencedRecord[] = [];
  let rejected = new Map<string, RejectedEvent>();
  const raws = new Map<string, NonNullable<SequencedRecord['raw']>>();
  const keys = new Set<string>();
  const tokens = new Set<string>();

  const add = (batch: StoreBatch, isRepeat: boolean): number => {
    let added = 0;
    for (const entry of batch.records) {
      const key = keyOf(entry.record);
      if ((batch.mayRepeat || isRepeat) && keys.has(key)) continue;
      keys.add(key);
      stored.push(entry);
      if (entry.raw) raws.set(entry.record.rid, entry.raw);
      added += 1;
    }
    for (const entry of batch.archiveOnly ?? []) {
      const isKnown = archiveOnly.some((other) => keyOf(other.record) === keyOf(entry.record));
      if (!isKnown) archiveOnly.push(entry);
    }
    for (const event of batch.rejected ?? []) rejected.set(event.rid, event);
    return added;
  };

  const select = (where: Condition | undefined, visible: Visibility) =>
    stored.filter(
      ({ record }) =>
        isVisible(visible, record) && (where === undefined || evaluateCondition(where, record)),
    );

  return {
    insert: async (batch) => {
      const added = add(batch, tokens.has(batch.token));
      tokens.add(batch.token);
      return { added, repeated: batch.records.length - added };
    },

    async *search({ where, visible, after, limit = Infinity, signal }) {
      throwIfCancelled(signal);
      const place = after && { when: after.when, rid: after.rid };
      const found = select(where, visible)
        .map(({ record }) => record)
        .filter((record) => !place || newestFirst(record, place as ActivityRecord) > 0)
        .sort(newestFirst)
        .slice(0, limit);
      for (let start = 0; start < found.length; start += CHUNK_RECORDS) {
        throwIfCancelled(signal);
        yield found.slice(start, start + CHUNK_RECORDS);
      }
    },

    enumerate: async ({ where, visible, after, limit, signal }) => {
      throwIfCancelled(signal);
      const from = after?.sequence ?? 0n;
      const page = select(where, visible)
        .filter(({ sequence }) => sequence > from)
        .sort((a, b) => (a.sequence < b.sequence ? -1 : 1))
        .slice(0, limit);
      return {
        records: page.map(({ record }) => record),
        next: {
          sequence:
            (page.length < limit ? undefined : page.at(-1)?.sequence) ?? highest(stored, from),
        },
      };
    },

    count: async ({ where, visible, signal }) => {
      throwIfCancelled(signal);
      return select(where, visible).length;
    },
    rawEvent: async (rid) => raws.get(rid),
    rejectedEvent: async (rid) => rejected.get(rid),
    lastSequence: async () => highest([...stored, ...archiveOnly], 0n),

    summary: async () => {
      const sources = Map.groupBy(stored, ({ record }) => record.dataSource);
      return {
        records: stored.length,
        rejected: rejected.size,
        archiveOnly: archiveOnly.length,
        bytesOnDisk: 0,
        sources: [...sources]
          .map(([dataSource, entries]) => ({
            dataSource,
            records: entries.length,
            newestWhen: Math.max(...entries.map(({ record }) => record.when)),
          }))
          .sort((a, b) => (a.dataSource < b.dataSource ? -1 : 1)),
      };
    },

    dropBefore: async (when) => {
      const isKept = (at: number) => partitionStart(at) + PARTITION_MS > when;
      const before = stored.length;
      for (const { record } of stored) if (!isKept(record.when)) keys.delete(keyOf(record));
      stored = stored.filter(({ record }) => isKept(record.when));
      archiveOnly = archiveOnly.filter(({ record }) => isKept(record.when));
      rejected = new Map([...rejected].filter(([, event]) => isKept(event.when)));
      return before - stored.length;
    },
    ping: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
};
