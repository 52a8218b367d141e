/** Wall clocks of time zones, from Intl. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;

export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** Formatters are slow to make; there are only so many zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_MAX = 100;

const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formatters.size >= FORMATTERS_MAX) formatters.clear();
  formatters.set(timeZone, made);
  return made;
};

/** The zone's distance from UTC at that moment, in minutes, positive to the east. */
export const offsetMinutesAt = (ms: number, timeZone: string): number => {
  if (timeZone === 'UTC') return 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(ms)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return Math.round((local - ms) / MINUTE_MS);
};

/** UTC milliseconds of a wall clock reading given as if it were UTC. A reading that a clock change skips is moved on by the change. */
export const fromWallClock = (local: number, timeZone: string): number => {
  const first = local - offsetMinutesAt(local, timeZone) * MINUTE_MS;
  return local - offsetMinutesAt(first, timeZone) * MINUTE_MS;
};

/** The moment as the zone's wall clock shows it, as if it were UTC. */
export const toWallClock = (ms: number, timeZone: string): number =>
  ms + offsetMinutesAt(ms, timeZone) * MINUTE_MS;

export interface OffsetSpan {
  /** First millisecond with this offset; absent: since ever. */
  readonly from?: number;
  /** Last one; absent: for ever. */
  readonly to?: number;
  readonly offsetMinutes: number;
}

/** The first moment after `low` that already has the offset of `high`. */
const findChange = (range: { low: number; high: number }, timeZone: string): number => {
  let { low, high } = range;
  const before = offsetMinutesAt(low, timeZone);
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMinutesAt(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return Math.floor(high / 1000) * 1000;
};

/** Spans of equal offset that cover all time; changes of the clock are looked for from `from` to `to`. */
export const offsetSpans = (
  range: { readonly from: number; readonly to: number },
  timeZone: string,
): OffsetSpan[] => {
  const spans: OffsetSpan[] = [];
  let begin: number | undefined;
  let offset = offsetMinutesAt(range.from, timeZone);
  for (let day = range.from; day < range.to; day += DAY_MS) {
    const next = offsetMinutesAt(day + DAY_MS, timeZone);
    if (next === offset) continue;
    const change = findChange({ low: day, high: day + DAY_MS }, timeZone);
    spans.push({
      ...(begin !== undefined && { from: begin }),
      to: change - 1,
      offsetMinutes: offset,
    });
    begin = change;
    offset = next;
  }
  return [...spans, { ...(begin !== undefined && { from: begin }), offsetMinutes: offset }];
};
