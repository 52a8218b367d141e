/** What a planted incident is, and where in the estate it takes place. */
import type { RecordContent } from '@witness/record';
import { type Organisation, SITES } from './organisation.ts';
import type { Random } from './random.ts';

export interface Incident {
  readonly id: string;
  readonly title: string;
  /** What happened, in two or three sentences. */
  readonly story: string;
  /** Finds it, in the search language of Witness. */
  readonly search: string;
  /** How many records that search finds, both ends included. */
  readonly expected: { readonly min: number; readonly max: number };
  /** First and last record, UTC milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface PlantedIncident extends Incident {
  /** In order of time. */
  readonly records: readonly RecordContent[];
}

export interface Stage {
  readonly random: Random;
  readonly organisation: Organisation;
  readonly startsAt: number;
  readonly endsAt: number;
  /** How large the larger incidents are: 1 in an estate of a million records and more. */
  readonly scale: number;
}

const DAY_MS = 24 * 3600 * 1000;
export const MINUTE_MS = 60 * 1000;
/** The longest incident of one night fits into this. */
const ROOM_MS = 3 * 3600 * 1000;

/** About a share of the way through the estate, at that local time of the main site where the estate is long enough. */
export const timeOf = (stage: Stage, share: number, localHour: number): number => {
  const wanted = stage.startsAt + (stage.endsAt - stage.startsAt) * share;
  const shift = (SITES[0]?.offsetMinutes ?? 0) * MINUTE_MS;
  const midnight = Math.floor((wanted + shift) / DAY_MS) * DAY_MS - shift;
  const snapped = Math.round(midnight + localHour * 60 * MINUTE_MS);
  const isInside = snapped >= stage.startsAt && snapped + ROOM_MS <= stage.endsAt;
  return isInside ? snapped : Math.round(wanted);
};

export const scaled = (stage: Stage, full: number, least: number): number =>
  Math.max(least, Math.round(full * Math.min(1, stage.scale)));

/** Times from a start on, in order, on average `stepMs` apart, never behind the estate's end. */
export const timesFrom = (
  stage: Stage,
  start: number,
  plan: { count: number; stepMs: number },
): number[] => {
  const room = Math.max(1, stage.endsAt - 1 - start);
  const step = Math.min(plan.stepMs, room / plan.count);
  return Array.from({ length: plan.count }, (_, index) =>
    Math.floor(start + (index + stage.random.unit()) * step),
  );
};

export const planted = (
  told: Omit<Incident, 'from' | 'to' | 'expected'> & { readonly found?: number },
  records: readonly RecordContent[],
): PlantedIncident => {
  const { found = records.length, ...rest } = told;
  return {
    ...rest,
    expected: { min: found, max: found },
    from: records[0]?.when ?? 0,
    to: records.at(-1)?.when ?? 0,
    records,
  };
};
