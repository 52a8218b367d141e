/** `hours:mon-fri,08:00-18:00@Europe/Berlin` as a condition. */
import type { Condition } from '../store/index.ts';
import type { SearchClock } from './time-period.ts';
import { isTimeZone, offsetSpans } from './time-zone.ts';

const DAY_NAMES: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_END_SECOND = 24 * 3600 - 1;
const DAY_MS = 24 * 3600 * 1000;

/**
 * How far back changes of the clock are told apart. Records older than that are taken with the offset the zone had then,
 * so in zones with summer time they may be an hour off; the audit database keeps less by default.
 */
const CLOCK_CHANGES_MS = 400 * DAY_MS;

export type HoursOutcome =
  | { readonly condition: Condition }
  /** Completes "... is not a time of day: ". */
  | { readonly reason: string };

const toWeekdays = (text: string): number[] | undefined => {
  const [first, last = first, ...rest] = text.split('-').map((name) => {
    const index = DAY_NAMES.indexOf(name.slice(0, 3));
    return /^[a-z]{3,9}$/.test(name) ? index : -1;
  });
  if (first === undefined || last === undefined || rest.length > 0) return undefined;
  if (first < 0 || last < 0) return undefined;
  // A range may wrap: sat-mon.
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => ((first + index) % 7) + 1);
};

const SPAN = /^(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?(z|[+-]\d\d:\d\d)?$/;

interface Span {
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly zone?: string;
}

const toSecondOfDay = (hour: string | undefined, minute = '0'): number =>
  Number(hour) * 3600 + Number(minute) * 60;

const toSpan = (text: string): Span | undefined => {
  const match = SPAN.exec(text);
  if (!match) return undefined;
  const [, fromHour, fromMinute, toHour, toMinute, zone] = match;
  if (Number(fromMinute ?? 0) > 59 || Number(toMinute ?? 0) > 59) return undefined;
  const fromSecond = toSecondOfDay(fromHour, fromMinute);
  const toSecond = toSecondOfDay(toHour, toMinute);
  if (fromSecond > DAY_END_SECOND || toSecond > DAY_END_SECOND + 1) return undefined;
  return {
    fromSecond,
    toSecond: Math.min(toSecond, DAY_END_SECOND),
    ...(zone !== undefined && { zone: zone === 'z' ? 'UTC' : zone }),
  };
};

/** One condition where the zone's clock never changes, otherwise one per span of equal offset. */
const overSpans = (
  hours: { fromSecond: number; toSecond: number; weekdays?: readonly number[] },
  clock: SearchClock,
): Condition => {
  const range = { from: clock.now - CLOCK_CHANGES_MS, to: clock.now + DAY_MS };
  const conditions = offsetSpans(range, clock.timeZone).map(
    ({ offsetMinutes, ...period }): Condition => {
      const test: Condition = { kind: 'workingHours', ...hours, offsetMinutes };
      const isBounded = period.from !== undefined || period.to !== undefined;
      return isBounded ? { kind: 'and', conditions: [{ kind: 'when', ...period }, test] } : test;
    },
  );
  const [only] = conditions;
  return conditions.length === 1 && only ? only : { kind: 'or', conditions };
};

export const parseHours = (given: string, clock: SearchClock): HoursOutcome => {
  const at = given.indexOf('@');
  const namedZone = at < 0 ? undefined : given.slice(at + 1).trim();
  if (namedZone !== undefined && !isTimeZone(namedZone)) {
    return { reason: `${namedZone || 'nothing'} is not a time zone` };
  }
  const parts = (at < 0 ? given : given.slice(0, at)).toLowerCase().replaceAll(' ', '').split(',');
  const weekdays = new Set<number>();
  let span: Span | undefined;
  for (const part of parts) {
    const found = toSpan(part);
    const days = found ? undefined : toWeekdays(part);
    if (found && span) return { reason: 'it has two spans of hours' };
    if (!found && !days) return { reason: `${part || 'nothing'} is neither hours nor days` };
    span = found ?? span;
    for (const day of days ?? []) weekdays.add(day);
  }
  if (namedZone !== undefined && span?.zone !== undefined) {
    return { reason: 'it has two time zones' };
  }
  const timeZone = namedZone ?? span?.zone ?? clock.timeZone;
  const hours = {
    fromSecond: span?.fromSecond ?? 0,
    toSecond: span?.toSecond ?? DAY_END_SECOND,
    ...(weekdays.size > 0 && { weekdays: [...weekdays].sort((a, b) => a - b) }),
  };
  return { condition: overSpans(hours, { ...clock, timeZone }) };
};
