/**
 * `%%NNNN` references that audited events carry, as the parameter message file of the Security log
 * (msobjs.dll) has them in English.
 */
const FLAG_NAMES = [
  'Home directory required',
  'Password not required',
  'Temporary duplicate account',
  'Normal account',
  'MNS logon account',
  'Interdomain trust account',
  'Workstation trust account',
  'Server trust account',
  'Password never expires',
] as const;

const LATER_FLAG_NAMES = [
  'Encrypted text password allowed',
  'Smart card required',
  'Trusted for delegation',
  'Account is sensitive and cannot be delegated',
  'Use DES keys only',
  'Kerberos preauthentication not required',
  'Password expired',
  'Trusted to authenticate for delegation',
  'Authorization information excluded',
  'Undefined flag 20',
  'Kerberos tickets protected with AES keys',
] as const;

const numbered = (first: number, texts: readonly string[]): [number, string][] =>
  texts.map((text, i) => [first + i, text]);

const MESSAGES: ReadonlyMap<number, string> = new Map([
  ...numbered(1537, [
    'DELETE',
    'READ_CONTROL',
    'WRITE_DAC',
    'WRITE_OWNER',
    'SYNCHRONIZE',
    'ACCESS_SYS_SEC',
    'MAX_ALLOWED',
  ]),
  ...numbered(1792, [
    '<value changed, but not displayed>',
    '<value not set>',
    '<never>',
    'Enabled',
    'Disabled',
    'All',
    'None',
  ]),
  ...numbered(1801, [
    'Granted by',
    'Denied by',
    'Denied by integrity policy check',
    'Granted by ownership',
    'Not granted',
  ]),
  ...numbered(1832, ['Identification', 'Impersonation']),
  [1840, 'Delegation'],
  [1842, 'Yes'],
  [1843, 'No'],
  [1844, 'System'],
  [1845, 'Not available'],
  [1846, 'Default'],
  [1848, 'Off'],
  [1849, 'Auto'],
  ...numbered(1872, [
    'REG_NONE',
    'REG_SZ',
    'REG_EXPAND_SZ',
    'REG_BINARY',
    'REG_DWORD',
    'REG_DWORD_BIG_ENDIAN',
    'REG_LINK',
    'REG_MULTI_SZ',
    'REG_RESOURCE_LIST',
    'REG_FULL_RESOURCE_DESCRIPTOR',
    'REG_RESOURCE_REQUIREMENTS_LIST',
    'REG_QWORD',
  ]),
  ...numbered(1904, [
    'New registry value created',
    'Existing registry value modified',
    'Registry value deleted',
  ]),
  ...numbered(1936, ['Default token', 'Full token (elevated)', 'Limited token']),
  [2048, 'Account enabled'],
  ...numbered(
    2049,
    FLAG_NAMES.map((name) => `${name}: No`),
  ),
  [2058, 'Account unlocked'],
  ...numbered(
    2059,
    LATER_FLAG_NAMES.map((name) => `${name}: No`),
  ),
  [2080, 'Account disabled'],
  ...numbered(
    2081,
    FLAG_NAMES.map((name) => `${name}: Yes`),
  ),
  [2090, 'Account locked'],
  ...numbered(
    2091,
    LATER_FLAG_NAMES.map((name) => `${name}: Yes`),
  ),
  ...numbered(2304, [
    'An error occurred during logon.',
    'The specified user account has expired.',
    'The NetLogon component is not active.',
    'Account locked out.',
    'The user has not been granted the requested logon type at this machine.',
    "The specified account's password has expired.",
    'Account currently disabled.',
    'Account logon time restriction violation.',
    'User not allowed to logon at this computer.',
    'Unknown user name or bad password.',
    'Domain SID inconsistent.',
    'Smart card logon is required and was not used.',
  ]),
  ...numbered(4416, [
    'ReadData (or ListDirectory)',
    'WriteData (or AddFile)',
    'AppendData (or AddSubdirectory or CreatePipeInstance)',
    'ReadEA',
    'WriteEA',
    'Execute/Traverse',
    'DeleteChild',
    'ReadAttributes',
    'WriteAttributes',
  ]),
  ...numbered(4432, [
    'Query key value',
    'Set key value',
    'Create sub-key',
    'Enumerate sub-keys',
    'Notify about changes to keys',
    'Create link',
  ]),
  ...numbered(7680, [
    'Create Child',
    'Delete Child',
    'List Contents',
    'Write Self',
    'Read Property',
    'Write Property',
    'Delete Tree',
    'List Object',
    'Control Access',
  ]),
  ...numbered(8272, [
    'System',
    'Logon/Logoff',
    'Object Access',
    'Privilege Use',
    'Detailed Tracking',
    'Policy Change',
    'Account Management',
    'DS Access',
    'Account Logon',
  ]),
  ...numbered(8448, ['Success removed', 'Success added', 'Failure removed', 'Failure added']),
  ...numbered(14592, ['Inbound', 'Outbound']),
  ...numbered(14674, [
    'Value Added',
    'Value Deleted',
    'Active Directory Domain Services',
    'Active Directory Lightweight Directory Services',
    'Yes',
    'No',
  ]),
]);

const BY_REFERENCE: ReadonlyMap<string, string> = new Map(
  [...MESSAGES].map(([number, text]) => [`%%${number}`, text]),
);

/** Text of `%%1794`; undefined for anything else. */
export const messageText = (reference: string): string | undefined => BY_REFERENCE.get(reference);

/** Replaces every known reference in a text; unknown ones stay as they are. */
export const expandMessages = (text: string): string => {
  if (!text.includes('%%')) return text;
  return (
    BY_REFERENCE.get(text) ??
    text.replace(/%%\d{1,6}/g, (reference) => messageText(reference) ?? reference)
  );
};
