import type { WindowsSetup } from '../windows-setup.ts';
import { directoryAuditEntries, LARGE_SECURITY_LOG, LOGON_POLICY } from '../windows-setup-parts.ts';

export const GROUP_POLICY_SETUP: WindowsSetup = {
  computers: 'Domain controllers',
  auditPolicy: [
    {
      subcategory: 'Directory Service Changes',
      outcomes: 'success',
      reason:
        '5136-5139, 5141: policies and their links are objects and attributes of the directory',
    },
    LOGON_POLICY,
  ],
  logs: [LARGE_SECURITY_LOG],
  auditEntries: [
    directoryAuditEntries(
      '5136-5141 are written only of objects with audit entries; links of sites are in the Configuration partition',
    ),
  ],
};
