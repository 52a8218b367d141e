/** Who did it, and how that is known. Never guessed: without a name or SID the actor is unknown and the detail says why. */
import { type Detail, unknownActor as unknownWho, type WhoKnownBy } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import { accountName } from './accounts.ts';
import { field, userDataField } from './fields.ts';
import { isNullSid, wellKnownName } from './well-known-sids.ts';

export interface Actor {
  readonly who: string;
  readonly whoKnownBy: WhoKnownBy;
  /** SID that may still be resolved, when no name is known. */
  readonly whoSid?: string;
  /** Says why the actor is unknown; goes into the record's details. */
  readonly explanation?: Detail;
}

/** Why nobody can tell, and what would make it known next time: one sentence each. */
export interface Unknown {
  readonly reason: string;
  readonly fix: string;
}

export const namedActor = (who: string): Actor => ({ who, whoKnownBy: 'event' });

export const unknownActor = ({ reason, fix }: Unknown): Actor => {
  const { who, whoKnownBy, detail } = unknownWho(reason, fix);
  return { who, whoKnownBy, explanation: detail };
};

const NULL_SID: Unknown = {
  reason: 'The event carries the NULL SID, which stands for nobody.',
  fix: 'Look at the events of the same computer and moment.',
};

/** The actor of an event that names only a SID. */
export const sidActor = (sid: string): Actor => {
  if (isNullSid(sid)) return unknownActor(NULL_SID);
  const name = wellKnownName(sid);
  if (name !== undefined) return { who: name, whoKnownBy: 'lookup' };
  const unknown = unknownActor({
    reason: `The event carries only the SID ${sid}.`,
    fix: 'Collect the Security log of the computer and of its domain controllers: an event that names the account makes it known.',
  });
  return { ...unknown, whoSid: sid };
};

const NO_SUBJECT: Unknown = {
  reason: 'The event names no account: its Subject fields are empty.',
  fix: 'Look at the events of the same computer and moment.',
};

type Read = (event: WindowsEvent, name: string) => string | undefined;

const subjectBy =
  (read: Read) =>
  (event: WindowsEvent, unknown: Unknown = NO_SUBJECT): Actor => {
    const name = read(event, 'SubjectUserName');
    if (name !== undefined) {
      return namedActor(accountName(read(event, 'SubjectDomainName'), name));
    }
    const sid = read(event, 'SubjectUserSid') ?? event.userSid;
    return sid === undefined || isNullSid(sid) ? unknownActor(unknown) : sidActor(sid);
  };

/** The account in SubjectUserName, else in SubjectUserSid, else the one in whose name the event was written. */
export const subjectActor = subjectBy(field);

/** The same for events whose subject is in UserData (1102, 104). */
export const userDataActor = subjectBy(userDataField);
