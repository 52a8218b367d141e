/** Turns what an interpreter found into a record with the event's own identity and within the record's limits. */
import { type Detail, RECORD_LIMITS, type RecordContent } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import type { Actor } from './actor.ts';

export interface LogonSession {
  readonly computer: string;
  readonly logonId: string;
}

export interface EventRecord extends Omit<RecordContent, 'plan' | 'item'> {
  readonly identity: string;
  readonly session?: LogonSession;
  readonly whoSid?: string;
}

export interface EventFindings {
  readonly dataSource: string;
  readonly actor: Actor;
  readonly action: string;
  readonly objectType: string;
  readonly what: string;
  /** The computer when absent. */
  readonly where?: string;
  readonly workstation?: string | undefined;
  readonly session?: LogonSession | undefined;
  readonly details: Detail[];
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Windows writes seven or nine digits of a second, the last two always zero: the identity must not depend on it. */
const withoutTrailingZeros = (systemTime: string): string => {
  let end = systemTime.length;
  if (systemTime.endsWith('Z')) end -= 1;
  while (end > 20 && systemTime.charCodeAt(end - 1) === 48) end -= 1;
  return systemTime.slice(0, end);
};

export const eventIdentity = (event: WindowsEvent): string =>
  `${event.computer}|${event.channel}|${event.recordId}|${withoutTrailingZeros(event.systemTime)}`;

/** Longer than its column: shortened there, whole in a detail, so that nothing is lost. */
const fit = (text: string, property: string, details: Detail[]): string => {
  const lengthMax = RECORD_LIMITS.whoLength;
  if (text.length <= lengthMax) return text;
  details.push({ property: `${property} (full)`, after: text });
  return `${text.slice(0, lengthMax - 1)}…`;
};

/** Takes over the details array. */
export const eventRecord = (event: WindowsEvent, findings: EventFindings): EventRecord => {
  const { actor, details, workstation, session } = findings;
  if (actor.explanation !== undefined) details.push(actor.explanation);
  const record: Writable<EventRecord> = {
    who: fit(actor.who, 'Who', details),
    whoKnownBy: actor.whoKnownBy,
    action: findings.action,
    what: findings.what,
    when: event.when,
    where: fit(findings.where ?? event.computer, 'Where', details),
    objectType: fit(findings.objectType, 'Object type', details),
    dataSource: findings.dataSource,
    details,
    identity: eventIdentity(event),
  };
  if (workstation !== undefined) record.workstation = workstation;
  if (session !== undefined) record.session = session;
  if (actor.whoSid !== undefined) record.whoSid = actor.whoSid;
  return record;
};
