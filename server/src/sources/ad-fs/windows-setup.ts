import type { WindowsSetup } from '../windows-setup.ts';
import { LARGE_SECURITY_LOG } from '../windows-setup-parts.ts';

export const AD_FS_SETUP: WindowsSetup = {
  computers: 'Federation servers',
  auditPolicy: [
    {
      subcategory: 'Application Generated',
      outcomes: 'success and failure',
      reason: 'AD FS writes its audits as an application',
    },
  ],
  logs: [LARGE_SECURITY_LOG],
  steps: [
    {
      title: 'On the primary federation server, for the whole farm: audit everything',
      commands: [
        'Set-AdfsProperties -LogLevel Errors,FailureAudits,Verbose,SuccessAudits,Warnings',
        '# Windows Server 2016 and later:',
        'Set-AdfsProperties -AuditLevel Verbose',
      ],
      reason: 'AD FS audits little until it is told to',
    },
    {
      title: 'User right "Generate security audits" for the service account of AD FS',
      commands: [],
      reason: 'Without it AD FS cannot write to the Security log',
    },
  ],
};
