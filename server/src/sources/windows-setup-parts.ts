/** What the setups of several sources have in common. */
import {
  APPLICATION_LOG,
  SECURITY_AUDITING,
  SECURITY_LOG,
  SYSTEM_LOG,
} from '../windows-events/index.ts';
import type {
  AuditEntriesNeed,
  AuditPolicyNeed,
  EventLogNeed,
  EventNeed,
} from './windows-setup.ts';

/** The largest size that Group Policy takes for a log: 4,194,240 KB. */
export const LOG_BYTES_MAX = 4_194_240 * 1024;
export const SMALL_LOG_BYTES = 256 * 1024 * 1024;

const ROOM = 'Keeps events while the server or the network is down; the oldest are overwritten';

const largeLog = (log: string): EventLogNeed => ({ log, sizeBytes: LOG_BYTES_MAX, reason: ROOM });

export const LARGE_SECURITY_LOG: EventLogNeed = largeLog(SECURITY_LOG);
export const LARGE_APPLICATION_LOG: EventLogNeed = largeLog(APPLICATION_LOG);
export const LARGE_SYSTEM_LOG: EventLogNeed = largeLog(SYSTEM_LOG);

/** 4624 gives the account and the computer behind a logon id, and names behind SIDs. */
export const LOGON_SESSIONS: EventNeed = {
  provider: SECURITY_AUDITING,
  channel: SECURITY_LOG,
  eventIds: [4624],
  reason: 'The computer somebody worked at: changes carry a logon id only, 4624 says what it is',
};

export const LOGON_POLICY: AuditPolicyNeed = {
  subcategory: 'Logon',
  outcomes: 'success',
  reason: '4624: the computer somebody worked at, by the logon id of the change',
};

/** SIDs, because names of groups depend on the language of Windows. */
export const EVERYONE_LINE = "$everyone = [System.Security.Principal.SecurityIdentifier]'S-1-1-0'";

/** On the roots of the Domain and Configuration partitions; the same for every source of the directory, so that it is set once. */
export const directoryAuditEntries = (reason: string): AuditEntriesNeed => ({
  objects:
    'The domain and its Configuration partition, with all descendants (once, on one domain controller)',
  script: [
    'Import-Module ActiveDirectory',
    EVERYONE_LINE,
    "$rights = [System.DirectoryServices.ActiveDirectoryRights]'CreateChild, DeleteChild, Self, WriteProperty, DeleteTree, ExtendedRight, Delete, WriteDacl, WriteOwner'",
    "$rule = [System.DirectoryServices.ActiveDirectoryAuditRule]::new($everyone, $rights, 'Success', 'All')",
    '$root = Get-ADRootDSE',
    'foreach ($partition in $root.defaultNamingContext, $root.configurationNamingContext) {',
    '  $acl = Get-Acl -Path "AD:$partition" -Audit',
    '  $acl.AddAuditRule($rule)',
    '  Set-Acl -Path "AD:$partition" -AclObject $acl',
    '}',
  ],
  reason,
});
