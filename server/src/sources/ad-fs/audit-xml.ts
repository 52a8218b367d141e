/**
 * Events 1200-1210 of Windows Server 2016 and later: the audit is XML in the second value. Source: Microsoft, "Auditing enhancements to
 * AD FS in Windows Server 2016", and the XML of published events.
 */
import { type Detail, parseXmlTree, type XmlNode } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  eventRecord,
  namedActor,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import {
  ACCOUNT,
  AD_FS_TITLE,
  FAILED_LOGON,
  firstAddress,
  LOGOFF,
  LOGON,
  LOGON_BY_LOCATION,
  MODIFIED,
  MODIFY_FAILED,
  methodWords,
  present,
  SUCCESSFUL_LOGON,
} from './vocabulary.ts';

interface AuditOperation {
  readonly title: string;
  readonly action: string;
  /** `account`: the account itself changed; otherwise a logon at a relying party. */
  readonly about: 'logon' | 'account';
  readonly details?: readonly Detail[];
}

const PASSWORD: readonly Detail[] = [{ property: 'Password', after: 'Changed' }];

const OPERATIONS: ReadonlyMap<number, AuditOperation> = new Map<number, AuditOperation>([
  [1200, { title: 'A token was issued', action: SUCCESSFUL_LOGON, about: 'logon' }],
  [1201, { title: 'A token was refused', action: FAILED_LOGON, about: 'logon' }],
  [1202, { title: 'Credentials were validated', action: SUCCESSFUL_LOGON, about: 'logon' }],
  [1203, { title: 'Credentials were refused', action: FAILED_LOGON, about: 'logon' }],
  [
    1204,
    { title: 'The password was changed', action: MODIFIED, about: 'account', details: PASSWORD },
  ],
  [1205, { title: 'A password change failed', action: MODIFY_FAILED, about: 'account' }],
  [1206, { title: 'The user signed out', action: LOGOFF, about: 'logon' }],
  [1207, { title: 'Signing out failed', action: LOGOFF, about: 'logon' }],
  [
    1210,
    { title: 'The account is locked out on the extranet', action: FAILED_LOGON, about: 'logon' },
  ],
]);

export const AUDIT_XML_EVENT_IDS: readonly number[] = [...OPERATIONS.keys()];

/** AD FS writes some 3,000 characters with 40 elements. */
const LIMITS = { lengthMax: 128 * 1024, depthMax: 16, elementsMax: 1000, attributesMax: 1000 };

type Values = ReadonlyMap<string, string>;

/** The leaf elements by name; the components they stand in have no names in common but `LastBadAttempt` and its like. */
const collect = (node: XmlNode, values: Map<string, string>): Values => {
  for (const child of node.children) {
    if (child.children.length > 0) collect(child, values);
    else {
      const value = present(child.text);
      if (value !== undefined && !values.has(child.name)) values.set(child.name, value);
    }
  }
  return values;
};

/** Source: FailureType of published events. */
const FAILURES: Readonly<Record<string, string>> = {
  CredentialValidationError: 'wrong user name or password',
  ExtranetLockoutError: 'account locked out on the extranet',
  IssuanceAuthorizationError: 'not allowed to use the relying party',
  GenericError: 'error while processing the request',
};

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const causeDetails = (values: Values): Detail[] => {
  const failure = values.get('FailureType');
  if (failure === undefined || failure === 'None') return [];
  const code = values.get('ErrorCode');
  const words = own(FAILURES, failure) ?? failure;
  return [{ property: 'Cause', after: code === undefined ? words : `${words} (${code})` }];
};

const yesNo = (value: string): string =>
  value === 'true' ? 'Yes' : value === 'false' ? 'No' : value;

interface ValueSpec {
  readonly element: string;
  readonly property: string;
  readonly words?: (value: string) => string;
}

const SHOWN: readonly ValueSpec[] = [
  { element: 'PrimaryAuth', property: 'Authentication method', words: methodWords },
  { element: 'MfaPerformed', property: 'Multifactor', words: yesNo },
  { element: 'MfaMethod', property: 'Multifactor method', words: methodWords },
  { element: 'DeviceAuth', property: 'Device authenticated', words: yesNo },
  { element: 'DeviceId', property: 'Device ID' },
  { element: 'AuthProtocol', property: 'Protocol' },
  { element: 'OAuthClientId', property: 'OAuth client ID' },
  { element: 'OAuthGrant', property: 'OAuth grant' },
  { element: 'ClaimsProvider', property: 'Claims provider' },
  { element: 'NetworkLocation', property: 'Network location' },
  { element: 'IpAddress', property: 'Client address' },
  { element: 'ForwardedIpAddress', property: 'Forwarded addresses' },
  { element: 'ProxyIpAddress', property: 'Proxy address' },
  { element: 'NetworkIpAddress', property: 'Network address' },
  { element: 'ProxyServer', property: 'Proxy server' },
  { element: 'Server', property: 'Federation server' },
  { element: 'UserAgentString', property: 'User agent' },
  { element: 'Endpoint', property: 'Endpoint' },
  { element: 'CurrentBadPasswordCount', property: 'Wrong passwords' },
  { element: 'ConfigBadPasswordCount', property: 'Wrong passwords allowed' },
  { element: 'LastBadAttempt', property: 'Last wrong password' },
  { element: 'LockoutWindowConfig', property: 'Lockout window' },
];

/** In the record itself, in the cause, or the same in every event. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...SHOWN.map(({ element }) => element),
  'AuditType',
  'AuditResult',
  'FailureType',
  'ErrorCode',
  'RelyingParty',
  'UserId',
]);

const shownDetails = (values: Values): Detail[] => [
  ...SHOWN.flatMap(({ element, property, words }) => {
    const value = values.get(element);
    return value === undefined ? [] : [{ property, after: words?.(value) ?? value }];
  }),
  ...[...values].flatMap(([element, after]) =>
    ELSEWHERE.has(element) || after === 'NotSet'
      ? []
      : [{ property: element.slice(0, 255), after }],
  ),
];

const NO_USER = {
  reason: 'The audit does not name the user.',
  fix: 'Look at the client address and at the events with the same activity ID.',
};

const xmlOf = (event: WindowsEvent): string => {
  const xml = event.data.find(({ value }) => value.trimStart().startsWith('<'))?.value.trim();
  if (xml !== undefined) return xml;
  throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
    eventId: event.eventId,
    field: 'audit XML',
  });
};

const activityDetails = (event: WindowsEvent): Detail[] => {
  const activity = present(event.data[0]?.value);
  return activity === undefined || activity.startsWith('<')
    ? []
    : [{ property: 'Activity ID', after: activity }];
};

const operationOf = (event: WindowsEvent): AuditOperation => {
  const operation = OPERATIONS.get(event.eventId);
  if (operation !== undefined) return operation;
  throw windowsEventError('WINDOWS_EVENT_UNEXPECTED', {
    eventId: event.eventId,
    source: AD_FS_TITLE,
  });
};

/** Throws WINDOWS_EVENT_FIELD_MISSING and XML_*. */
export const auditXmlRecord = (event: WindowsEvent): Interpretation => {
  const operation = operationOf(event);
  const values = collect(parseXmlTree(xmlOf(event), LIMITS), new Map());
  const user = values.get('UserId');
  const isLogon = operation.about === 'logon';
  const location = values.get('NetworkLocation')?.toLowerCase() ?? '';
  const record = eventRecord(event, {
    dataSource: AD_FS_TITLE,
    actor: user === undefined ? unknownActor(NO_USER) : namedActor(user),
    action: operation.action,
    objectType: isLogon ? (own(LOGON_BY_LOCATION, location) ?? LOGON) : ACCOUNT,
    what: (isLogon ? values.get('RelyingParty') : user) ?? event.computer,
    workstation:
      firstAddress(values.get('IpAddress')) ?? firstAddress(values.get('ForwardedIpAddress')),
    details: [
      { property: 'Event', after: operation.title },
      ...causeDetails(values),
      ...(operation.details ?? []),
      ...shownDetails(values),
      ...activityDetails(event),
    ],
  });
  return { drafts: [record] };
};
