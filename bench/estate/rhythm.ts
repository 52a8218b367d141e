/** When things happen: working hours of each site, quiet weekends, service accounts at night. */
import { SITES } from './organisation.ts';

export const MINUTE_MS = 60_000;
const WEEKDAY_OF_EPOCH = 4; // 1 January 1970 was a Thursday; 0 is Sunday.

/** Share of people at work by local hour. */
const WORKING_HOURS: readonly number[] = [
  0.004, 0.003, 0.003, 0.003, 0.005, 0.012, 0.05, 0.3, 0.8, 1, 1, 0.95, 0.55, 0.85, 1, 0.95, 0.85,
  0.5, 0.18, 0.07, 0.04, 0.025, 0.012, 0.006,
];
const WEEKEND_FACTOR = 0.05;

/** Jobs by hour of the main site. */
const JOB_HOURS: readonly number[] = [
  0.5, 1, 1, 1, 0.7, 0.25, 0.1, 0.06, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.06,
  0.06, 0.08, 0.1, 0.15, 0.3, 0.4,
];
/** Weight of jobs against all people: makes about one record in seven. */
const JOB_SHARE = 0.14;

const at = (values: readonly number[], index: number): number => values[index] ?? 0;

const personWeight = (minute: number, offsetMinutes: number): number => {
  const local = minute + offsetMinutes;
  const day = Math.floor(local / 1440);
  const weekday = (((day + WEEKDAY_OF_EPOCH) % 7) + 7) % 7;
  const hour = Math.floor((local - day * 1440) / 60);
  // Between two hours the share slides, so that no step shows at the full hour.
  const slide = (local % 60) / 60;
  const share = at(WORKING_HOURS, hour) * (1 - slide) + at(WORKING_HOURS, (hour + 1) % 24) * slide;
  return share * (weekday === 0 || weekday === 6 ? WEEKEND_FACTOR : 1);
};

/** Weights in one minute (counted since 1970): one per site, then the one of jobs. */
export const minuteWeights = (minute: number): number[] => {
  const people = SITES.map(
    ({ share, offsetMinutes }) => share * personWeight(minute, offsetMinutes),
  );
  const local = minute + (SITES[0]?.offsetMinutes ?? 0);
  return [...people, JOB_SHARE * at(JOB_HOURS, Math.floor((((local % 1440) + 1440) % 1440) / 60))];
};
