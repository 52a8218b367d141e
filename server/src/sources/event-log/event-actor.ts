/** Who an event is about, when it says so. */
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  field,
  isAccountSid,
  isNullSid,
  namedActor,
  SYSMON,
  sidActor,
  subjectActor,
  unknownActor,
  userDataActor,
  userDataField,
  wellKnownName,
} from '../../windows-events/index.ts';

interface ActorFields {
  readonly name?: string;
  readonly sid?: string;
  readonly fix: string;
}

const ASK_SECURITY_LOG = 'Look at the events of the same computer and moment in the Security log.';

/** Providers that write in their own name about what others did, and where they say who. */
const ACTOR_FIELDS: ReadonlyMap<string, ActorFields> = new Map<string, ActorFields>([
  [
    SYSMON,
    {
      name: 'User',
      fix: 'Sysmon 13 and later name the user in most events; for others look at the events of the same process.',
    },
  ],
  [
    'Microsoft-Windows-Windows Firewall With Advanced Security',
    { sid: 'ModifyingUser', fix: ASK_SECURITY_LOG },
  ],
  ['User32', { name: 'param7', fix: ASK_SECURITY_LOG }],
]);

const actorBy = (event: WindowsEvent, at: ActorFields): Actor => {
  const name = at.name && field(event, at.name);
  if (name) return namedActor(name);
  const sid = at.sid && field(event, at.sid);
  return sid
    ? sidActor(sid)
    : unknownActor({ reason: 'The event does not name the user.', fix: at.fix });
};

/**
 * UserID is the account the writing program ran as. Of a person's account that is who acted; a service's account only
 * says which service wrote the event, not who made it do so.
 */
const writerActor = (event: WindowsEvent): Actor => {
  const sid = event.userSid;
  if (sid === undefined || isNullSid(sid)) {
    return unknownActor({ reason: 'The event names no account.', fix: ASK_SECURITY_LOG });
  }
  if (isAccountSid(sid)) return sidActor(sid);
  return unknownActor({
    reason: `The event names no account. A service that runs as ${wellKnownName(sid) ?? sid} wrote it, which does not say who caused it.`,
    fix: ASK_SECURITY_LOG,
  });
};

const hasSubject = (read: typeof field, event: WindowsEvent): boolean =>
  read(event, 'SubjectUserName') !== undefined ||
  !isNullSid(read(event, 'SubjectUserSid') ?? 'S-1-0-0');

/** By the provider's own fields, else the Subject of the event, else the account that wrote it. */
export const eventActor = (event: WindowsEvent): Actor => {
  const at = ACTOR_FIELDS.get(event.provider);
  if (at !== undefined) return actorBy(event, at);
  if (hasSubject(field, event)) return subjectActor(event);
  if (hasSubject(userDataField, event)) return userDataActor(event);
  return writerActor(event);
};
