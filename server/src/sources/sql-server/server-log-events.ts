/**
 * What SQL Server itself writes to the Application log: logons and changes of its configuration options.
 * Source: Microsoft, "MSSQLSERVER_18456" and `sys.messages` 15457, 18453-18456; data have no names.
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  eventRecord,
  isAccountSid,
  namedActor,
  sidActor,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { FAILED_LOGON, MODIFIED, SUCCESSFUL_LOGON } from './audit-actions.ts';
import { INSTANCE_TYPE, LOGON_TYPE } from './audit-classes.ts';
import { SQL_SERVER_TITLE } from './audit-event.ts';
import { clientWorkstation, instanceName } from './instance.ts';
import { readLogonText, reasonCause } from './logon-causes.ts';

const valueAt = (event: WindowsEvent, at: number): string | undefined =>
  event.data[at]?.value.trim() || undefined;

const NO_ACCOUNT = {
  reason: 'SQL Server writes a change of its options without the login that made it.',
  fix: 'Audit executions of sp_configure (SCHEMA_OBJECT_ACCESS_GROUP or SERVER_OPERATION_GROUP): event 33205 names the login.',
};

/** SQL Server writes in the name of the Windows account whose session it is; SQL Server logins have none. */
const sessionActor = ({ userSid }: WindowsEvent): Actor =>
  userSid !== undefined && isAccountSid(userSid) ? sidActor(userSid) : unknownActor(NO_ACCOUNT);

/** Data: option, old value, new value. */
const optionChanged = (event: WindowsEvent): Interpretation => {
  const option = valueAt(event, 0);
  if (option === undefined) {
    throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
      eventId: event.eventId,
      field: 'option',
    });
  }
  const before = valueAt(event, 1);
  const after = valueAt(event, 2);
  const instance = instanceName(event);
  const change: Detail = {
    property: option.slice(0, 255),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
  const record = eventRecord(event, {
    dataSource: SQL_SERVER_TITLE,
    actor: sessionActor(event),
    action: MODIFIED,
    objectType: INSTANCE_TYPE,
    what: instance,
    where: instance,
    details: [change],
  });
  return { drafts: [record] };
};

const NO_LOGIN = {
  reason: 'The event names no login: the attempt ended before SQL Server knew whose it was.',
  fix: 'Look at the client address and at the logon events of the same computer and moment in the Security log.',
};

const AUTHENTICATION: Readonly<Record<number, string>> = {
  18453: 'Windows',
  18454: 'SQL Server',
};

const causeDetails = (reason: string | undefined): Detail[] => {
  if (reason === undefined) return [];
  const words = reasonCause(reason);
  return words === undefined
    ? [{ property: 'Cause', after: reason }]
    : [
        { property: 'Cause', after: words },
        { property: 'Reason', after: reason },
      ];
};

/** Data: login, then SQL Server's sentences and the client in brackets, in one or several values. */
const logon = (event: WindowsEvent): Interpretation => {
  const login = valueAt(event, 0);
  const { reason, client } = readLogonText(
    event.data
      .slice(1)
      .map(({ value }) => value)
      .join(' '),
  );
  const isFailed = event.eventId === 18456;
  const authentication = AUTHENTICATION[event.eventId];
  const instance = instanceName(event);
  const record = eventRecord(event, {
    dataSource: SQL_SERVER_TITLE,
    actor: login === undefined ? unknownActor(NO_LOGIN) : namedActor(login),
    action: isFailed ? FAILED_LOGON : SUCCESSFUL_LOGON,
    objectType: LOGON_TYPE,
    what: instance,
    where: instance,
    workstation: clientWorkstation(event, client),
    details: [
      ...(isFailed ? causeDetails(reason) : []),
      ...(authentication === undefined
        ? []
        : [{ property: 'Authentication', after: authentication }]),
      ...(client === undefined ? [] : [{ property: 'Client address', after: client }]),
    ],
  });
  return { drafts: [record] };
};

export const SERVER_LOG_EVENTS: ReadonlyMap<number, (event: WindowsEvent) => Interpretation> =
  new Map([
    [15457, optionChanged],
    [18453, logon],
    [18454, logon],
    [18455, logon],
    [18456, logon],
  ]);
