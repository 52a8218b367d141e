/** What an event about a computer says, before it becomes a record. */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  field,
  type LogonSession,
  MANAGEMENT_ACTIONS,
  sidActor,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';

export const ADDED = 'Added';
export const REMOVED = 'Removed';
export const MODIFIED = 'Modified';
export const ADD_FAILED = 'Add (Failed Attempt)';
export const REMOVE_FAILED = 'Remove (Failed Attempt)';

export const COMPUTER_ACTIONS: readonly string[] = [
  ...new Set([...MANAGEMENT_ACTIONS, ADDED, REMOVED, MODIFIED, ADD_FAILED, REMOVE_FAILED]),
];

export interface ComputerChange {
  readonly action: string;
  readonly objectType: string;
  readonly what: string;
  readonly actor: Actor;
  readonly workstation?: string | undefined;
  readonly session?: LogonSession | undefined;
  readonly details: Detail[];
}

export type ReadChange = (event: WindowsEvent) => ComputerChange;

export const missingField = (event: WindowsEvent, name: string): never => {
  throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', { eventId: event.eventId, field: name });
};

export const requiredField = (event: WindowsEvent, name: string): string =>
  field(event, name) ?? missingField(event, name);

export const optionalDetail = (property: string, after: string | undefined): Detail[] =>
  after === undefined ? [] : [{ property, after }];

/** Whether a SID is that of a service of Windows: it then wrote on behalf of somebody the event does not name. */
const isServiceSid = (sid: string): boolean => /^S-1-5-(?:18|19|20)$/.test(sid);

/** The actor by a SID that is who acted when it is a person's, and says nothing when it is a service's. */
export const personActor = (
  sid: string | undefined,
  unknown: Parameters<typeof unknownActor>[0],
): Actor => (sid === undefined || isServiceSid(sid) ? unknownActor(unknown) : sidActor(sid));
