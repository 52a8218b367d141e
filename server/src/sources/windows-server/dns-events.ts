/**
 * What the DNS server's own audit says. Source: Microsoft, "DNS logging and diagnostics" (audit events 513-582); the values stand in the order
 * of the placeholders of the messages shown there.
 */
import { type Detail, RECORD_LIMITS } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import { field } from '../../windows-events/index.ts';
import {
  ADDED,
  type ComputerChange,
  MODIFIED,
  missingField,
  personActor,
  REMOVED,
  type ReadChange,
} from './computer-change.ts';
import { recordDataWords, recordTypeWords } from './dns-record-data.ts';

export const DNS_SERVER = 'Microsoft-Windows-DNSServer';

const RECORD = 'DNS Resource Record';
const ZONE = 'DNS Zone';
const SERVER = 'DNS Server';
const POLICY = 'DNS Policy';
const SUBNET = 'DNS Client Subnet';

export const DNS_OBJECT_TYPES: readonly string[] = [RECORD, ZONE, SERVER, POLICY, SUBNET];

interface DnsOperation {
  readonly title: string;
  readonly action: string;
  readonly objectType: string;
  /** Positions, from 1, of the values that make the path of What below `DNS`. */
  readonly path: readonly number[];
  /** The server did it by itself or for a client, not somebody who administers it. */
  readonly isOwnDoing?: boolean;
}

const recordOperation = (title: string, action: string, isOwnDoing = false): DnsOperation => ({
  title,
  action,
  objectType: RECORD,
  path: [6, 2],
  isOwnDoing,
});

const zoneOperation = (title: string, action = MODIFIED, path = [1]): DnsOperation => ({
  title,
  action,
  objectType: ZONE,
  path,
});

const serverOperation = (title: string, action = MODIFIED): DnsOperation => ({
  title,
  action,
  objectType: SERVER,
  path: [],
});

const other = (objectType: string, title: string, action: string): DnsOperation => ({
  title,
  action,
  objectType,
  path: [],
});

const OPERATIONS: ReadonlyMap<number, DnsOperation> = new Map<number, DnsOperation>([
  [513, zoneOperation('Zone deleted', REMOVED)],
  [514, zoneOperation('Zone setting changed')],
  [515, recordOperation('Record created', ADDED)],
  [516, recordOperation('Record deleted', REMOVED)],
  [
    517,
    { title: 'Records of one type deleted', action: REMOVED, objectType: RECORD, path: [3, 2] },
  ],
  [
    518,
    { title: 'All records of a name deleted', action: REMOVED, objectType: RECORD, path: [2, 1] },
  ],
  [519, recordOperation('Record created by dynamic update', ADDED, true)],
  [520, recordOperation('Record deleted by dynamic update', REMOVED, true)],
  [521, recordOperation('Record scavenged', REMOVED, true)],
  [522, zoneOperation('Zone scope created', ADDED, [2, 1])],
  [523, zoneOperation('Zone scope deleted', REMOVED, [2, 1])],
  [525, zoneOperation('Zone signed')],
  [526, zoneOperation('Zone unsigned')],
  [527, zoneOperation('Zone signed again')],
  [528, zoneOperation('Key rollover started', MODIFIED, [3])],
  [529, zoneOperation('Key rollover ended', MODIFIED, [3])],
  [530, zoneOperation('Key marked for retirement', MODIFIED, [3])],
  [531, zoneOperation('Key rollover triggered', MODIFIED, [3])],
  [533, zoneOperation('Key with queued rollover replaced', MODIFIED, [3])],
  [534, zoneOperation('Signing metadata exported')],
  [535, zoneOperation('Signing metadata imported')],
  [536, serverOperation('Cached record purged', REMOVED)],
  [537, serverOperation('Forwarders changed')],
  [540, serverOperation('Root hints changed')],
  [541, serverOperation('Server setting changed')],
  [542, serverOperation('Server scope created', ADDED)],
  [543, serverOperation('Server scope deleted', REMOVED)],
  [544, serverOperation('Trust point key added')],
  [545, serverOperation('Trust point signer added')],
  [546, serverOperation('Trust point removed')],
  [547, serverOperation('Root trust point added')],
  [548, serverOperation('Restart requested')],
  [549, serverOperation('Debug logs cleared')],
  [550, serverOperation('Changed zones written')],
  [551, serverOperation('Statistics cleared')],
  [552, serverOperation('Scavenging started')],
  [553, serverOperation('Directory partition enlisted')],
  [554, serverOperation('Scavenging stopped')],
  [555, serverOperation('Prepared for demotion')],
  [556, serverOperation('Root hints written')],
  [557, serverOperation('Listen addresses changed')],
  [558, serverOperation('Trust points refreshed')],
  [559, zoneOperation('Zone paused')],
  [560, zoneOperation('Zone resumed')],
  [561, zoneOperation('Zone reloaded')],
  [562, zoneOperation('Zone refreshed')],
  [563, zoneOperation('Zone expired')],
  [564, zoneOperation('Zone updated from the directory')],
  [565, zoneOperation('Zone written and secondaries notified')],
  [566, zoneOperation('Records aged', MODIFIED, [2])],
  [567, zoneOperation('Scavenging servers changed')],
  [568, zoneOperation('Key master changed')],
  [569, zoneOperation('Signing key descriptor added', MODIFIED, [3])],
  [570, zoneOperation('Signing key descriptor changed', MODIFIED, [3])],
  [571, zoneOperation('Signing key descriptor removed', MODIFIED, [2])],
  [572, zoneOperation('State of a signing key changed', MODIFIED, [2])],
  [573, zoneOperation('Delegation added', MODIFIED, [3])],
  [574, other(SUBNET, 'Client subnet created', ADDED)],
  [575, other(SUBNET, 'Client subnet deleted', REMOVED)],
  [576, other(SUBNET, 'Client subnet changed', MODIFIED)],
  [577, other(POLICY, 'Server policy created', ADDED)],
  [578, other(POLICY, 'Zone policy created', ADDED)],
  [579, other(POLICY, 'Forwarding policy created', ADDED)],
  [580, other(POLICY, 'Server policy deleted', REMOVED)],
  [581, other(POLICY, 'Zone policy deleted', REMOVED)],
  [582, other(POLICY, 'Forwarding policy deleted', REMOVED)],
]);

const PROPERTIES: Readonly<Record<string, string>> = {
  NAME: 'Name',
  NewValue: 'New value',
  NodeName: 'Name',
  PolicyName: 'Policy',
  RDATA: 'Data',
  SourceIP: 'Client address',
  TTL: 'Time to live',
  Type: 'Record type',
  ZoneScope: 'Zone scope',
};

const LEFT_OUT: ReadonlySet<string> = new Set(['BufferSize', 'VirtualizationID']);

const words = (event: WindowsEvent, name: string, value: string): string => {
  const type = field(event, 'Type') ?? '';
  if (name === 'Type') return recordTypeWords(value);
  return name === 'RDATA' ? recordDataWords(type, value) : value;
};

const isNothing = (value: string): boolean => value === '' || value === '-' || value === '.';

/** A new value of a named setting reads best under the setting's own name. */
const settingDetail = (event: WindowsEvent): Detail | undefined => {
  const setting = field(event, 'Setting');
  const after = field(event, 'NewValue');
  return setting === undefined || after === undefined
    ? undefined
    : { property: setting.slice(0, RECORD_LIMITS.propertyLength), after };
};

const SETTING: ReadonlySet<string> = new Set(['Setting', 'NewValue']);
const NONE: ReadonlySet<string> = new Set();

const valueDetails = (event: WindowsEvent, shown: ReadonlySet<string>): Detail[] =>
  event.data.flatMap(({ name = '', value: raw }, i) => {
    const value = raw.trim();
    if (isNothing(value) || LEFT_OUT.has(name) || shown.has(name)) return [];
    const known = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : name;
    return [
      {
        property: (known || `Data ${i + 1}`).slice(0, RECORD_LIMITS.propertyLength),
        after: words(event, name, value),
      },
    ];
  });

const detailsOf = (event: WindowsEvent, { title }: DnsOperation): Detail[] => {
  const setting = settingDetail(event);
  return [
    { property: 'Event', after: title },
    ...(setting === undefined ? [] : [setting]),
    ...valueDetails(event, setting === undefined ? NONE : SETTING),
  ];
};

const NO_USER = {
  reason: 'The event does not name who changed the DNS server.',
  fix: 'Look at who was logged on to the server or its tools at that moment.',
};

const OWN_DOING = {
  reason:
    'The DNS server did this by itself or for a client that asked by dynamic update; the event does not name the account of the client.',
  fix: 'Look at the client address.',
};

const OWN_NAMES: readonly string[] = ['PolicyName', 'Name', 'SubnetName', 'ClientSubnetRecord'];

const ownName = (event: WindowsEvent): string | undefined => {
  for (const name of OWN_NAMES) {
    const value = field(event, name);
    if (value !== undefined) return value;
  }
  return undefined;
};

const partsOf = (event: WindowsEvent, { path }: DnsOperation): (string | undefined)[] =>
  path.length === 0 ? [ownName(event)] : path.map((at) => event.data[at - 1]?.value.trim());

const pathOf = (event: WindowsEvent, operation: DnsOperation): string => {
  if (operation.objectType === SERVER) return SERVER;
  const [first, ...others] = partsOf(event, operation);
  // The zone comes first wherever there is one, and most events name it.
  const parts = [operation.path.length === 0 ? first : (field(event, 'Zone') ?? first), ...others];
  const named = parts.filter((part) => part !== undefined && !isNothing(part));
  return named.length === 0 ? operation.objectType : ['DNS', ...named].join('\\');
};

const dnsChange =
  (operation: DnsOperation): ReadChange =>
  (event): ComputerChange => {
    if (operation.path.length > 0 && event.data.length === 0) missingField(event, 'Zone');
    return {
      action: operation.action,
      objectType: operation.objectType,
      what: pathOf(event, operation),
      actor: personActor(event.userSid, operation.isOwnDoing ? OWN_DOING : NO_USER),
      workstation: field(event, 'SourceIP'),
      details: detailsOf(event, operation),
    };
  };

export const DNS_EVENTS: ReadonlyMap<number, ReadChange> = new Map(
  [...OPERATIONS].map(([eventId, operation]) => [eventId, dnsChange(operation)]),
);
