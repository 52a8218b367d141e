/** Subcategories by event: Microsoft, "Advanced security audit policy settings". */
import type { WindowsSetup } from '../windows-setup.ts';
import { directoryAuditEntries, LARGE_SECURITY_LOG, LOGON_POLICY } from '../windows-setup-parts.ts';

export const DIRECTORY_SETUP: WindowsSetup = {
  computers: 'Domain controllers',
  auditPolicy: [
    {
      subcategory: 'User Account Management',
      outcomes: 'success and failure',
      reason: '4720-4726, 4738, 4740, 4765-4767, 4780, 4781, 4794: users, passwords, lockouts',
    },
    {
      subcategory: 'Computer Account Management',
      outcomes: 'success and failure',
      reason: '4741-4743: computer accounts',
    },
    {
      subcategory: 'Security Group Management',
      outcomes: 'success and failure',
      reason: '4727-4737, 4754-4758, 4764: security groups and their members',
    },
    {
      subcategory: 'Distribution Group Management',
      outcomes: 'success and failure',
      reason: '4744-4753, 4759-4763: distribution groups and their members',
    },
    {
      subcategory: 'Directory Service Changes',
      outcomes: 'success',
      reason: '5136-5139, 5141: every attribute of every object, before and after',
    },
    {
      subcategory: 'Directory Service Access',
      outcomes: 'success and failure',
      reason: '4662: use of rights on objects, DCSync among them',
    },
    {
      subcategory: 'Detailed Directory Service Replication',
      outcomes: 'success and failure',
      reason: '4928-4931, 4935-4937: replication partners, failures, lingering objects',
    },
    {
      subcategory: 'Authentication Policy Change',
      outcomes: 'success',
      reason: '4706, 4707, 4713, 4716, 4739, 4865-4867: trusts, Kerberos and domain policy',
    },
    LOGON_POLICY,
  ],
  logs: [LARGE_SECURITY_LOG],
  auditEntries: [
    directoryAuditEntries('5136-5141 and 4662 are written only of objects with audit entries'),
  ],
};
