/** What events of the Network Policy Server (RADIUS) say. Source: Microsoft, "Audit Network Policy Server" reference pages. */
import type { DetailSpec } from '../../windows-events/index.ts';
import {
  type AccountFields,
  FAILED_LOGON,
  LOGON_ATTEMPT,
  type LogonOperation,
  MODIFIED,
  SUCCESSFUL_LOGON,
} from './logon-operations.ts';

const ACCOUNT: AccountFields = {
  name: 'SubjectUserName',
  domain: 'SubjectDomainName',
  sid: 'SubjectUserSid',
  isTyped: true,
};

const DETAILS: readonly DetailSpec[] = [
  { field: 'Reason', property: 'Reason' },
  { field: 'CallingStationID', property: 'Calling station' },
  { field: 'CalledStationID', property: 'Called station' },
  { field: 'ClientName', property: 'RADIUS client' },
  { field: 'ClientIPAddress', property: 'RADIUS client address' },
  { field: 'NASIdentifier', property: 'Access server' },
  { field: 'NASIPv4Address', property: 'Access server address' },
  { field: 'NASIPv6Address', property: 'Access server address' },
  { field: 'NASPortType', property: 'Port type' },
  { field: 'NASPort', property: 'Port' },
  { field: 'ProxyPolicyName', property: 'Connection request policy' },
  { field: 'NetworkPolicyName', property: 'Network policy' },
  { field: 'AuthenticationProvider', property: 'Authentication provider' },
  { field: 'AuthenticationServer', property: 'Authentication server' },
  { field: 'AuthenticationType', property: 'Authentication type' },
  { field: 'EAPType', property: 'EAP type' },
  { field: 'AccountSessionIdentifier', property: 'Accounting session' },
  { field: 'FullyQualifiedSubjectMachineName', property: 'Client computer' },
  { field: 'QuarantineState', property: 'Health' },
  { field: 'ExtendedQuarantineState', property: 'Extended health' },
  { field: 'QuarantineSystemHealthResult', property: 'Health check' },
  { field: 'LoggingResult', property: 'Accounting' },
];

/** The client is a computer by name, else the station that called: an address, or a hardware address. */
const access = (title: string, action: string): LogonOperation => ({
  title,
  account: ACCOUNT,
  actions: { success: action, failure: action },
  objectType: 'Logon',
  what: 'ClientName',
  workstation: { name: 'SubjectMachineName', address: 'CallingStationID' },
  status: { fields: ['ReasonCode'], codes: 'radius' },
  details: DETAILS,
});

/** The event is about the account; nobody is said to have done it. */
const accountState = (title: string, before: string, after: string): LogonOperation => ({
  title,
  account: ACCOUNT,
  actions: { success: MODIFIED, failure: MODIFIED },
  objectType: 'Account',
  change: { property: 'Locked out', before, after },
  details: [{ field: 'FullyQualifiedSubjectUserName', property: 'Account' }],
});

export const NPS_OPERATIONS: ReadonlyMap<number, LogonOperation> = new Map<number, LogonOperation>([
  [6272, access('Network Policy Server granted access', SUCCESSFUL_LOGON)],
  [6273, access('Network Policy Server denied access', FAILED_LOGON)],
  [6274, access('Network Policy Server discarded the request', FAILED_LOGON)],
  [6275, access('Network Policy Server discarded the accounting request', LOGON_ATTEMPT)],
  [6276, access('Network Policy Server granted access to quarantine', SUCCESSFUL_LOGON)],
  [6277, access('Network Policy Server granted access on probation', SUCCESSFUL_LOGON)],
  [6278, access('Network Policy Server granted full access', SUCCESSFUL_LOGON)],
  [
    6279,
    accountState('Network Policy Server locked the account after repeated failures', 'No', 'Yes'),
  ],
  [6280, accountState('Network Policy Server unlocked the account', 'Yes', 'No')],
]);
