/**
 * The cmdlet events of the channel `MSExchange Management`. Source: events of Exchange 2013 to 2019; their data have no names: cmdlet,
 * parameters, caller, SIDs of the caller and of the account it ran as, client application, process, then text for support.
 */
import { type Detail, RECORD_LIMITS } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  eventRecord,
  namedActor,
  sidActor,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { type CmdletParameter, parseCmdletParameters } from './cmdlet-parameters.ts';
import { cmdletMeaning, failedAttempt, isSecretParameter, objectParameter } from './cmdlets.ts';

export const EXCHANGE_TITLE = 'Exchange';

export const CMDLET_SUCCEEDED = 1;
export const CMDLET_FAILED = 6;

const CMDLET = 0;
const PARAMETERS = 1;
const CALLER = 2;
const CALLER_SID = 3;
const RAN_AS_SID = 4;
const CLIENT = 5;
const PROCESS = 6;
const ERROR = 11;

const HIDDEN = '******';

const valueAt = (event: WindowsEvent, at: number): string | undefined =>
  event.data[at]?.value.trim() || undefined;

const NO_CALLER = {
  reason: 'The event names no caller.',
  fix: 'Look at the logon events of the same computer and moment in the Security log.',
};

const SID = /^S-1-\d+(?:-\d+)+$/;

/** The caller as Exchange writes it, mostly the path of the account: `contoso.com/Users/admin`. */
const actorOf = (event: WindowsEvent): Actor => {
  const caller = valueAt(event, CALLER);
  if (caller !== undefined) return SID.test(caller) ? sidActor(caller) : namedActor(caller);
  const sid = valueAt(event, CALLER_SID);
  return sid !== undefined && SID.test(sid) ? sidActor(sid) : unknownActor(NO_CALLER);
};

const parameterDetail = ({ name, value }: CmdletParameter): Detail => {
  const property = name.slice(0, RECORD_LIMITS.propertyLength) || 'Parameter';
  if (value === undefined) return { property, after: 'Yes' };
  return { property, after: isSecretParameter(name, value) ? HIDDEN : value };
};

const SHOWN: readonly (readonly [at: number, property: string])[] = [
  [CALLER_SID, 'Caller SID'],
  [CLIENT, 'Client application'],
  [PROCESS, 'Process'],
];

const shown = (event: WindowsEvent): Detail[] =>
  SHOWN.flatMap(([at, property]) => {
    const after = valueAt(event, at);
    return after === undefined ? [] : [{ property, after }];
  });

const ranAs = (event: WindowsEvent): Detail[] => {
  const sid = valueAt(event, RAN_AS_SID);
  return sid === undefined || sid === valueAt(event, CALLER_SID)
    ? []
    : [{ property: 'Ran as SID', after: sid }];
};

const errorDetail = (event: WindowsEvent): Detail[] => {
  const after = event.eventId === CMDLET_FAILED ? valueAt(event, ERROR) : undefined;
  return after === undefined ? [] : [{ property: 'Error', after }];
};

const objectOf = (parameters: readonly CmdletParameter[]): string | undefined =>
  parameters[objectParameter(parameters.map(({ name }) => name))]?.value;

/** One record per event. Pure; throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretCmdlet = (event: WindowsEvent): Interpretation => {
  const cmdlet = valueAt(event, CMDLET);
  if (cmdlet === undefined) {
    throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
      eventId: event.eventId,
      field: 'cmdlet',
    });
  }
  const meaning = cmdletMeaning(cmdlet);
  const parameters = parseCmdletParameters(valueAt(event, PARAMETERS) ?? '');
  const record = eventRecord(event, {
    dataSource: EXCHANGE_TITLE,
    actor: actorOf(event),
    action: event.eventId === CMDLET_FAILED ? failedAttempt(meaning.action) : meaning.action,
    objectType: meaning.objectType,
    what: objectOf(parameters) || meaning.objectType,
    details: [
      { property: 'Cmdlet', after: cmdlet },
      ...(meaning.enabled === undefined ? [] : [{ property: 'Enabled', after: meaning.enabled }]),
      ...parameters.map(parameterDetail),
      ...errorDetail(event),
      ...shown(event),
      ...ranAs(event),
    ],
  });
  return { drafts: [record] };
};
