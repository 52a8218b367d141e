/** Timeframes of a search: whole calendar days that include today, in the server's time zone. */
import { apiError } from './errors.ts';
import type { Timeframe } from './filters.ts';

/** UTC milliseconds, both ends belong to it. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export type ToInterval = (timeframe: Timeframe, now: number) => Interval;

/** First and last day, in days from today. */
const DAYS: Readonly<Record<Timeframe, readonly [first: number, last: number]>> = {
  Today: [0, 0],
  Yesterday: [-1, -1],
  LastSevenDays: [-6, 0],
  LastThirtyDays: [-29, 0],
};

const DAY_MS = 86_400_000;
/** No zone is further than this from UTC. */
const OFFSET_MS_MAX = 26 * 3_600_000;

const createDayNumber = (timeZone: string): ((ms: number) => number) => {
  const format = openFormat(timeZone);
  /** The calendar day of an instant in the zone, as days since 1970-01-01. */
  return (ms) => {
    const parts = { year: 0, month: 0, day: 0 };
    for (const { type, value } of format.formatToParts(ms)) {
      if (type === 'year' || type === 'month' || type === 'day') parts[type] = Number(value);
    }
    return Date.UTC(parts.year, parts.month - 1, parts.day) / DAY_MS;
  };
};

const openFormat = (timeZone: string): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
  } catch (cause) {
    throw apiError('INTEGRATION_API_TIME_ZONE_UNKNOWN', { timeZone }, { cause });
  }
};

/** Throws INTEGRATION_API_TIME_ZONE_UNKNOWN. */
export const createTimeframes = (timeZone: string): ToInterval => {
  const dayNumber = createDayNumber(timeZone);

  /**
   * The first millisecond of a day. Searched for rather than computed: where clocks are moved at midnight, a day
   * does not begin at 00:00.
   */
  const startOfDay = (day: number): number => {
    let before = day * DAY_MS - OFFSET_MS_MAX;
    let within = day * DAY_MS + OFFSET_MS_MAX;
    while (within - before > 1) {
      const middle = Math.floor((before + within) / 2);
      if (dayNumber(middle) >= day) within = middle;
      else before = middle;
    }
    return within;
  };

  return (timeframe, now) => {
    const [first, last] = DAYS[timeframe];
    const today = dayNumber(now);
    return { from: startOfDay(today + first), to: startOfDay(today + last + 1) - 1 };
  };
};
