/** Times as people write them: `today`, `7d`, `2026-11-01`, `2026-11-01T08:30..2026-11-02`. */
import { fromWallClock, toWallClock } from './time-zone.ts';

/** When somebody asks, and where their wall clock hangs. */
export interface SearchClock {
  /** UTC milliseconds. */
  readonly now: number;
  /** A name Intl knows. */
  readonly timeZone: string;
}

/** Both ends belong to it, UTC milliseconds. */
export interface Period {
  readonly from?: number;
  readonly to?: number;
}

const HOUR_MS = 3600 * 1000;

/** `m` is left out on purpose: minutes or months? */
const UNIT_MS: Readonly<Record<string, number>> = {
  min: 60 * 1000,
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
};

/** A calendar unit that begins `index` units from the one that holds the given wall clock reading, 0 being that one. */
type UnitStart = (local: Date, index: number) => number;

const dayStart: UnitStart = (local, index) =>
  Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + index);

/** Weeks begin on Monday (ISO 8601). */
const weekStart: UnitStart = (local, index) =>
  dayStart(local, index * 7 - ((local.getUTCDay() + 6) % 7));

const monthStart: UnitStart = (local, index) =>
  Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + index, 1);

const yearStart: UnitStart = (local, index) => Date.UTC(local.getUTCFullYear() + index, 0, 1);

const NAMED: Readonly<Record<string, readonly [start: UnitStart, index: number]>> = {
  today: [dayStart, 0],
  yesterday: [dayStart, -1],
  'this-week': [weekStart, 0],
  'last-week': [weekStart, -1],
  'this-month': [monthStart, 0],
  'last-month': [monthStart, -1],
  'this-year': [yearStart, 0],
  'last-year': [yearStart, -1],
};

const namedPeriod = (name: string, clock: SearchClock): Period | undefined => {
  const unit = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (!unit) return undefined;
  const [start, index] = unit;
  const local = new Date(toWallClock(clock.now, clock.timeZone));
  return {
    from: fromWallClock(start(local, index), clock.timeZone),
    to: fromWallClock(start(local, index + 1), clock.timeZone) - 1,
  };
};

const agoMs = (text: string): number | undefined => {
  const match = /^(\d{1,6})(min|h|d|w)$/.exec(text);
  return match ? Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0) : undefined;
};

const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(z|[+-]\d\d:\d\d)?)?)?)?$/;

const offsetMs = (text: string): number | undefined => {
  if (text === 'z') return 0;
  const [hours = 0, minutes = 0] = text.slice(1).split(':').map(Number);
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

/** The period a date of any precision stands for: a year, a month, a day, a minute, a second, a millisecond. */
const datePeriod = (text: string, timeZone: string): Period | undefined => {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const numbers = [month ?? 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0].map(Number);
  const [mo = 1, d = 1, h = 0, mi = 0, s = 0] = numbers;
  const ms = Number((fraction ?? '0').padEnd(3, '0'));
  const local = Date.UTC(Number(year), mo - 1, d, h, mi, s, ms);
  const read = new Date(local);
  const isReal =
    read.getUTCFullYear() === Number(year) &&
    read.getUTCMonth() === mo - 1 &&
    read.getUTCDate() === d &&
    read.getUTCHours() === h &&
    read.getUTCMinutes() === mi &&
    s < 60;
  if (!isReal || local < 0) return undefined;
  const localEnd =
    month === undefined
      ? Date.UTC(Number(year) + 1, 0, 1)
      : day === undefined
        ? Date.UTC(Number(year), mo, 1)
        : hour === undefined
          ? Date.UTC(Number(year), mo - 1, d + 1)
          : local + (second === undefined ? 60_000 : fraction === undefined ? 1000 : 1);
  if (offset === undefined) {
    return { from: fromWallClock(local, timeZone), to: fromWallClock(localEnd, timeZone) - 1 };
  }
  const shift = offsetMs(offset);
  return shift === undefined ? undefined : { from: local - shift, to: localEnd - shift - 1 };
};

/** A place in time as the end of a range; undefined when the text is none. */
const edgePeriod = (text: string, clock: SearchClock): Period | undefined => {
  const ago = text === 'now' ? 0 : agoMs(text);
  if (ago !== undefined) return { from: clock.now - ago, to: clock.now - ago };
  return namedPeriod(text, clock) ?? datePeriod(text, clock.timeZone);
};

const rangePeriod = (text: string, clock: SearchClock): Period | undefined => {
  const split = text.indexOf('..');
  if (split < 0 || text.length === 2) return undefined;
  const [first, last] = [text.slice(0, split).trim(), text.slice(split + 2).trim()];
  const from = first === '' ? {} : edgePeriod(first, clock);
  const to = last === '' ? {} : edgePeriod(last, clock);
  if (!from || !to) return undefined;
  return {
    ...(from.from !== undefined && { from: from.from }),
    ...(to.to !== undefined && { to: to.to }),
  };
};

const PARSERS: Readonly<
  Record<'when' | 'since' | 'until', (text: string, clock: SearchClock) => Period | undefined>
> = {
  when: (text, clock) => {
    const ago = agoMs(text);
    // Open at the end: the clock of a source may be ahead of ours.
    if (ago !== undefined) return { from: clock.now - ago };
    return rangePeriod(text, clock) ?? (text === 'now' ? undefined : edgePeriod(text, clock));
  },
  since: (text, clock) => {
    const from = edgePeriod(text, clock)?.from;
    return from === undefined ? undefined : { from };
  },
  until: (text, clock) => {
    const to = edgePeriod(text, clock)?.to;
    return to === undefined ? undefined : { to };
  },
};

/** Undefined when the text is not a time. */
export const tryParsePeriod = (
  field: 'when' | 'since' | 'until',
  text: string,
  clock: SearchClock,
): Period | undefined => PARSERS[field](text.trim().toLowerCase(), clock);
