/** Event 33205: one action that SQL Server audited. */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  auditOutcome,
  eventRecord,
  isAccountSid,
  type NamedSid,
  namedActor,
  sidActor,
  sidOfHex,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation, RecordDraft } from '../source.ts';
import { type AdditionalInformation, readAdditionalInformation } from './additional-information.ts';
import { type AuditAction, auditAction, FAILED_ATTEMPTS, FAILED_LOGON } from './audit-actions.ts';
import { type AuditClass, auditClass, OTHER_CLASS } from './audit-classes.ts';
import { type AuditText, auditTime, parseAuditText } from './audit-text.ts';
import { clientWorkstation, instanceName } from './instance.ts';
import { readLogonText, reasonCause, stateCause } from './logon-causes.ts';

export const SQL_SERVER_TITLE = 'SQL Server';

const NO_PRINCIPAL = {
  reason: 'The audit event names no login.',
  fix: 'Look at the client address and at the events of the same instance and moment.',
};

/** The login that opened the session; after EXECUTE AS the server principal is somebody else. */
const actorOf = (text: AuditText): Actor => {
  const name = text.get('session_server_principal_name') ?? text.get('server_principal_name');
  if (name !== undefined) return namedActor(name);
  const sid = sidOfHex(text.get('server_principal_sid') ?? '');
  return sid === undefined ? unknownActor(NO_PRINCIPAL) : sidActor(sid);
};

const namedSids = (text: AuditText): NamedSid[] =>
  (
    [
      ['server_principal_sid', 'server_principal_name'],
      ['target_server_principal_sid', 'target_server_principal_name'],
    ] as const
  ).flatMap(([sidKey, nameKey]) => {
    const sid = sidOfHex(text.get(sidKey) ?? '');
    const account = text.get(nameKey);
    if (sid === undefined || account === undefined) return [];
    return isAccountSid(sid) && account.includes('\\') ? [{ sid, account }] : [];
  });

const qualified = (schema: string | undefined, name: string | undefined): string =>
  [schema, name].filter((part) => part !== undefined).join('.');

/** `Databases\Sales\Tables\dbo.Orders`, `Logins\bob`; the instance where the object is the server itself. */
const pathOf = (text: AuditText, { folder, scope, type }: AuditClass, instance: string): string => {
  const database = text.get('database_name');
  const name = qualified(text.get('schema_name'), text.get('object_name'));
  if (folder === '') {
    if (scope === 'server') return instance;
    const itself = database ?? name;
    return itself === ''
      ? 'Databases'
      : `Databases\\${type === 'Database' && name ? name : itself}`;
  }
  const inDatabase = scope === 'database' && database !== undefined;
  return [
    ...(inDatabase ? ['Databases', database] : []),
    folder,
    ...(name === '' ? [] : [name]),
  ].join('\\');
};

const TARGET_DETAILS: Readonly<
  Record<NonNullable<AuditAction['target']>, (target: string) => Detail>
> = {
  'member added': (after) => ({ property: 'Member', after }),
  'member removed': (before) => ({ property: 'Member', before }),
  permission: (after) => ({ property: 'Principal', after }),
};

/** In a database the name there counts; of a server role it is the login. */
const targetDetails = (text: AuditText, { target }: AuditAction): Detail[] => {
  const name =
    text.get('target_database_principal_name') ?? text.get('target_server_principal_name');
  return target === undefined || name === undefined ? [] : [TARGET_DETAILS[target](name)];
};

const SHOWN: readonly (readonly [key: string, property: string])[] = [
  ['database_principal_name', 'Database user'],
  ['statement', 'Statement'],
  ['user_defined_information', 'User-defined information'],
  ['application_name', 'Application name'],
  ['host_name', 'Client host'],
  ['client_ip', 'Client address'],
  ['affected_rows', 'Affected rows'],
  ['response_rows', 'Rows returned'],
  ['session_id', 'Session'],
];

const IS_NOTHING: ReadonlySet<string> = new Set(['0']);

const shownDetails = (text: AuditText): Detail[] =>
  SHOWN.flatMap(([key, property]) => {
    const after = text.get(key);
    return after === undefined || IS_NOTHING.has(after) ? [] : [{ property, after }];
  });

/** A statement too long for one audit event goes on in others with the next number. */
const sequenceDetails = (text: AuditText): Detail[] => {
  const sequence = text.get('sequence_number');
  return sequence === undefined || sequence === '1'
    ? []
    : [{ property: 'Part of the statement', after: sequence }];
};

const executedAs = (text: AuditText): Detail[] => {
  const session = text.get('session_server_principal_name');
  const current = text.get('server_principal_name');
  return session === undefined || current === undefined || session === current
    ? []
    : [{ property: 'Executed as', after: current }];
};

/** Other errors than a refused login have no reason of their own; their whole text is the cause. */
const causeDetails = (text: AuditText, { loginState }: AdditionalInformation): Detail[] => {
  const statement = text.get('statement');
  const { reason } = readLogonText(statement ?? '');
  const words = (reason === undefined ? undefined : reasonCause(reason)) ?? stateCause(loginState);
  const cause = words ?? reason ?? statement;
  if (cause === undefined) return [];
  const code = loginState === undefined ? '' : ` (state ${loginState})`;
  return [{ property: 'Cause', after: `${cause}${code}` }];
};

const isFailed = (event: WindowsEvent, text: AuditText): boolean =>
  text.has('succeeded') ? text.get('succeeded') === 'false' : auditOutcome(event) === 'failure';

const NO_INFORMATION: AdditionalInformation = {
  client: undefined,
  loginState: undefined,
  details: [],
};

const typeOf = ({ objectType }: AuditAction, { type }: AuditClass): string => objectType ?? type;

const auditRecord = (event: WindowsEvent, text: AuditText, actionId: string): RecordDraft => {
  const known = auditAction(actionId);
  const objectClass = auditClass(text.get('class_type'));
  const instance = text.get('server_instance_name') ?? instanceName(event);
  const action = isFailed(event, text)
    ? (FAILED_ATTEMPTS[known.action] ?? known.action)
    : known.action;
  const additional = text.get('additional_information');
  const information =
    additional === undefined ? NO_INFORMATION : readAdditionalInformation(additional);
  const classDetail =
    objectClass === OTHER_CLASS
      ? [{ property: 'Class', after: text.get('class_type') ?? 'none' }]
      : [];
  const client = text.get('client_ip') ?? information.client;
  const record = eventRecord(event, {
    dataSource: SQL_SERVER_TITLE,
    actor: actorOf(text),
    action,
    objectType: typeOf(known, objectClass),
    what: typeOf(known, objectClass) === 'Logon' ? instance : pathOf(text, objectClass, instance),
    where: instance,
    workstation: clientWorkstation(event, client),
    details: [
      { property: 'Operation', after: known.words },
      ...(action === FAILED_LOGON ? causeDetails(text, information) : []),
      ...(known.details ?? []),
      ...targetDetails(text, known),
      ...executedAs(text),
      ...shownDetails(text),
      ...sequenceDetails(text),
      ...information.details,
      ...classDetail,
    ],
  });
  return { ...record, when: auditTime(text.get('event_time')) ?? event.when };
};

/** Throws WINDOWS_EVENT_FIELD_MISSING. */
export const auditEvent = (event: WindowsEvent): Interpretation => {
  const text = parseAuditText(event.data.map(({ value }) => value).join('\n'));
  const actionId = text.get('action_id');
  if (actionId === undefined) {
    throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
      eventId: event.eventId,
      field: 'action_id',
    });
  }
  return { drafts: [auditRecord(event, text, actionId)], sids: namedSids(text) };
};
