/** User rights by their constant. Source: Microsoft, "Privilege Constants" and "Account Rights Constants". */
import { listOf } from './fields.ts';

const PRIVILEGES: Readonly<Record<string, string>> = {
  SeAssignPrimaryTokenPrivilege: 'Replace a process-level token',
  SeAuditPrivilege: 'Generate security audits',
  SeBackupPrivilege: 'Back up files and directories',
  SeChangeNotifyPrivilege: 'Bypass traverse checking',
  SeCreateGlobalPrivilege: 'Create global objects',
  SeCreatePagefilePrivilege: 'Create a pagefile',
  SeCreatePermanentPrivilege: 'Create permanent shared objects',
  SeCreateSymbolicLinkPrivilege: 'Create symbolic links',
  SeCreateTokenPrivilege: 'Create a token object',
  SeDebugPrivilege: 'Debug programs',
  SeDelegateSessionUserImpersonatePrivilege: 'Impersonate another user in the same session',
  SeEnableDelegationPrivilege: 'Enable accounts to be trusted for delegation',
  SeImpersonatePrivilege: 'Impersonate a client after authentication',
  SeIncreaseBasePriorityPrivilege: 'Increase scheduling priority',
  SeIncreaseQuotaPrivilege: 'Adjust memory quotas for a process',
  SeIncreaseWorkingSetPrivilege: 'Increase a process working set',
  SeLoadDriverPrivilege: 'Load and unload device drivers',
  SeLockMemoryPrivilege: 'Lock pages in memory',
  SeMachineAccountPrivilege: 'Add workstations to domain',
  SeManageVolumePrivilege: 'Perform volume maintenance tasks',
  SeProfileSingleProcessPrivilege: 'Profile single process',
  SeRelabelPrivilege: 'Modify an object label',
  SeRemoteShutdownPrivilege: 'Force shutdown from a remote system',
  SeRestorePrivilege: 'Restore files and directories',
  SeSecurityPrivilege: 'Manage auditing and security log',
  SeShutdownPrivilege: 'Shut down the system',
  SeSyncAgentPrivilege: 'Synchronize directory service data',
  SeSystemEnvironmentPrivilege: 'Modify firmware environment values',
  SeSystemProfilePrivilege: 'Profile system performance',
  SeSystemtimePrivilege: 'Change the system time',
  SeTakeOwnershipPrivilege: 'Take ownership of files or other objects',
  SeTcbPrivilege: 'Act as part of the operating system',
  SeTimeZonePrivilege: 'Change the time zone',
  SeTrustedCredManAccessPrivilege: 'Access Credential Manager as a trusted caller',
  SeUndockPrivilege: 'Remove computer from docking station',
  SeBatchLogonRight: 'Log on as a batch job',
  SeDenyBatchLogonRight: 'Deny log on as a batch job',
  SeDenyInteractiveLogonRight: 'Deny log on locally',
  SeDenyNetworkLogonRight: 'Deny access to this computer from the network',
  SeDenyRemoteInteractiveLogonRight: 'Deny log on through Remote Desktop Services',
  SeDenyServiceLogonRight: 'Deny log on as a service',
  SeInteractiveLogonRight: 'Allow log on locally',
  SeNetworkLogonRight: 'Access this computer from the network',
  SeRemoteInteractiveLogonRight: 'Allow log on through Remote Desktop Services',
  SeServiceLogonRight: 'Log on as a service',
};

/** `Debug programs (SeDebugPrivilege)`. */
const privilegeWords = (constant: string): string =>
  Object.hasOwn(PRIVILEGES, constant) ? `${PRIVILEGES[constant]} (${constant})` : constant;

/** A PrivilegeList in words, one after the other. */
export const privilegeListWords = (list: string): string =>
  listOf(list).map(privilegeWords).join(', ');
