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
import type { ReadChange } from './computer-change.ts';
import { EVENT_LOG_EVENTS, SECURITY_EVENTS, SERVICE_EVENTS } from './computer-events.ts';
import {
  USER_MODE_DRIVER_EVENTS,
  USER_MODE_DRIVERS,
  USER_PNP,
  USER_PNP_EVENTS,
} from './device-events.ts';
import { DNS_EVENTS, DNS_SERVER } from './dns-events.ts';
import { FIREWALL, FIREWALL_EVENTS } from './firewall-events.ts';
import { programPart } from './join-programs.ts';
import { MSI_INSTALLER, PROGRAM_EVENTS } from './program-events.ts';
import { POWER_EVENTS, SERVICE_STATE_EVENTS, STOP_EVENTS } from './state-events.ts';

export const WINDOWS_SERVER_TITLE = 'Windows Server';

/** What is read from which event, by provider and event id. */
export const COMPUTER_EVENTS: ReadonlyMap<string, ReadonlyMap<number, ReadChange>> = new Map([
  [SECURITY_AUDITING, SECURITY_EVENTS],
  [EVENT_LOG_SERVICE, EVENT_LOG_EVENTS],
  [SERVICE_CONTROL_MANAGER, SERVICE_EVENTS],
  [FIREWALL, FIREWALL_EVENTS],
  [USER_PNP, USER_PNP_EVENTS],
  [USER_MODE_DRIVERS, USER_MODE_DRIVER_EVENTS],
  [MSI_INSTALLER, PROGRAM_EVENTS],
  [DNS_SERVER, DNS_EVENTS],
  ['EventLog', SERVICE_STATE_EVENTS],
  ['User32', STOP_EVENTS],
  ['Microsoft-Windows-Kernel-Power', POWER_EVENTS],
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

/** One record per event, or a part of one. Pure; throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretComputerEvent = (event: WindowsEvent): Interpretation => {
  const read = COMPUTER_EVENTS.get(event.provider)?.get(event.eventId);
  if (read === undefined) return localAccountChange(event);
  const record = eventRecord(event, { dataSource: WINDOWS_SERVER_TITLE, ...read(event) });
  if (event.provider === MSI_INSTALLER) return programPart(event, record);
  return { drafts: [record], sids: sidFacts(event, SUBJECT) };
};
