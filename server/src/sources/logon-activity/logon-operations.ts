/** What each logon event says, as a table. Source: Microsoft, "Audit Logon", "Audit Account Logon" reference pages. */
import type { Detail } from '@witness/record';
import {
  type AuditOutcome,
  addressOf,
  type DetailSpec,
  encryptionTypeWords,
  expandMessages,
  logonTypeWords,
  preauthenticationWords,
  shortHex,
  ticketOptionsWords,
} from '../../windows-events/index.ts';

/** Where an event names the account that logs on. */
export interface AccountFields {
  readonly name: string;
  readonly domain?: string;
  readonly sid?: string;
  /** As the client typed it: no name to remember for the SID. */
  readonly isTyped?: boolean;
  /** `name@REALM`; the realm may also be in ServiceName (`krbtgt/REALM`). */
  readonly isKerberos?: boolean;
}

export interface LogonOperation {
  /** What Windows calls it. */
  readonly title: string;
  readonly account: AccountFields;
  /** By the outcome of the audit event; the same when the event has only one. */
  readonly actions: Readonly<Record<AuditOutcome, string>>;
  /**
   * `by type`: Interactive Logon when LogonType is one of those. `Account`: the event is about the account itself, which is
   * then What and not Who.
   */
  readonly objectType: 'Logon' | 'Interactive Logon' | 'by type' | 'Account';
  /** Field with the thing reached; the computer when absent. */
  readonly what?: string;
  readonly workstation?: { readonly name?: string; readonly address?: string };
  /** Codes that tell success from failure when the keywords do not, and the cause. */
  readonly status?: {
    readonly fields: readonly string[];
    readonly codes: 'windows' | 'kerberos' | 'radius';
  };
  /** The cause of a failure that has no code because there is only one. */
  readonly cause?: string;
  /** What became of the account. */
  readonly change?: Detail;
  /** Field with the logon id the account got, taught to the resolver. */
  readonly teaches?: string;
  /** Field with the logon id whose workstation is looked up. */
  readonly session?: string;
  readonly details: readonly DetailSpec[];
}

export const SUCCESSFUL_LOGON = 'Successful Logon';
export const FAILED_LOGON = 'Failed Logon';
export const LOGOFF = 'Logoff';
export const LOGON_ATTEMPT = 'Logon Attempt';
export const MODIFIED = 'Modified';
export const SESSION_PAUSED = 'Session Paused';
export const SESSION_RESUMED = 'Session Resumed';

const always = (action: string): LogonOperation['actions'] => ({
  success: action,
  failure: action,
});
const LOGON: LogonOperation['actions'] = { success: SUCCESSFUL_LOGON, failure: FAILED_LOGON };

const TARGET: AccountFields = {
  name: 'TargetUserName',
  domain: 'TargetDomainName',
  sid: 'TargetUserSid',
};
const KERBEROS: AccountFields = {
  name: 'TargetUserName',
  domain: 'TargetDomainName',
  sid: 'TargetSid',
  isKerberos: true,
};

const ADDRESS: readonly DetailSpec[] = [
  { field: 'IpAddress', property: 'Source address', words: addressOf },
  { field: 'IpPort', property: 'Source port', words: (port) => (port === '0' ? undefined : port) },
];

const LOGON_TYPE: DetailSpec = {
  field: 'LogonType',
  property: 'Logon type',
  words: logonTypeWords,
};

const LOGON_DETAILS: readonly DetailSpec[] = [
  LOGON_TYPE,
  { field: 'AuthenticationPackageName', property: 'Authentication package' },
  { field: 'LmPackageName', property: 'NTLM version' },
  { field: 'LogonProcessName', property: 'Logon process' },
  ...ADDRESS,
  { field: 'ProcessName', property: 'Process' },
  { field: 'TransmittedServices', property: 'Transmitted services' },
];

const SUCCESS_DETAILS: readonly DetailSpec[] = [
  ...LOGON_DETAILS,
  { field: 'ImpersonationLevel', property: 'Impersonation level', words: expandMessages },
  { field: 'RestrictedAdminMode', property: 'Restricted admin mode', words: expandMessages },
  { field: 'RemoteCredentialGuard', property: 'Remote Credential Guard', words: expandMessages },
  { field: 'VirtualAccount', property: 'Virtual account', words: expandMessages },
  { field: 'ElevatedToken', property: 'Elevated token', words: expandMessages },
  { field: 'TargetOutboundUserName', property: 'Outbound account' },
  { field: 'TargetOutboundDomainName', property: 'Outbound domain' },
  { field: 'TargetLogonId', property: 'Logon ID', words: shortHex },
];

const TICKET: readonly DetailSpec[] = [
  ...ADDRESS,
  { field: 'TicketEncryptionType', property: 'Ticket encryption', words: encryptionTypeWords },
  { field: 'TicketOptions', property: 'Ticket options', words: ticketOptionsWords },
];

const SERVICE: DetailSpec = { field: 'ServiceName', property: 'Service' };
const CERTIFICATE: readonly DetailSpec[] = [
  { field: 'CertIssuerName', property: 'Certificate issuer' },
  { field: 'CertSerialNumber', property: 'Certificate serial number' },
  { field: 'CertThumbprint', property: 'Certificate thumbprint' },
];
const PREAUTHENTICATION: DetailSpec = {
  field: 'PreAuthType',
  property: 'Preauthentication',
  words: preauthenticationWords,
};

const CLIENT_ADDRESS = { address: 'IpAddress' } as const;
const CLIENT = { name: 'WorkstationName', address: 'IpAddress' } as const;
const KERBEROS_STATUS = { fields: ['Status'], codes: 'kerberos' } as const;
const KERBEROS_FAILURE = { fields: ['FailureCode', 'Status'], codes: 'kerberos' } as const;
const WINDOWS_STATUS = { fields: ['SubStatus', 'Status'], codes: 'windows' } as const;

const SESSION_ACCOUNT: AccountFields = { name: 'AccountName', domain: 'AccountDomain' };
const SESSION_DETAILS: readonly DetailSpec[] = [
  { field: 'SessionName', property: 'Session' },
  { field: 'ClientAddress', property: 'Source address', words: addressOf },
  { field: 'LogonID', property: 'Logon ID', words: shortHex },
];
const SESSION_CLIENT = { name: 'ClientName', address: 'ClientAddress' } as const;

/** Lock, unlock, screen saver: the session goes on, so it is neither logon nor logoff. */
const desktop = (title: string, action: string): LogonOperation => ({
  title,
  account: TARGET,
  actions: always(action),
  objectType: 'Interactive Logon',
  session: 'TargetLogonId',
  details: [
    { field: 'SessionId', property: 'Session' },
    { field: 'TargetLogonId', property: 'Logon ID', words: shortHex },
  ],
});

export const LOGON_OPERATIONS: ReadonlyMap<number, LogonOperation> = new Map<
  number,
  LogonOperation
>([
  [
    4624,
    {
      title: 'An account was logged on',
      account: TARGET,
      actions: always(SUCCESSFUL_LOGON),
      objectType: 'by type',
      workstation: CLIENT,
      teaches: 'TargetLogonId',
      details: SUCCESS_DETAILS,
    },
  ],
  [
    4625,
    {
      title: 'An account failed to log on',
      account: TARGET,
      actions: always(FAILED_LOGON),
      objectType: 'by type',
      workstation: CLIENT,
      status: WINDOWS_STATUS,
      details: [
        ...LOGON_DETAILS,
        { field: 'FailureReason', property: 'Failure reason', words: expandMessages },
        { field: 'Status', property: 'Status', words: shortHex },
        { field: 'SubStatus', property: 'Sub status', words: shortHex },
      ],
    },
  ],
  [
    4634,
    {
      title: 'An account was logged off',
      account: TARGET,
      actions: always(LOGOFF),
      objectType: 'by type',
      session: 'TargetLogonId',
      details: [LOGON_TYPE, { field: 'TargetLogonId', property: 'Logon ID', words: shortHex }],
    },
  ],
  [
    4647,
    {
      title: 'The user began to log off',
      account: TARGET,
      actions: always(LOGOFF),
      objectType: 'Interactive Logon',
      session: 'TargetLogonId',
      details: [{ field: 'TargetLogonId', property: 'Logon ID', words: shortHex }],
    },
  ],
  [
    4648,
    {
      title: 'A logon with explicit credentials was attempted',
      account: { name: 'SubjectUserName', domain: 'SubjectDomainName', sid: 'SubjectUserSid' },
      actions: { success: LOGON_ATTEMPT, failure: FAILED_LOGON },
      objectType: 'Logon',
      what: 'TargetServerName',
      session: 'SubjectLogonId',
      details: [
        { field: 'TargetInfo', property: 'Target' },
        { field: 'ProcessName', property: 'Process' },
        { field: 'IpAddress', property: 'Network address', words: addressOf },
        {
          field: 'IpPort',
          property: 'Network port',
          words: (port) => (port === '0' ? undefined : port),
        },
      ],
    },
  ],
  [
    4768,
    {
      title: 'A Kerberos ticket-granting ticket was requested',
      account: KERBEROS,
      actions: LOGON,
      objectType: 'Logon',
      what: 'ServiceName',
      workstation: CLIENT_ADDRESS,
      status: KERBEROS_STATUS,
      details: [PREAUTHENTICATION, ...TICKET, ...CERTIFICATE],
    },
  ],
  [
    4769,
    {
      title: 'A Kerberos service ticket was requested',
      account: KERBEROS,
      actions: LOGON,
      objectType: 'Logon',
      what: 'ServiceName',
      workstation: CLIENT_ADDRESS,
      status: KERBEROS_STATUS,
      details: [...TICKET, { field: 'TransmittedServices', property: 'Transmitted services' }],
    },
  ],
  [
    4770,
    {
      title: 'A Kerberos service ticket was renewed',
      account: KERBEROS,
      actions: LOGON,
      objectType: 'Logon',
      what: 'ServiceName',
      workstation: CLIENT_ADDRESS,
      details: TICKET,
    },
  ],
  [
    4771,
    {
      title: 'Kerberos preauthentication failed',
      account: KERBEROS,
      actions: always(FAILED_LOGON),
      objectType: 'Logon',
      what: 'ServiceName',
      workstation: CLIENT_ADDRESS,
      status: KERBEROS_STATUS,
      details: [PREAUTHENTICATION, ...TICKET, ...CERTIFICATE],
    },
  ],
  [
    4772,
    {
      title: 'A request for a Kerberos ticket-granting ticket failed',
      account: KERBEROS,
      actions: always(FAILED_LOGON),
      objectType: 'Logon',
      what: 'ServiceName',
      workstation: CLIENT_ADDRESS,
      status: KERBEROS_FAILURE,
      details: TICKET,
    },
  ],
  [
    4773,
    {
      title: 'A request for a Kerberos service ticket failed',
      account: KERBEROS,
      actions: always(FAILED_LOGON),
      objectType: 'Logon',
      what: 'ServiceName',
      workstation: CLIENT_ADDRESS,
      status: KERBEROS_FAILURE,
      details: TICKET,
    },
  ],
  [
    4776,
    {
      title: 'Credentials were validated by NTLM',
      account: { name: 'TargetUserName' },
      actions: LOGON,
      objectType: 'Logon',
      workstation: { name: 'Workstation' },
      status: WINDOWS_STATUS,
      details: [{ field: 'PackageName', property: 'Authentication package' }, SERVICE],
    },
  ],
  [
    4777,
    {
      title: 'The domain controller failed to validate credentials',
      account: { name: 'TargetUserName' },
      actions: always(FAILED_LOGON),
      objectType: 'Logon',
      workstation: { name: 'Workstation' },
      status: WINDOWS_STATUS,
      details: [{ field: 'ClientUserName', property: 'Client account' }],
    },
  ],
  [
    4778,
    {
      title: 'A session was reconnected',
      account: SESSION_ACCOUNT,
      actions: always(SUCCESSFUL_LOGON),
      objectType: 'Interactive Logon',
      workstation: SESSION_CLIENT,
      teaches: 'LogonID',
      details: SESSION_DETAILS,
    },
  ],
  [
    4779,
    {
      title: 'A session was disconnected',
      account: SESSION_ACCOUNT,
      actions: always(LOGOFF),
      objectType: 'Interactive Logon',
      workstation: SESSION_CLIENT,
      details: SESSION_DETAILS,
    },
  ],
  [
    4825,
    {
      title: 'Access to Remote Desktop was denied',
      account: SESSION_ACCOUNT,
      actions: always(FAILED_LOGON),
      objectType: 'Interactive Logon',
      workstation: { address: 'ClientAddress' },
      cause: 'not allowed to log on by Remote Desktop',
      details: SESSION_DETAILS,
    },
  ],
  [4800, desktop('The workstation was locked', SESSION_PAUSED)],
  [4801, desktop('The workstation was unlocked', SESSION_RESUMED)],
  [4802, desktop('The screen saver was started', SESSION_PAUSED)],
  [4803, desktop('The screen saver was dismissed', SESSION_RESUMED)],
]);
