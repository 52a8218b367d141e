/** Subcategories by event: Microsoft, "Advanced security audit policy settings". */
import {
  APPLICATION_LOG,
  EVENT_LOG_SERVICE,
  SECURITY_AUDITING,
  SECURITY_LOG,
  SYSTEM_LOG,
} from '../../windows-events/index.ts';
import type { WindowsSetup } from '../windows-setup.ts';
import {
  EVERYONE_LINE,
  LARGE_APPLICATION_LOG,
  LARGE_SECURITY_LOG,
  LARGE_SYSTEM_LOG,
  LOGON_POLICY,
  SMALL_LOG_BYTES,
} from '../windows-setup-parts.ts';
import { USER_MODE_DRIVERS } from './device-events.ts';
import { DNS_SERVER } from './dns-events.ts';
import { FIREWALL } from './firewall-events.ts';
import { MSI_INSTALLER } from './program-events.ts';

const FIREWALL_LOG = `${FIREWALL}/Firewall`;
const USER_MODE_DRIVERS_LOG = `${USER_MODE_DRIVERS}/Operational`;
const DNS_LOG = `${DNS_SERVER}/Audit`;

/** Logs of the providers that do not write to System. */
const LOGS: ReadonlyMap<string, string> = new Map([
  [SECURITY_AUDITING, SECURITY_LOG],
  [MSI_INSTALLER, APPLICATION_LOG],
  [FIREWALL, FIREWALL_LOG],
  [USER_MODE_DRIVERS, USER_MODE_DRIVERS_LOG],
  [DNS_SERVER, DNS_LOG],
]);

/** System log of another log being cleared; that Security was cleared stands in Security. */
const LOG_CLEARED = 104;

export const logOf = (provider: string, eventId: number): string =>
  provider === EVENT_LOG_SERVICE && eventId !== LOG_CLEARED
    ? SECURITY_LOG
    : (LOGS.get(provider) ?? SYSTEM_LOG);

export const COMPUTER_SETUP: WindowsSetup = {
  computers: 'Every monitored computer',
  auditPolicy: [
    {
      subcategory: 'User Account Management',
      outcomes: 'success',
      reason: '4720-4726, 4738, 4740, 4767, 4781: local users',
    },
    {
      subcategory: 'Security Group Management',
      outcomes: 'success',
      reason: '4728, 4729, 4731-4735: local groups and their members',
    },
    {
      subcategory: 'Security State Change',
      outcomes: 'success',
      reason: '4616: system time changed, by whom',
    },
    {
      subcategory: 'Security System Extension',
      outcomes: 'success',
      reason: '4697: services installed, by whom',
    },
    {
      subcategory: 'Other Object Access Events',
      outcomes: 'success',
      reason: '4698-4702: scheduled tasks',
    },
    {
      subcategory: 'Registry',
      outcomes: 'success',
      reason: '4657: registry values, before and after',
    },
    {
      subcategory: 'Audit Policy Change',
      outcomes: 'success',
      reason: '4719: what is audited changed',
    },
    {
      subcategory: 'Authorization Policy Change',
      outcomes: 'success',
      reason: '4704, 4705: user rights given and taken',
    },
    {
      subcategory: 'Authentication Policy Change',
      outcomes: 'success',
      reason: '4717, 4718: rights to log on given and taken',
    },
    {
      subcategory: 'MPSSVC Rule-Level Policy Change',
      outcomes: 'success',
      reason: '4946-4950: firewall rules and settings',
    },
    {
      subcategory: 'Plug and Play Events',
      outcomes: 'success',
      reason: '6416, 6420, 6422-6424: devices and removable media',
    },
    LOGON_POLICY,
  ],
  logs: [
    LARGE_SECURITY_LOG,
    LARGE_SYSTEM_LOG,
    LARGE_APPLICATION_LOG,
    {
      log: FIREWALL_LOG,
      sizeBytes: SMALL_LOG_BYTES,
      reason: '2003-2099: firewall rules and settings, with the program that changed them',
    },
    {
      log: USER_MODE_DRIVERS_LOG,
      sizeBytes: SMALL_LOG_BYTES,
      isOffByDefault: true,
      reason: '2003: removable media plugged in',
    },
    {
      log: DNS_LOG,
      sizeBytes: SMALL_LOG_BYTES,
      reason:
        '513-582: zones, records and settings, on DNS servers (Windows Server 2012 R2 and later)',
    },
  ],
  auditEntries: [
    {
      objects:
        'Registry keys whose values matter (the whole of these is much; narrow it where you can)',
      script: [
        "$keys = 'HKLM:\\SOFTWARE', 'HKLM:\\SYSTEM', 'Registry::HKEY_USERS\\.DEFAULT'",
        EVERYONE_LINE,
        "$rights = 'SetValue, CreateSubKey, Delete, ChangePermissions, TakeOwnership'",
        "$rule = [System.Security.AccessControl.RegistryAuditRule]::new($everyone, $rights, 'ContainerInherit', 'None', 'Success')",
        'foreach ($key in $keys) {',
        '  $acl = Get-Acl -LiteralPath $key -Audit',
        '  $acl.AddAuditRule($rule)',
        '  Set-Acl -LiteralPath $key -AclObject $acl',
        '}',
      ],
      reason: '4657 is written only of keys with audit entries',
    },
  ],
  registry: [
    {
      key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Reliability',
      name: 'TimeStampEnabled',
      type: 'REG_DWORD',
      value: '1',
      policy: 'Administrative Templates > System > Enable Persistent Time Stamp',
      reason: '6008 states when the computer was last known to run',
    },
  ],
};
