/** Events about the computer itself, one function each. Source: Microsoft's page of each Security event; Service Control Manager for 7040, 7045. */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  appendDetails,
  auditSubcategory,
  type DetailSpec,
  field,
  isOwnLogonId,
  type LogonSession,
  listOf,
  messageText,
  rawField,
  scheduledTaskDetails,
  serviceTypeWords,
  sessionOf,
  shortHex,
  startModeWords,
  subjectActor,
  userDataActor,
  userDataField,
} from '../../windows-events/index.ts';
import { type ComputerChange, type ReadChange, requiredField } from './computer-change.ts';
import { DEVICE_SECURITY_EVENTS } from './device-events.ts';
import { FIREWALL_SECURITY_EVENTS } from './firewall-events.ts';
import { registryValueChanged } from './registry-events.ts';
import { LOG_STATE_EVENTS, timeChanged } from './state-events.ts';
import { USER_RIGHT_EVENTS } from './user-right-events.ts';

/** The Security log names its own clearing in no field. */
const clearedLog = (event: WindowsEvent): string =>
  event.eventId === 1102 ? event.channel : (userDataField(event, 'Channel') ?? event.channel);

const logonIdSession = (event: WindowsEvent): LogonSession | undefined => {
  const logonId = shortHex(userDataField(event, 'SubjectLogonId') ?? '');
  return isOwnLogonId(logonId) ? { computer: event.computer, logonId } : undefined;
};

const logCleared = (event: WindowsEvent): ComputerChange => {
  const backup = userDataField(event, 'BackupPath');
  return {
    action: 'Modified',
    objectType: 'Event Log',
    what: `Event Log\\${clearedLog(event)}`,
    actor: userDataActor(event),
    session: logonIdSession(event),
    details: [
      { property: 'State', after: 'Cleared' },
      ...(backup === undefined ? [] : [{ property: 'Saved to', after: backup }]),
    ],
  };
};

const NO_CALLER = {
  reason:
    'The event names no account: the System log carries only the SID of the caller, and here not even that.',
  fix: 'Audit Security System Extension: event 4697 in the Security log names who installed a service.',
};

const INSTALLED: readonly DetailSpec[] = [
  { field: 'ImagePath', property: 'Path' },
  { field: 'ServiceFileName', property: 'Path' },
  { field: 'ServiceType', property: 'Service type', words: serviceTypeWords },
  { field: 'StartType', property: 'Start mode', words: startModeWords },
  { field: 'ServiceStartType', property: 'Start mode', words: startModeWords },
  { field: 'AccountName', property: 'Account' },
  { field: 'ServiceAccount', property: 'Account' },
];

/** Drivers are installed as services are. */
const DRIVER_TYPES: ReadonlySet<string> = new Set([
  'kernel mode driver',
  'file system driver',
  'adapter',
  'recognizer driver',
]);

const serviceInstalled = (event: WindowsEvent): ComputerChange => {
  const isDriver = DRIVER_TYPES.has(serviceTypeWords(field(event, 'ServiceType') ?? ''));
  return {
    action: 'Added',
    objectType: isDriver ? 'Driver' : 'Service',
    what: `${isDriver ? 'Drivers' : 'Services'}\\${requiredField(event, 'ServiceName')}`,
    actor: subjectActor(event, NO_CALLER),
    session: sessionOf(event),
    details: appendDetails([], event, INSTALLED),
  };
};

/** param1 display name, param2 old mode, param3 new mode, param4 name. */
const startModeChanged = (event: WindowsEvent): ComputerChange => {
  const displayName = requiredField(event, 'param1');
  const before = field(event, 'param2');
  const after = field(event, 'param3');
  return {
    action: 'Modified',
    objectType: 'Service',
    what: `Services\\${field(event, 'param4') ?? displayName}`,
    actor: subjectActor(event, NO_CALLER),
    details: [
      { property: 'Display name', after: displayName },
      {
        property: 'Start mode',
        ...(before !== undefined && { before: startModeWords(before) }),
        ...(after !== undefined && { after: startModeWords(after) }),
      },
    ],
  };
};

const TASK_ACTIONS: Readonly<Record<number, ComputerChange['action']>> = {
  4698: 'Added',
  4699: 'Removed',
  4700: 'Modified',
  4701: 'Modified',
  4702: 'Modified',
};

const TASK_STATES: Readonly<Record<number, Detail>> = {
  4700: { property: 'State', before: 'Disabled', after: 'Enabled' },
  4701: { property: 'State', before: 'Enabled', after: 'Disabled' },
};

const taskChanged = (event: WindowsEvent): ComputerChange => {
  const name = requiredField(event, 'TaskName');
  const definition = field(event, 'TaskContentNew') ?? field(event, 'TaskContent');
  const state = TASK_STATES[event.eventId];
  return {
    action: TASK_ACTIONS[event.eventId] ?? 'Modified',
    objectType: 'Scheduled Task',
    what: `Scheduled Tasks\\${name.replace(/^\\+/, '')}`,
    actor: subjectActor(event),
    session: sessionOf(event),
    details: [
      ...(state === undefined ? [] : [state]),
      ...(definition === undefined ? [] : scheduledTaskDetails(definition)),
    ],
  };
};

const POLICY_CHANGES: ReadonlyMap<string, Detail> = new Map([
  ['%%8448', { property: 'Audit success', before: 'Yes', after: 'No' }],
  ['%%8449', { property: 'Audit success', before: 'No', after: 'Yes' }],
  ['%%8450', { property: 'Audit failure', before: 'Yes', after: 'No' }],
  ['%%8451', { property: 'Audit failure', before: 'No', after: 'Yes' }],
]);

const policyDetail = (reference: string): Detail =>
  POLICY_CHANGES.get(reference) ?? {
    property: 'Change',
    after: messageText(reference) ?? reference,
  };

const auditPolicyChanged = (event: WindowsEvent): ComputerChange => {
  const guid = requiredField(event, 'SubcategoryGuid');
  const known = auditSubcategory(guid);
  return {
    action: 'Modified',
    objectType: 'Audit Policy',
    what: known ? `Audit Policy\\${known.category}\\${known.name}` : `Audit Policy\\${guid}`,
    actor: subjectActor(event),
    session: sessionOf(event),
    details: listOf(rawField(event, 'AuditPolicyChanges') ?? '').map(policyDetail),
  };
};

export const SECURITY_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [4616, timeChanged],
  [4657, registryValueChanged],
  [4697, serviceInstalled],
  [4698, taskChanged],
  [4699, taskChanged],
  [4700, taskChanged],
  [4701, taskChanged],
  [4702, taskChanged],
  [4719, auditPolicyChanged],
  ...DEVICE_SECURITY_EVENTS,
  ...FIREWALL_SECURITY_EVENTS,
  ...USER_RIGHT_EVENTS,
]);

export const EVENT_LOG_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [104, logCleared],
  [1102, logCleared],
  ...LOG_STATE_EVENTS,
]);

export const SERVICE_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [7040, startModeChanged],
  [7045, serviceInstalled],
]);
