/** Subcategories by event: Microsoft, "Advanced security audit policy settings". */
import type { WindowsSetup } from '../windows-setup.ts';
import { LARGE_SECURITY_LOG } from '../windows-setup-parts.ts';

export const LOGON_SETUP: WindowsSetup = {
  computers: 'Domain controllers, and other computers whose logons matter',
  auditPolicy: [
    {
      subcategory: 'Credential Validation',
      outcomes: 'success and failure',
      reason: '4776, 4777: passwords checked by NTLM',
    },
    {
      subcategory: 'Kerberos Authentication Service',
      outcomes: 'success and failure',
      reason: '4768, 4771, 4772: logons anywhere in the domain, and why they failed',
    },
    {
      subcategory: 'Kerberos Service Ticket Operations',
      outcomes: 'success and failure',
      reason: '4769, 4770, 4773: which computer or service was reached',
    },
    {
      subcategory: 'Logon',
      outcomes: 'success and failure',
      reason: '4624, 4625, 4648: logons at this computer and over the network',
    },
    {
      subcategory: 'Account Lockout',
      outcomes: 'failure',
      reason: '4625 of an account that is locked out',
    },
    { subcategory: 'Logoff', outcomes: 'success', reason: '4634, 4647: the end of a session' },
    {
      subcategory: 'Other Logon/Logoff Events',
      outcomes: 'success and failure',
      reason: '4778, 4779, 4800-4803, 4825: remote desktop, locked and unlocked screens',
    },
    {
      subcategory: 'Network Policy Server',
      outcomes: 'success and failure',
      reason:
        '6272-6280: Wi-Fi, VPN and switches by RADIUS, where the computer is a Network Policy Server',
    },
  ],
  logs: [LARGE_SECURITY_LOG],
};
