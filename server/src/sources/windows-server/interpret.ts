import type { WindowsEvent } from '../../codecs/index.ts';
import {
  accountChange,
  EVENT_LOG_SERVICE,
  eventRecord,
  type ManagedClass,
  SECURITY_AUDITING,
  SERVICE_CONTROL_MANAGER,
  SUBJECT,
  sessionOf,
  sidFacts,
  subjectActor,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { EVENT_LOG_EVENTS, SECURITY_EVENTS, SERVICE_EVENTS } from './computer-events.ts';

export const WINDOWS_SERVER_TITLE = 'Windows Server';

const BY_PROVIDER = new Map([
  [SECURITY_AUDITING, SECURITY_EVENTS],
  [EVENT_LOG_SERVICE, EVENT_LOG_EVENTS],
  [SERVICE_CONTROL_MANAGER, SERVICE_EVENTS],
]);

const LOCAL_TYPES: Readonly<Record<ManagedClass, string>> = {
  user: 'Local User',
  computer: 'Local User',
  group: 'Local Group',
};

const localAccountChange = (event: WindowsEvent): Interpretation => {
  const change = accountChange(event);
  const record = eventRecord(event, {
    dataSource: WINDOWS_SERVER_TITLE,
    actor: subjectActor(event),
    action: change.action,
    objectType: LOCAL_TYPES[change.managedClass],
    what: change.account,
    workstation: change.workstation,
    session: sessionOf(event),
    // A computer outside a directory has one type of group only.
    details: change.details.filter((detail) => detail.property !== 'Group type'),
  });
  return { drafts: [record], sids: sidFacts(event, SUBJECT, ...change.sidFields) };
};

/** One record per event. Pure; throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretComputerEvent = (event: WindowsEvent): Interpretation => {
  const read = BY_PROVIDER.get(event.provider)?.get(event.eventId);
  if (read === undefined) return localAccountChange(event);
  const record = eventRecord(event, { dataSource: WINDOWS_SERVER_TITLE, ...read(event) });
  return { drafts: [record], sids: sidFacts(event, SUBJECT) };
};
