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
const WINDOWS_MS = [1 * DAY_MS, 7 * DAY_MS, 35 * DAY_MS, Number.POSITIVE_INFINITY];
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

/** Time of the newest record, from the partitions' own minimum and maximum; undefined when there is none. */
export const newestTime = async (
  { client, database, settings }: ReadContext,
  signal?: AbortSignal,
): Promise<number | undefined> => {
  const [row] = await client.rows<[number, number]>(
    `SELECT count(), toUnixTimestamp64Milli(max(ts)) FROM ${database}.activity`,
    { settings, signal },
  );
  return row && row[0] > 0 ? row[1] : undefined;
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
  const newest = await newestTime(context, signal);
  const range = timeRangeOf(where);
  const compiled = compileCondition(where, visible);
  let position = request.after;
  let left = request.limit ?? Infinity;
  const top = Math.min(newest ?? -Infinity, range.to, position?.when ?? Infinity);
  if (newest === undefined || left <= 0 || top < range.from) return;

  let windowTop = top;
  let windowIndex = 0;
  let chunkIndex = request.limit === undefined ? 0 : CHUNK_RECORDS.length - 1;
  while (left > 0) {
    throwIfCancelled(signal);
    const windowFrom = Math.max(top - (WINDOWS_MS[windowIndex] ?? Infinity), range.from);
    const wanted = Math.min(CHUNK_RECORDS[chunkIndex] ?? 0, left);
    const rows = await client.rows<RecordRow>(
      `SELECT ${RECORD_SELECT} FROM ${database}.activity
       WHERE ts <= fromUnixTimestamp64Milli({top:Int64}, 'UTC')${
         Number.isFinite(windowFrom)
           ? " AND ts > fromUnixTimestamp64Milli({from:Int64}, 'UTC')"
           : ''
       }${
         position
           ? " AND (ts, rid_delta, rid_hash) < (fromUnixTimestamp64Milli({when:Int64}, 'UTC'), {delta:Int64}, toFixedString(unhex({hash:String}), 16))"
           : ''
       } AND ${compiled.sql}
       ORDER BY ts DESC, rid_delta DESC, rid_hash DESC LIMIT {wanted:UInt32}`,
      {
        parameters: {
          ...compiled.parameters,
          top: Math.floor(windowTop),
          // The window's own start belongs to the next one; a range's start belongs to the range.
          ...(Number.isFinite(windowFrom) && { from: Math.ceil(windowFrom) - 1 }),
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
    } else if (!Number.isFinite(windowFrom) || windowFrom <= range.from) {
      return;
    } else {
      windowTop = windowFrom - 1;
      windowIndex += 1;
    }
  }
}
