/** A simulated organisation's records, in order of time, as many as wanted, in constant memory. */
import type { RecordContent } from '@witness/record';
import type { PersonActivity, Scene, ServiceActivity } from './activity.ts';
import { openOtherMailbox, signInToCloud, useMail, useSite } from './cloud-activities.ts';
import { changeDirectory, changePolicy, logOn, logOnService } from './directory-activities.ts';
import { backUpFile, touchFile } from './file-activities.ts';
import type { Incident, PlantedIncident } from './incident-stage.ts';
import { plantIncidents } from './incidents.ts';
import { createOrganisation, type Person } from './organisation.ts';
import {
  batchOracle,
  batchSql,
  changeMachine,
  changeServer,
  queryOracle,
  querySql,
  snapshotMachine,
} from './platform-activities.ts';
import { createRandom, mix, type Random, weighted } from './random.ts';
import { MINUTE_MS, minuteWeights } from './rhythm.ts';

export interface EstateOptions {
  readonly seed: number;
  /** UTC milliseconds; every record is before it. */
  readonly endsAt: number;
  readonly days?: number;
  /** All records, those of the incidents included. */
  readonly records?: number;
  readonly users?: number;
  readonly servers?: number;
}

export interface Estate {
  readonly startsAt: number;
  readonly endsAt: number;
  /** How many records `batches` gives in all. */
  readonly records: number;
  readonly dataSources: readonly string[];
  readonly incidents: readonly Incident[];
  /** Oldest first, every batch but the last of that size. Each call begins anew and gives the same. */
  readonly batches: (batchSize: number) => Iterable<RecordContent[]>;
}

export const DATA_SOURCES = [
  'Active Directory',
  'Group Policy',
  'Logon Activity',
  'Windows Server',
  'File Servers',
  'Exchange',
  'Exchange Online',
  'Entra ID',
  'SharePoint Online',
  'SQL Server',
  'VMware',
  'Oracle Database',
] as const;

/** In a thousand things people do. */
const drawPersonActivity = weighted<PersonActivity>([
  [455, touchFile],
  [235, logOn],
  [85, useSite],
  [70, useMail],
  [55, querySql],
  [40, signInToCloud],
  [22, queryOracle],
  [14, changeDirectory],
  [10, openOtherMailbox],
  [6, changeServer],
  [5, changeMachine],
  [1, changePolicy],
]);

const drawServiceActivity = weighted<ServiceActivity>([
  [400, backUpFile],
  [250, batchSql],
  [180, logOnService],
  [140, batchOracle],
  [30, snapshotMachine],
]);

/** Some people do many times what others do. */
const PEOPLE_SKEW = 1.8;

const FULL_SCALE_RECORDS = 1_000_000;

/** Weights of the minutes up to and including each; the last is the total. */
const cumulativeWeights = (firstMinute: number, minutes: number): Float64Array => {
  const sums = new Float64Array(minutes);
  let sum = 0;
  for (let index = 0; index < minutes; index += 1) {
    for (const weight of minuteWeights(firstMinute + index)) sum += weight;
    sums[index] = sum;
  }
  return sums;
};

/** Which site's people, or the jobs (the index behind the sites), act next. */
const drawIndex = (random: Random, weights: readonly number[]): number => {
  let at = random.unit() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let index = 0; index < weights.length; index += 1) {
    at -= weights[index] ?? 0;
    if (at < 0) return index;
  }
  return weights.length - 1;
};

const ordinaryRecord = (scene: Scene, weights: readonly number[], when: number): RecordContent => {
  const { random, organisation } = scene;
  const people = organisation.peopleOfSite[drawIndex(random, weights)];
  if (!people || people.length === 0) {
    return drawServiceActivity(random)(scene, random.pick(organisation.serviceAccounts), when);
  }
  const person = people[random.skewed(people.length, PEOPLE_SKEW)] as Person;
  return drawPersonActivity(random)(scene, person, when);
};

interface Plan {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly ordinary: number;
  readonly planted: readonly RecordContent[];
}

/** Every record in order of time: the ordinary ones minute by minute, the planted ones where they belong. */
const everyRecord = function* (scene: Scene, plan: Plan): Generator<RecordContent> {
  const { startsAt, endsAt, ordinary, planted } = plan;
  const minutes = Math.max(1, Math.ceil((endsAt - startsAt) / MINUTE_MS));
  const firstMinute = Math.floor(startsAt / MINUTE_MS);
  const sums = cumulativeWeights(firstMinute, minutes);
  const total = sums[minutes - 1] ?? 1;
  let given = 0;
  let next = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    const due = Math.round(((sums[minute] ?? total) / total) * ordinary);
    const count = due - given;
    given = due;
    const from = startsAt + minute * MINUTE_MS;
    const room = Math.min(MINUTE_MS, endsAt - from);
    const weights = minuteWeights(firstMinute + minute);
    for (let index = 0; index < count; index += 1) {
      const when = from + Math.floor(((index + scene.random.unit()) / count) * room);
      for (let other = planted[next]; other && other.when <= when; other = planted[next]) {
        yield other;
        next += 1;
      }
      yield ordinaryRecord(scene, weights, when);
    }
  }
  yield* planted.slice(next);
};

const toIncident = ({ records: _, ...incident }: PlantedIncident): Incident => incident;

export const createEstate = (options: EstateOptions): Estate => {
  const {
    seed,
    endsAt,
    days = 30,
    records = FULL_SCALE_RECORDS,
    users = 500,
    servers = 40,
  } = options;
  const startsAt = endsAt - days * 24 * 60 * MINUTE_MS;
  const organisation = createOrganisation({ seed, users, servers });
  const incidents = plantIncidents({
    random: createRandom(mix(seed) ^ 0x1c1de57),
    organisation,
    startsAt,
    endsAt,
    scale: records / FULL_SCALE_RECORDS,
  });
  const planted = incidents.flatMap((incident) => incident.records).sort((a, b) => a.when - b.when);
  const ordinary = Math.max(0, records - planted.length);

  const batches = function* (batchSize: number): Generator<RecordContent[]> {
    const scene: Scene = { random: createRandom(seed), organisation };
    let batch: RecordContent[] = [];
    for (const record of everyRecord(scene, { startsAt, endsAt, ordinary, planted })) {
      batch.push(record);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  };

  return {
    startsAt,
    endsAt,
    records: ordinary + planted.length,
    dataSources: DATA_SOURCES,
    incidents: incidents.map(toIncident),
    batches,
  };
};
