/** What `action_id` of an audit event stands for. Source: Microsoft, `sys.dm_audit_actions`. */
import type { Detail } from '@witness/record';

export const ADDED = 'Added';
export const REMOVED = 'Removed';
export const MODIFIED = 'Modified';
export const READ = 'Read';
export const EXECUTED = 'Executed';
export const SUCCESSFUL_LOGON = 'Successful Logon';
export const FAILED_LOGON = 'Failed Logon';
export const LOGOFF = 'Logoff';

/** What is recorded when the operation did not succeed. */
export const FAILED_ATTEMPTS: Readonly<Record<string, string>> = {
  [ADDED]: 'Add (Failed Attempt)',
  [REMOVED]: 'Remove (Failed Attempt)',
  [MODIFIED]: 'Modify (Failed Attempt)',
  [READ]: 'Read (Failed Attempt)',
  [EXECUTED]: 'Execute (Failed Attempt)',
  [SUCCESSFUL_LOGON]: FAILED_LOGON,
};

export const SQL_SERVER_ACTIONS: readonly string[] = [
  ADDED,
  REMOVED,
  MODIFIED,
  READ,
  EXECUTED,
  SUCCESSFUL_LOGON,
  FAILED_LOGON,
  LOGOFF,
  ...Object.entries(FAILED_ATTEMPTS).flatMap(([action, failed]) =>
    action === SUCCESSFUL_LOGON ? [] : [failed],
  ),
];

export interface AuditAction {
  readonly words: string;
  readonly action: string;
  /** Object type when it is not the class of the object. */
  readonly objectType?: 'Data' | 'Backup' | 'Restore' | 'SQL Server Instance' | 'Logon';
  /** The target principal: joined or left a role, got or lost a permission. */
  readonly target?: 'member added' | 'member removed' | 'permission';
  readonly details?: readonly Detail[];
}

const added = (words: string, more: Partial<AuditAction> = {}): AuditAction => ({
  words,
  action: ADDED,
  ...more,
});
const removed = (words: string, more: Partial<AuditAction> = {}): AuditAction => ({
  words,
  action: REMOVED,
  ...more,
});
const modified = (words: string, more: Partial<AuditAction> = {}): AuditAction => ({
  words,
  action: MODIFIED,
  ...more,
});
const executed = (words: string): AuditAction => ({ words, action: EXECUTED });
const read = (words: string, more: Partial<AuditAction> = {}): AuditAction => ({
  words,
  action: READ,
  ...more,
});
const permission = (words: string): AuditAction => modified(words, { target: 'permission' });
const state = (words: string, after: string): AuditAction =>
  modified(words, {
    objectType: 'SQL Server Instance',
    details: [{ property: 'State', after }],
  });
const enabled = (words: string, before: string, after: string): AuditAction =>
  modified(words, { details: [{ property: 'Enabled', before, after }] });
const logon = (words: string): AuditAction => ({
  words,
  action: SUCCESSFUL_LOGON,
  objectType: 'Logon',
});
const logonFailure = (words: string): AuditAction => ({
  words,
  action: FAILED_LOGON,
  objectType: 'Logon',
});

const ACTIONS: Readonly<Record<string, AuditAction>> = {
  ADBO: executed('Bulk administration'),
  AL: modified('Alter'),
  ALCN: modified('Alter connection'),
  ALRS: modified('Alter resources'),
  ALSS: modified('Alter server state'),
  ALST: modified('Alter settings'),
  ALTR: modified('Alter trace'),
  APRL: modified('Add member', { target: 'member added' }),
  AS: executed('Access'),
  AUSC: modified('Audit session changed'),
  AUSF: modified('Audit shutdown on failure'),
  AUTH: executed('Authenticate'),
  BA: added('Back up', { objectType: 'Backup' }),
  BAL: added('Back up log', { objectType: 'Backup' }),
  BCM: executed('Batch completed'),
  BST: executed('Batch started'),
  C2OF: modified('C2 audit trace switched off'),
  C2ON: modified('C2 audit trace switched on'),
  CCLG: modified('Change login credential'),
  CMLG: modified('Map credential to login'),
  CO: executed('Connect'),
  CP: executed('Checkpoint'),
  CR: added('Create'),
  D: permission('Deny'),
  DBAF: logonFailure('Database authentication failed'),
  DBAS: logon('Database authentication succeeded'),
  DBCC: executed('DBCC'),
  DBL: { words: 'Database logout', action: LOGOFF, objectType: 'Logon' },
  DL: removed('Delete', { objectType: 'Data' }),
  DPRL: modified('Drop member', { target: 'member removed' }),
  DR: removed('Drop'),
  DWC: permission('Deny with cascade'),
  EX: executed('Execute'),
  FT: executed('Full-text'),
  G: permission('Grant'),
  GWG: permission('Grant with grant option'),
  IMP: executed('Impersonate'),
  IN: added('Insert', { objectType: 'Data' }),
  LGB: logon('Service Broker login'),
  LGDA: enabled('Disable login', 'Yes', 'No'),
  LGDB: modified('Change default database'),
  LGEA: enabled('Enable login', 'No', 'Yes'),
  LGIF: logonFailure('Login failed'),
  LGIS: logon('Login succeeded'),
  LGLG: modified('Change default language'),
  LGM: logon('Database mirroring login'),
  LGNM: modified('Change login name'),
  LGO: { words: 'Logout', action: LOGOFF, objectType: 'Logon' },
  NMLG: modified('Remove credential from login'),
  OP: executed('Open'),
  PWC: modified('Change password'),
  PWCS: modified('Change own password'),
  PWEX: modified('Change password expiration'),
  PWMC: modified('Password must be changed'),
  PWPL: modified('Change password policy'),
  PWR: modified('Reset password'),
  PWRS: modified('Reset own password'),
  PWU: modified('Unlock login', {
    details: [{ property: 'Locked out', before: 'Yes', after: 'No' }],
  }),
  R: permission('Revoke'),
  RC: read('Receive'),
  RF: read('References'),
  RS: added('Restore', { objectType: 'Restore' }),
  RWC: permission('Revoke with cascade'),
  RWG: permission('Revoke grant option'),
  SL: read('Select', { objectType: 'Data' }),
  SN: executed('Send'),
  SPLN: read('Show plan'),
  SUQN: executed('Subscribe to query notifications'),
  SVCN: state('Server continued', 'Continued'),
  SVPD: state('Server paused', 'Paused'),
  SVSD: state('Server shut down', 'Stopped'),
  SVSR: state('Server started', 'Started'),
  TASA: modified('Audit trace started'),
  TASP: modified('Audit trace stopped'),
  TO: modified('Take ownership'),
  TRO: modified('Transfer to another schema'),
  TXBG: executed('Begin transaction'),
  TXCM: executed('Commit transaction'),
  TXRB: executed('Roll back transaction'),
  UDAU: executed('User-defined audit'),
  UP: modified('Update', { objectType: 'Data' }),
  USAF: modified('Map user to login automatically'),
  USLG: modified('Map user to login'),
  USTC: modified('Copy password'),
  VDST: read('View database state'),
  VSST: read('View server state'),
  VWCT: read('View change tracking'),
  XA: executed('External access assembly'),
  XU: executed('Unsafe assembly'),
};

/** An action that this table does not know is shown by its code. */
export const auditAction = (id: string): AuditAction =>
  (Object.hasOwn(ACTIONS, id) ? ACTIONS[id] : undefined) ?? executed(id);
