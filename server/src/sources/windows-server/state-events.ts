/**
 * The computer's clock, its starts and stops, and what befell its event logs. Source: Microsoft, "4616(S)", "1100(S)", "1101(S)"; the messages of
 * EventLog 6005-6008, User32 1074 and Kernel-Power 41.
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  field,
  namedActor,
  sessionOf,
  subjectActor,
  unknownActor,
  userDataField,
} from '../../windows-events/index.ts';
import {
  type ComputerChange,
  MODIFIED,
  optionalDetail,
  type ReadChange,
} from './computer-change.ts';

/** Windows Vista wrote day and time apart. */
const timeOf = (event: WindowsEvent, which: 'Previous' | 'New'): string | undefined => {
  const time = field(event, `${which}Time`);
  const day = field(event, `${which}Date`);
  return day === undefined || time === undefined ? time : `${day} ${time}`;
};

export const timeChanged = (event: WindowsEvent): ComputerChange => {
  const before = timeOf(event, 'Previous');
  const after = timeOf(event, 'New');
  return {
    action: MODIFIED,
    objectType: 'System Time',
    what: 'System Time',
    actor: subjectActor(event),
    session: sessionOf(event),
    details: [
      {
        property: 'Time',
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      },
      ...optionalDetail('Process', field(event, 'ProcessName')),
    ],
  };
};

const NOBODY = {
  reason: 'Windows writes this by itself; the event names nobody.',
  fix: 'Event 1074 in the System log names who restarted or shut down the computer.',
};

const computerState =
  (state: string, more: (event: WindowsEvent) => Detail[] = () => []): ReadChange =>
  (event) => ({
    action: MODIFIED,
    objectType: 'Computer',
    what: event.computer,
    actor: unknownActor(NOBODY),
    details: [{ property: 'State', after: state }, ...more(event)],
  });

const valueAt = (event: WindowsEvent, at: number): string | undefined =>
  event.data[at]?.value.trim() || undefined;

/** Data: time and day of the last sign of life. */
const lastSeen = (event: WindowsEvent): Detail[] => {
  const seen = [valueAt(event, 1), valueAt(event, 0)].filter((part) => part !== undefined);
  return optionalDetail('Last running', seen.length === 0 ? undefined : seen.join(' '));
};

const stopActor = (event: WindowsEvent): Actor => {
  const user = field(event, 'param7');
  return user === undefined ? unknownActor(NOBODY) : namedActor(user);
};

/** param1 program, param3 reason, param4 its code, param5 kind, param6 comment, param7 user. */
const stopRequested: ReadChange = (event) => ({
  action: MODIFIED,
  objectType: 'Computer',
  what: event.computer,
  actor: stopActor(event),
  details: [
    { property: 'State', after: 'Stop requested' },
    ...optionalDetail('Kind', field(event, 'param5')),
    ...optionalDetail('Reason', field(event, 'param3')),
    ...optionalDetail('Reason code', field(event, 'param4')),
    ...optionalDetail('Comment', field(event, 'param6')),
    ...optionalDetail('Program', field(event, 'param1')),
  ],
});

const bugcheck = (event: WindowsEvent): Detail[] => {
  const code = field(event, 'BugcheckCode');
  return code === undefined || code === '0' ? [] : [{ property: 'Stop error', after: code }];
};

export const SERVICE_STATE_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [6005, computerState('Started')],
  [6006, computerState('Stopped')],
  [6008, computerState('Stopped unexpectedly', lastSeen)],
]);

export const STOP_EVENTS: ReadonlyMap<number, ReadChange> = new Map([[1074, stopRequested]]);

export const POWER_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [41, computerState('Started after it had not been shut down properly', bugcheck)],
]);

const BY_ITSELF = {
  reason: 'The event log service writes this by itself; the event names nobody.',
  fix: 'Look at the events of the same computer and moment in the System log.',
};

const logState =
  (state: string): ReadChange =>
  (event) => ({
    action: MODIFIED,
    objectType: 'Event Log',
    what: `Event Log\\${event.channel}`,
    actor: unknownActor(BY_ITSELF),
    details: [
      { property: 'State', after: state },
      ...optionalDetail('Reason', userDataField(event, 'Reason')),
    ],
  });

export const LOG_STATE_EVENTS: ReadonlyMap<number, ReadChange> = new Map([
  [1100, logState('Logging service stopped')],
  [1101, logState('Events lost')],
]);
