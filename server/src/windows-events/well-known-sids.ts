/** SIDs that mean the same everywhere. Source: Microsoft, "Security identifiers". */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  'S-1-1-0': 'Everyone',
  'S-1-2-0': 'LOCAL',
  'S-1-2-1': 'CONSOLE LOGON',
  'S-1-3-0': 'CREATOR OWNER',
  'S-1-3-1': 'CREATOR GROUP',
  'S-1-3-4': 'OWNER RIGHTS',
  'S-1-5-1': 'NT AUTHORITY\\DIALUP',
  'S-1-5-2': 'NT AUTHORITY\\NETWORK',
  'S-1-5-3': 'NT AUTHORITY\\BATCH',
  'S-1-5-4': 'NT AUTHORITY\\INTERACTIVE',
  'S-1-5-6': 'NT AUTHORITY\\SERVICE',
  'S-1-5-7': 'NT AUTHORITY\\ANONYMOUS LOGON',
  'S-1-5-9': 'NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS',
  'S-1-5-10': 'NT AUTHORITY\\SELF',
  'S-1-5-11': 'NT AUTHORITY\\Authenticated Users',
  'S-1-5-12': 'NT AUTHORITY\\RESTRICTED',
  'S-1-5-13': 'NT AUTHORITY\\TERMINAL SERVER USER',
  'S-1-5-14': 'NT AUTHORITY\\REMOTE INTERACTIVE LOGON',
  'S-1-5-15': 'NT AUTHORITY\\This Organization',
  'S-1-5-17': 'NT AUTHORITY\\IUSR',
  'S-1-5-18': 'NT AUTHORITY\\SYSTEM',
  'S-1-5-19': 'NT AUTHORITY\\LOCAL SERVICE',
  'S-1-5-20': 'NT AUTHORITY\\NETWORK SERVICE',
  'S-1-5-113': 'NT AUTHORITY\\Local account',
  'S-1-5-114': 'NT AUTHORITY\\Local account and member of Administrators group',
  'S-1-5-32-544': 'BUILTIN\\Administrators',
  'S-1-5-32-545': 'BUILTIN\\Users',
  'S-1-5-32-546': 'BUILTIN\\Guests',
  'S-1-5-32-547': 'BUILTIN\\Power Users',
  'S-1-5-32-548': 'BUILTIN\\Account Operators',
  'S-1-5-32-549': 'BUILTIN\\Server Operators',
  'S-1-5-32-550': 'BUILTIN\\Print Operators',
  'S-1-5-32-551': 'BUILTIN\\Backup Operators',
  'S-1-5-32-552': 'BUILTIN\\Replicator',
  'S-1-5-32-554': 'BUILTIN\\Pre-Windows 2000 Compatible Access',
  'S-1-5-32-555': 'BUILTIN\\Remote Desktop Users',
  'S-1-5-32-556': 'BUILTIN\\Network Configuration Operators',
  'S-1-5-32-557': 'BUILTIN\\Incoming Forest Trust Builders',
  'S-1-5-32-558': 'BUILTIN\\Performance Monitor Users',
  'S-1-5-32-559': 'BUILTIN\\Performance Log Users',
  'S-1-5-32-560': 'BUILTIN\\Windows Authorization Access Group',
  'S-1-5-32-561': 'BUILTIN\\Terminal Server License Servers',
  'S-1-5-32-562': 'BUILTIN\\Distributed COM Users',
  'S-1-5-32-568': 'BUILTIN\\IIS_IUSRS',
  'S-1-5-32-569': 'BUILTIN\\Cryptographic Operators',
  'S-1-5-32-573': 'BUILTIN\\Event Log Readers',
  'S-1-5-32-574': 'BUILTIN\\Certificate Service DCOM Access',
  'S-1-5-32-575': 'BUILTIN\\RDS Remote Access Servers',
  'S-1-5-32-576': 'BUILTIN\\RDS Endpoint Servers',
  'S-1-5-32-577': 'BUILTIN\\RDS Management Servers',
  'S-1-5-32-578': 'BUILTIN\\Hyper-V Administrators',
  'S-1-5-32-579': 'BUILTIN\\Access Control Assistance Operators',
  'S-1-5-32-580': 'BUILTIN\\Remote Management Users',
  'S-1-5-32-581': 'BUILTIN\\System Managed Accounts Group',
  'S-1-5-32-582': 'BUILTIN\\Storage Replica Administrators',
  'S-1-5-80-0': 'NT SERVICE\\ALL SERVICES',
};

/** Accounts made per session: the number of the session ends the SID. */
const PER_SESSION: readonly (readonly [prefix: string, account: string])[] = [
  ['S-1-5-90-0-', 'Window Manager\\DWM-'],
  ['S-1-5-96-0-', 'Font Driver Host\\UMFD-'],
];

/** `NT AUTHORITY\SYSTEM` for `S-1-5-18`; undefined when only the computer or domain can name it. */
export const wellKnownName = (sid: string): string | undefined => {
  const name = Object.hasOwn(WELL_KNOWN, sid) ? WELL_KNOWN[sid] : undefined;
  if (name !== undefined) return name;
  const perSession = PER_SESSION.find(([prefix]) => sid.startsWith(prefix));
  return perSession && `${perSession[1]}${sid.slice(perSession[0].length)}`;
};

/** The NULL SID stands for nobody: the event knows no account. */
export const isNullSid = (sid: string): boolean => sid === 'S-1-0-0';

/** Accounts of a domain, a computer or Entra ID: their SID means one account wherever it is seen. */
export const isAccountSid = (sid: string): boolean =>
  sid.startsWith('S-1-5-21-') || sid.startsWith('S-1-12-1-');
