/** Newest first: growing windows of time, pages by key, so that a recent answer reads a few granules. */
import type { ActivityRecord } from '@witness/record';
import type { SearchRequest } from './audit-store.ts';
import { compileCondition } from './compile-condition.ts';
import type { EngineClient, QuerySettings } from './engine-client.ts';
import { throwIfCancelled } from './errors.ts';
import type { Condition, NewestFirstPosition } from './query.ts';
import { RECORD_SELECT, type RecordRow, readRecord } from './record-rows.ts';
import { ridTime } from './rid-time.ts';

export interface ReadContext {
  readonly client: EngineClient;
  readonly database: string;
  readonly settings: QuerySettings;
}

const DAY_MS = 86_400_000;
const WINDOWS_MS: readonly number[] = [1 * DAY_MS, 7 * DAY_MS, 35 * DAY_MS];
/** What the index prunes is rare or absent, and cheap to look for everywhere: more steps only cost more queries. */
const PRUNED_WINDOWS_MS: readonly number[] = [1 * DAY_MS];
/** Without a limit the first chunk is small to be there soon; the last size bounds what both sides hold in memory. */
const CHUNK_RECORDS = [200, 1000, 5000];

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The span of time outside which the condition is certainly false. */
export const timeRangeOf = (condition: Condition | undefined): TimeRange => {
  if (condition?.kind === 'when') {
    return { from: condition.from ?? -Infinity, to: condition.to ?? Infinity };
  }
  if (condition?.kind === 'and') {
    const ranges = condition.conditions.map(timeRangeOf);
    return {
      from: Math.max(-Infinity, ...ranges.map(({ from }) => from)),
      to: Math.min(Infinity, ...ranges.map(({ to }) => to)),
    };
  }
  if (condition?.kind === 'or') {
    const ranges = condition.conditions.map(timeRangeOf);
    return {
      from: Math.min(Infinity, ...ranges.map(({ from }) => from)),
      to: Math.max(-Infinity, ...ranges.map(({ to }) => to)),
    };
  }
  return { from: -Infinity, to: Infinity };
};

/** Times of the oldest and the newest record, from the partitions' own minimum and maximum; undefined when there is none. */
const storedRange = async (
  { client, database, settings }: ReadContext,
  signal?: AbortSignal,
): Promise<TimeRange | undefined> => {
  const [row] = await client.rows<[number, number, number]>(
    `SELECT count(), toUnixTimestamp64Milli(min(ts)), toUnixTimestamp64Milli(max(ts)) FROM ${database}.activity`,
    { settings, signal },
  );
  return row && row[0] > 0 ? { from: row[1], to: row[2] } : undefined;
};

const isSame = (a: NewestFirstPosition, b: NewestFirstPosition): boolean =>
  a.when === b.when && a.rid === b.rid;

export async function* searchRecords(
  context: ReadContext,
  request: SearchRequest,
): AsyncGenerator<readonly ActivityRecord[]> {
  const { client, database } = context;
  const { signal, visible, where } = request;
  throwIfCancelled(signal);
  const stored = await storedRange(context, signal);
  if (stored === undefined) return;
  const asked = timeRangeOf(where);
  const range = { from: Math.max(asked.from, stored.from), to: Math.min(asked.to, stored.to) };
  const compiled = compileCondition(where, visible);
  let position = request.after;
  let left = request.limit ?? Infinity;
  const top = Math.min(range.to, position?.when ?? Infinity);
  if (left <= 0 || top < range.from) return;

  const windowsMs = compiled.isPruned ? PRUNED_WINDOWS_MS : WINDOWS_MS;
  let windowTop = top;
  let windowIndex = 0;
  let chunkIndex = request.limit === undefined ? 0 : CHUNK_RECORDS.length - 1;
  while (left > 0) {
    throwIfCancelled(signal);
    const windowFrom = Math.max(top - (windowsMs[windowIndex] ?? Infinity), range.from);
    const wanted = Math.min(CHUNK_RECORDS[chunkIndex] ?? 0, left);
    const rows = await client.rows<RecordRow>(
      `SELECT ${RECORD_SELECT} FROM ${database}.activity
       WHERE ts <= fromUnixTimestamp64Milli({top:Int64}, 'UTC') AND ts >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')${
         position
           ? " AND (ts, rid_delta, rid_hash) < (fromUnixTimestamp64Milli({when:Int64}, 'UTC'), {delta:Int64}, toFixedString(unhex({hash:String}), 16))"
           : ''
       } AND ${compiled.sql}
       ORDER BY ts DESC, rid_delta DESC, rid_hash DESC LIMIT {wanted:UInt32}`,
      {
        parameters: {
          ...compiled.parameters,
          top: Math.floor(windowTop),
          from: Math.ceil(windowFrom),
          ...(position && {
            when: position.when,
            delta: ridTime(position.rid) - position.when,
            hash: position.rid.slice(17),
          }),
          wanted,
        },
        settings: context.settings,
        signal,
      },
    );
    // Two of the same may stand side by side until the engine has merged them.
    let previous = position;
    const records: ActivityRecord[] = [];
    for (const row of rows) {
      const record = readRecord(row);
      if (previous === undefined || !isSame(previous, record)) records.push(record);
      previous = record;
    }
    if (previous) position = { when: previous.when, rid: previous.rid };
    if (records.length > 0) {
      left -= records.length;
      yield records;
    }
    if (rows.length >= wanted) {
      chunkIndex = Math.min(chunkIndex + 1, CHUNK_RECORDS.length - 1);
      windowTop = position?.when ?? windowTop;
    } else if (windowFrom <= range.from) {
      return;
    } else {
      windowTop = Math.ceil(windowFrom) - 1;
      windowIndex += 1;
    }
  }
}
