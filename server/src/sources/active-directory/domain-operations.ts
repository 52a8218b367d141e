/** Trusts, policies and replication partners of the domain, one row each. Sources: Microsoft, the pages of these events; [MS-ADTS]. */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  type Actor,
  appendDetails,
  attributeValueWords,
  auditOutcome,
  type DetailSpec,
  directoryPath,
  eventRecord,
  expandMessages,
  field,
  intervalWords,
  netbiosName,
  numberOf,
  SUBJECT,
  sessionOf,
  sidFacts,
  subjectActor,
  unknownActor,
  windowsEventError,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { ACTIVE_DIRECTORY } from './title.ts';

interface DomainOperation {
  readonly action: 'Added' | 'Removed' | 'Modified';
  readonly objectType: string;
  /** Names of the fields that say which object, the first that has a value. */
  readonly object: readonly string[];
  readonly details: (event: WindowsEvent) => Detail[];
  readonly actor?: (event: WindowsEvent) => Actor;
  readonly isFailure?: (event: WindowsEvent) => boolean;
}

const codedAs =
  (attribute: string) =>
  (value: string): string =>
    attributeValueWords(attribute, value, undefined);

const TRUST: readonly DetailSpec[] = [
  { field: 'DomainSid', property: 'Domain SID' },
  { field: 'TdoType', property: 'Trust type', words: codedAs('trustType') },
  { field: 'TdoDirection', property: 'Trust direction', words: codedAs('trustDirection') },
  { field: 'TdoAttributes', property: 'Trust attributes', words: codedAs('trustAttributes') },
  { field: 'SidFilteringEnabled', property: 'SID filtering', words: expandMessages },
];

const FOREST_ENTRY: readonly DetailSpec[] = [
  { field: 'EntryType', property: 'Entry type' },
  { field: 'TopLevelName', property: 'Top level name' },
  { field: 'DnsName', property: 'DNS name' },
  { field: 'NetbiosName', property: 'NetBIOS name' },
  { field: 'DomainSid', property: 'Domain SID' },
  { field: 'Flags', property: 'Flags' },
];

const table =
  (specs: readonly DetailSpec[]) =>
  (event: WindowsEvent): Detail[] =>
    appendDetails([], event, specs);

/** Windows passes some of these values as text that is none. */
const printable = (value: string): string | undefined =>
  /^[\x20-\x7e]+$/.test(value) ? value : undefined;

const PASSWORD_POLICY: readonly DetailSpec[] = [
  { field: 'DomainPolicyChanged', property: 'Changed' },
  { field: 'MinPasswordAge', property: 'Minimum password age' },
  { field: 'MaxPasswordAge', property: 'Maximum password age' },
  { field: 'ForceLogoff', property: 'Force logoff' },
  { field: 'LockoutThreshold', property: 'Lockout threshold' },
  { field: 'LockoutObservationWindow', property: 'Lockout observation window' },
  { field: 'LockoutDuration', property: 'Lockout duration' },
  { field: 'PasswordProperties', property: 'Password properties', words: codedAs('pwdProperties') },
  { field: 'MinPasswordLength', property: 'Minimum password length' },
  { field: 'PasswordHistoryLength', property: 'Password history length' },
  { field: 'MachineAccountQuota', property: 'Machine account quota' },
  { field: 'MixedDomainMode', property: 'Mixed domain mode' },
  {
    field: 'DomainBehaviorVersion',
    property: 'Domain functional level',
    words: codedAs('msDS-Behavior-Version'),
  },
  { field: 'OemInformation', property: 'OEM information' },
].map(({ words, ...spec }: DetailSpec) => ({
  ...spec,
  words: (value, event) => {
    const readable = printable(value);
    return readable === undefined || words === undefined ? readable : words(readable, event);
  },
}));

const UNNAMED: Detail = { property: 'Policy', message: 'The event does not say what changed' };

const policyDetails = (event: WindowsEvent): Detail[] => {
  const details = table(PASSWORD_POLICY)(event);
  return details.length === 0 ? [UNNAMED] : details;
};

const KERBEROS_PARAMETERS: Readonly<Record<string, string>> = {
  KerMaxT: 'Maximum lifetime for user ticket',
  KerMinT: 'Maximum lifetime for service ticket',
  KerMaxR: 'Maximum lifetime for user ticket renewal',
  KerProxy: 'Maximum tolerance for computer clock synchronization',
  KerLogoff: 'Forced logoff',
  KerOpts: 'Ticket options',
};

const kerberosValue = (name: string, text: string): string => {
  if (name === 'KerOpts') return numberOf(text) === 0 ? 'None' : text;
  const ticks = /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt(text).toString() : text;
  const words = intervalWords(ticks);
  return words === undefined ? text : `${words} (${text})`;
};

/** `KerMaxT: 0x10c388d000 (0x861c46800);`: new value, then the old one in brackets. */
const KERBEROS_CHANGE = /(Ker\w{1,20}):\s*([^\s();]{1,40})\s*\(([^\s();]{1,40})\)/g;

const kerberosDetails = (event: WindowsEvent): Detail[] => {
  const text = field(event, 'KerberosPolicyChange');
  if (text === undefined || text === '--') return [UNNAMED];
  const details = [...text.matchAll(KERBEROS_CHANGE)].map(
    ([, name = '', after = '', before = '']) => ({
      property: Object.hasOwn(KERBEROS_PARAMETERS, name)
        ? (KERBEROS_PARAMETERS[name] ?? name)
        : name,
      before: kerberosValue(name, before),
      after: kerberosValue(name, after),
    }),
  );
  return details.length === 0 ? [{ property: 'Changed', after: text }] : details;
};

const replicationActor = (): Actor =>
  unknownActor({
    reason: 'Replication events name computers, not accounts.',
    fix: 'Look at directory service access (4662) and logons on the same domain controller at that moment.',
  });

const pathOf = (value: string): string => directoryPath(value);

const REPLICATION: readonly DetailSpec[] = [
  { field: 'DestinationDRA', property: 'Destination', words: pathOf },
  { field: 'SourceDRA', property: 'Source', words: pathOf },
  { field: 'SourceAddr', property: 'Source address' },
  { field: 'DestinationAddr', property: 'Destination address' },
  { field: 'Object', property: 'Object', words: pathOf },
  { field: 'Options', property: 'Options' },
  { field: 'StatusCode', property: 'Status' },
  { field: 'ReplicationEvent', property: 'Replication event' },
  { field: 'AuditStatusCode', property: 'Audit status' },
  { field: 'ReplicationStatusCode', property: 'Status' },
];

const hasFailed = (event: WindowsEvent): boolean =>
  (numberOf(field(event, 'StatusCode')) ?? 0) !== 0;

const replication = (
  action: DomainOperation['action'],
  objectType = 'replication partner',
): DomainOperation => ({
  action,
  objectType,
  object: ['NamingContext', 'Object', 'DestinationDRA'],
  details: table(REPLICATION),
  actor: replicationActor,
  isFailure: hasFailed,
});

const trust = (action: DomainOperation['action']): DomainOperation => ({
  action,
  objectType: 'trustedDomain',
  object: ['DomainName', 'DomainSid'],
  details: table(TRUST),
});

const forestEntry = (action: DomainOperation['action']): DomainOperation => ({
  action,
  objectType: 'trusted forest information',
  object: ['ForestRoot', 'ForestRootSid'],
  details: table(FOREST_ENTRY),
});

const note =
  (property: string, message: string) =>
  (event: WindowsEvent): Detail[] => [{ property, message }, ...table(REPLICATION)(event)];

export const DOMAIN_OPERATIONS: ReadonlyMap<number, DomainOperation> = new Map([
  [4706, trust('Added')],
  [4707, trust('Removed')],
  [4716, trust('Modified')],
  [4865, forestEntry('Added')],
  [4866, forestEntry('Removed')],
  [4867, forestEntry('Modified')],
  [
    4713,
    {
      action: 'Modified',
      objectType: 'Kerberos policy',
      object: [],
      details: kerberosDetails,
    },
  ],
  [
    4739,
    {
      action: 'Modified',
      objectType: 'domainDNS',
      object: ['DomainName', 'DomainSid'],
      details: policyDetails,
    },
  ],
  [4928, replication('Added')],
  [4929, replication('Removed')],
  [4930, replication('Modified')],
  [4931, replication('Modified')],
  [
    4935,
    {
      ...replication('Modified', 'replication'),
      object: [],
      details: note('Replication', 'Failures begin'),
    },
  ],
  [
    4936,
    {
      ...replication('Modified', 'replication'),
      object: [],
      details: note('Replication', 'Failures end'),
    },
  ],
  [4937, replication('Removed', 'lingering object')],
]);

export const DOMAIN_OPERATION_IDS: readonly number[] = [...DOMAIN_OPERATIONS.keys()];

/** 4739 is also written about the accounts of a computer by itself; that is not the domain's policy. */
export const isDomainWide = (event: WindowsEvent): boolean =>
  field(event, 'DomainName')?.toUpperCase() !== netbiosName(event.computer);

const FAILED: Readonly<Record<DomainOperation['action'], string>> = {
  Added: 'Add (Failed Attempt)',
  Removed: 'Remove (Failed Attempt)',
  Modified: 'Modify (Failed Attempt)',
};

/** The domain of the computer, where the event names no object. */
const domainOf = ({ computer }: WindowsEvent): string => {
  const dot = computer.indexOf('.');
  return dot < 0 ? computer : computer.slice(dot + 1);
};

const objectOf = (event: WindowsEvent, { object }: DomainOperation): string => {
  if (object.length === 0) return domainOf(event);
  for (const name of object) {
    const value = field(event, name);
    if (value !== undefined) return directoryPath(value);
  }
  throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
    eventId: event.eventId,
    field: object[0] ?? '',
  });
};

export const interpretDomainOperation = (
  event: WindowsEvent,
  operation: DomainOperation,
): Interpretation => {
  const isFailed = operation.isFailure?.(event) || auditOutcome(event) === 'failure';
  const record = eventRecord(event, {
    dataSource: ACTIVE_DIRECTORY.title,
    actor: (operation.actor ?? subjectActor)(event),
    action: isFailed ? FAILED[operation.action] : operation.action,
    objectType: operation.objectType,
    what: objectOf(event, operation),
    session: sessionOf(event),
    details: operation.details(event),
  });
  return { drafts: [record], sids: sidFacts(event, SUBJECT) };
};
