/**
 * Oldest arrival first. The table `arrival` tells which times the next arrivals have; their rows are then read by
 * primary key. With a condition the window of arrivals grows until the page is full.
 */
import type { ActivityRecord } from '@witness/record';
import type { EnumeratedPage, EnumerateRequest } from './audit-store.ts';
import { compileCondition } from './compile-condition.ts';
import { throwIfCancelled } from './errors.ts';
import { RECORD_SELECT, type RecordRow, readRecord } from './record-rows.ts';
import type { ReadContext } from './search-records.ts';

/** Arrivals looked at per record wanted, step by step; after the last, all that are left. */
const WINDOW_FACTORS = { everything: [1, 1, 1], some: [4, 256] } as const;
/** A window of this many is not told apart from everything. */
const WINDOW_RECORDS_MAX = 2_000_000;
const SEQUENCE_MAX = 2n ** 64n - 1n;
/** More distinct times than this are asked for as one span. */
const TIMES_MAX = 2000;

interface Window {
  /** Highest sequence of the window. */
  readonly to: string;
  readonly count: number;
  readonly fromTime: number;
  readonly toTime: number;
  readonly times: readonly number[];
}

/** The next arrivals behind a position. After a repeated insert some may be there twice, or lead nowhere. */
const nextWindow = async (
  { client, database, settings }: ReadContext,
  range: { readonly after: bigint; readonly below: bigint },
  options: { readonly count: number; readonly signal: AbortSignal | undefined },
): Promise<Window> => {
  const [row] = await client.rows<[string, number, number, number, number[]]>(
    `SELECT toString(max(sequence)), count(), toUnixTimestamp64Milli(min(ts)), toUnixTimestamp64Milli(max(ts)),
            groupUniqArray(${TIMES_MAX})(toUnixTimestamp64Milli(ts))
     FROM (SELECT sequence, ts FROM ${database}.arrival
           WHERE sequence > {after:UInt64} AND sequence < {below:UInt64}
           ORDER BY sequence LIMIT {count:UInt32})`,
    { parameters: { ...range, count: options.count }, settings, signal: options.signal },
  );
  const [to = '0', count = 0, fromTime = 0, toTime = 0, times = []] = row ?? [];
  return { to, count, fromTime, toTime, times };
};

const highestSequence = async (
  { client, database, settings }: ReadContext,
  below: bigint,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const [row] = await client.rows<[string]>(
    `SELECT toString(max(sequence)) FROM ${database}.arrival WHERE sequence < {below:UInt64}`,
    { parameters: { below }, settings, signal },
  );
  return row?.[0] ?? '0';
};

/** Where the rows of a window are, by primary key. */
const placeOf = (window: Window) =>
  window.times.length >= TIMES_MAX
    ? {
        sql: "ts >= fromUnixTimestamp64Milli({fromTime:Int64}, 'UTC') AND ts <= fromUnixTimestamp64Milli({toTime:Int64}, 'UTC')",
        parameters: { fromTime: window.fromTime, toTime: window.toTime },
      }
    : {
        sql: "ts IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)}), 'UTC'))",
        parameters: { times: window.times },
      };

/** `unfinishedFrom`: nothing from here on is shown yet. */
export const enumerateRecords = async (
  context: ReadContext & { readonly unfinishedFrom: () => bigint | undefined },
  request: EnumerateRequest,
): Promise<EnumeratedPage> => {
  const { client, database, settings } = context;
  const { signal, limit, where, visible } = request;
  throwIfCancelled(signal);
  const below = context.unfinishedFrom() ?? SEQUENCE_MAX;
  const compiled = compileCondition(where, visible);
  const records: ActivityRecord[] = [];
  let position = request.after?.sequence ?? 0n;

  const read = async (to: string, place: ReturnType<typeof placeOf> | undefined): Promise<void> => {
    const wanted = limit - records.length;
    const rows = await client.rows<[string, ...RecordRow]>(
      `SELECT toString(sequence), ${RECORD_SELECT} FROM ${database}.activity
       WHERE sequence > {after:UInt64} AND sequence <= {to:UInt64} ${place ? `AND ${place.sql}` : ''}
         AND ${compiled.sql}
       ORDER BY sequence LIMIT {wanted:UInt32}`,
      {
        parameters: { ...compiled.parameters, ...place?.parameters, after: position, to, wanted },
        settings,
        signal,
      },
    );
    for (const [, ...row] of rows) records.push(readRecord(row));
    position = BigInt((rows.length >= wanted ? rows.at(-1)?.[0] : undefined) ?? to);
  };

  const kind = where === undefined && visible === 'everything' ? 'everything' : 'some';
  for (const factor of limit > 0 ? WINDOW_FACTORS[kind] : []) {
    const count = Math.min((limit - records.length) * factor, WINDOW_RECORDS_MAX);
    const window = await nextWindow(context, { after: position, below }, { count, signal });
    if (window.count === 0) return { records, next: { sequence: position } };
    await read(window.to, placeOf(window));
    if (records.length >= limit || window.count < count) {
      return { records, next: { sequence: position } };
    }
  }
  const to = await highestSequence(context, below, signal);
  if (limit > 0 && BigInt(to) > position) await read(to, undefined);
  return { records, next: { sequence: position } };
};
