/** What one kind of activity is: how often it happens and how its record looks. */
import type { Detail, RecordContent } from '@witness/record';
import type { Organisation, Person } from './organisation.ts';
import type { Random } from './random.ts';

export interface Scene {
  readonly random: Random;
  readonly organisation: Organisation;
}

/** Something a person does at work. */
export type PersonActivity = (scene: Scene, person: Person, when: number) => RecordContent;

/** Something a service account does, mostly at night. */
export type ServiceActivity = (scene: Scene, account: string, when: number) => RecordContent;

export const NO_DETAILS: readonly Detail[] = [];

export const changed = (property: string, before: string, after: string): Detail => ({
  property,
  before,
  after,
});

export const noted = (property: string, after: string): Detail => ({ property, after });

/** An administrator of the person's site when there is one, else any. */
export const administratorFor = ({ organisation, random }: Scene, person: Person): Person => {
  const { administrators } = organisation;
  const first = random.below(administrators.length);
  for (let step = 0; step < administrators.length; step += 1) {
    const candidate = administrators[(first + step) % administrators.length];
    if (candidate?.site === person.site) return candidate;
  }
  return administrators[first] ?? person;
};

export const adminAccountOf = (person: Person): string => person.adminAccount ?? person.account;
