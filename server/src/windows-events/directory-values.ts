/** Coded values of directory attributes in words. The value itself stays in brackets, so that it can be looked up. */
import { DIRECTORY_CLASS_OIDS } from './directory-classes.ts';
import { sidWords } from './directory-names.ts';
import {
  fileTimeWords,
  generalizedTimeWords,
  intervalWords,
  isForever,
} from './directory-times.ts';
import { numberOf } from './fields.ts';

type Words = (value: string) => string | undefined;
type Flags = readonly (readonly [bit: number, words: string])[];

/** Names of the flags set; what has no name is given as a number. */
const flagsOf =
  (flags: Flags, none = 'none'): Words =>
  (value) => {
    const number = numberOf(value);
    if (number === undefined || number < -0x8000_0000 || number > 0xffff_ffff) return undefined;
    const names = flags.filter(([bit]) => (number & bit) !== 0).map(([, words]) => words);
    const unnamed = (number & ~flags.reduce((bits, [bit]) => bits | bit, 0)) >>> 0;
    if (unnamed !== 0) names.push(`0x${unnamed.toString(16)}`);
    return names.length === 0 ? none : names.join(', ');
  };

const oneOf =
  (names: Readonly<Record<string, string>>): Words =>
  (value) =>
    Object.hasOwn(names, value) ? names[value] : undefined;

/** [MS-ADTS] 2.2.16. They are other bits than those of 4738. */
const USER_ACCOUNT_CONTROL = flagsOf([
  [0x2, 'Account disabled'],
  [0x8, 'Home directory required'],
  [0x10, 'Account locked out'],
  [0x20, 'Password not required'],
  [0x40, 'Password cannot change'],
  [0x80, 'Encrypted text password allowed'],
  [0x100, 'Temporary duplicate account'],
  [0x200, 'Normal account'],
  [0x800, 'Interdomain trust account'],
  [0x1000, 'Workstation trust account'],
  [0x2000, 'Server trust account'],
  [0x10000, 'Password never expires'],
  [0x20000, 'MNS logon account'],
  [0x40000, 'Smart card required'],
  [0x80000, 'Trusted for delegation'],
  [0x100000, 'Account is sensitive and cannot be delegated'],
  [0x200000, 'Use DES keys only'],
  [0x400000, 'Kerberos preauthentication not required'],
  [0x800000, 'Password expired'],
  [0x1000000, 'Trusted to authenticate for delegation'],
  [0x2000000, 'Authorization information excluded'],
  [0x4000000, 'Read-only domain controller account'],
  [0x8000000, 'Use AES keys'],
]);

/** [MS-ADTS] 2.2.12. */
const GROUP_SCOPES: Flags = [
  [0x1, 'created by the system'],
  [0x2, 'global'],
  [0x4, 'domain local'],
  [0x8, 'universal'],
  [0x10, 'application basic'],
  [0x20, 'application query'],
];
const SECURITY_ENABLED = 0x8000_0000;

const groupType: Words = (value) => {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  const kind = (number & SECURITY_ENABLED) === 0 ? 'Distribution' : 'Security';
  const scope = flagsOf(GROUP_SCOPES)(String(number & ~SECURITY_ENABLED));
  return scope === undefined ? undefined : `${kind}, ${scope}`;
};

/** [MS-SAMR] 2.2.1.9. */
const ACCOUNT_TYPES: Readonly<Record<string, string>> = {
  '268435456': 'Security group',
  '268435457': 'Distribution group',
  '536870912': 'Local security group',
  '536870913': 'Local distribution group',
  '805306368': 'User account',
  '805306369': 'Computer account',
  '805306370': 'Trust account',
  '1073741824': 'Application basic group',
  '1073741825': 'Application query group',
};

/** [MS-KILE] 2.2.7. */
const ENCRYPTION_TYPES = flagsOf(
  [
    [0x1, 'DES-CBC-CRC'],
    [0x2, 'DES-CBC-MD5'],
    [0x4, 'RC4-HMAC'],
    [0x8, 'AES128-CTS-HMAC-SHA1-96'],
    [0x10, 'AES256-CTS-HMAC-SHA1-96'],
    [0x20, 'AES256-CTS-HMAC-SHA1-96-SK'],
    [0x10000, 'FAST supported'],
    [0x20000, 'Compound identity supported'],
    [0x40000, 'Claims supported'],
    [0x80000, 'Resource SID compression disabled'],
  ],
  'default of the domain controllers',
);

/** [MS-ADTS] 6.1.6.7.12, 6.1.6.7.15, 6.1.6.7.9. */
export const TRUST_DIRECTION = oneOf({
  '0': 'Disabled',
  '1': 'Inbound',
  '2': 'Outbound',
  '3': 'Bidirectional',
});
export const TRUST_TYPE = oneOf({
  '1': 'Windows NT domain',
  '2': 'Active Directory domain',
  '3': 'Kerberos realm',
  '4': 'DCE realm',
  '5': 'Entra ID',
});
export const TRUST_ATTRIBUTES = flagsOf([
  [0x1, 'Not transitive'],
  [0x2, 'Windows 2000 and later only'],
  [0x4, 'SID filtering (quarantined)'],
  [0x8, 'Forest trust'],
  [0x10, 'Selective authentication'],
  [0x20, 'Within the forest'],
  [0x40, 'SID filtering as for external trusts'],
  [0x80, 'RC4 keys'],
  [0x200, 'TGT delegation disabled'],
  [0x400, 'Privileged identity management'],
  [0x800, 'TGT delegation enabled'],
]);

/** [MS-SAMR] 2.2.3.15. */
const PASSWORD_PROPERTIES = flagsOf([
  [0x1, 'Complexity required'],
  [0x2, 'No change without logon'],
  [0x4, 'No clear text change'],
  [0x8, 'Administrators can be locked out'],
  [0x10, 'Reversible encryption'],
  [0x20, 'Password changes refused'],
]);

/** [MS-ADTS] 6.1.4.4. */
const FUNCTIONAL_LEVEL = oneOf({
  '0': 'Windows 2000',
  '1': 'Windows Server 2003 interim',
  '2': 'Windows Server 2003',
  '3': 'Windows Server 2008',
  '4': 'Windows Server 2008 R2',
  '5': 'Windows Server 2012',
  '6': 'Windows Server 2012 R2',
  '7': 'Windows Server 2016',
  '10': 'Windows Server 2025',
});

/** [MS-CRTD] 2.28, 2.26. */
const CERTIFICATE_NAME_FLAGS = flagsOf([
  [0x1, 'Subject supplied in the request'],
  [0x8, 'Old certificate supplies the names'],
  [0x10000, 'Subject alternative name supplied in the request'],
  [0x400000, 'Alternative name: domain DNS'],
  [0x800000, 'Alternative name: SPN'],
  [0x1000000, 'Alternative name: directory GUID'],
  [0x2000000, 'Alternative name: UPN'],
  [0x4000000, 'Alternative name: e-mail'],
  [0x8000000, 'Alternative name: DNS'],
  [0x10000000, 'Subject: DNS as common name'],
  [0x20000000, 'Subject: e-mail'],
  [0x40000000, 'Subject: common name'],
  [0x80000000, 'Subject: directory path'],
]);
const CERTIFICATE_ENROLLMENT_FLAGS = flagsOf([
  [0x1, 'Symmetric algorithms included'],
  [0x2, 'Approval of a certificate manager required'],
  [0x4, 'Published to the key recovery agents'],
  [0x8, 'Published to the directory'],
  [0x10, 'No autoenrollment when a certificate is in the directory'],
  [0x20, 'Autoenrollment'],
  [0x40, 'Old certificate approves the renewal'],
  [0x100, 'User interaction required'],
  [0x400, 'Invalid certificates removed'],
  [0x800, 'Enrollment on behalf of others'],
  [0x1000, 'No revocation check for OCSP'],
  [0x2000, 'Keys reused when storage is full'],
  [0x4000, 'No revocation information'],
  [0x8000, 'Basic constraints included'],
  [0x10000, 'Key-based renewal'],
  [0x20000, 'Issuance policies from the request'],
  [0x40000, 'Autorenewal skipped'],
  [0x80000, 'No security extension'],
]);

/** [MS-ADTS] 2.2.9. */
const SEARCH_FLAGS = flagsOf([
  [0x1, 'Indexed'],
  [0x2, 'Indexed in each container'],
  [0x4, 'Ambiguous name resolution'],
  [0x8, 'Kept in tombstones'],
  [0x10, 'Copied with the object'],
  [0x20, 'Tuple index'],
  [0x40, 'Subtree container index'],
  [0x80, 'Confidential'],
  [0x100, 'Changes not audited'],
  [0x200, 'Not replicated to read-only domain controllers'],
]);

const time =
  (special: Readonly<Record<string, string>>): Words =>
  (value) => {
    if (Object.hasOwn(special, value)) return special[value];
    return isForever(value) ? 'Never' : fileTimeWords(value);
  };

const interval =
  (forever: string): Words =>
  (value) =>
    isForever(value) ? forever : intervalWords(value);

const WORDS: ReadonlyMap<string, Words> = new Map<string, Words>(
  Object.entries({
    userAccountControl: USER_ACCOUNT_CONTROL,
    'msDS-User-Account-Control-Computed': USER_ACCOUNT_CONTROL,
    groupType,
    sAMAccountType: oneOf(ACCOUNT_TYPES),
    'msDS-SupportedEncryptionTypes': ENCRYPTION_TYPES,
    trustDirection: TRUST_DIRECTION,
    trustType: TRUST_TYPE,
    trustAttributes: TRUST_ATTRIBUTES,
    pwdProperties: PASSWORD_PROPERTIES,
    'msDS-Behavior-Version': FUNCTIONAL_LEVEL,
    'msPKI-Certificate-Name-Flag': CERTIFICATE_NAME_FLAGS,
    'msPKI-Enrollment-Flag': CERTIFICATE_ENROLLMENT_FLAGS,
    searchFlags: SEARCH_FLAGS,
    'msDS-DelegatedMSAState': oneOf({
      '0': 'Not migrated',
      '1': 'Migration started',
      '2': 'Migration completed',
    }),
    gPOptions: oneOf({ '0': 'Inheritance allowed', '1': 'Inheritance blocked' }),
    primaryGroupID: oneOf({
      '512': 'Domain Admins',
      '513': 'Domain Users',
      '514': 'Domain Guests',
      '515': 'Domain Computers',
      '516': 'Domain Controllers',
      '521': 'Read-only Domain Controllers',
    }),
    objectClass: (value: string) => DIRECTORY_CLASS_OIDS.get(value),
    pwdLastSet: time({ '0': 'Must be changed at the next logon', '-1': 'Now' }),
    accountExpires: time({ '0': 'Never' }),
    lockoutTime: time({ '0': 'Not locked out' }),
    badPasswordTime: time({ '0': 'Never' }),
    lastLogon: time({ '0': 'Never' }),
    lastLogoff: time({ '0': 'Never' }),
    lastLogonTimestamp: time({ '0': 'Never' }),
    creationTime: time({}),
    'ms-Mcs-AdmPwdExpirationTime': time({ '0': 'Now' }),
    'msLAPS-PasswordExpirationTime': time({ '0': 'Now' }),
    'msDS-UserPasswordExpiryTimeComputed': time({ '0': 'Never' }),
    lockoutDuration: interval('Until an administrator unlocks'),
    lockOutObservationWindow: interval('Never'),
    maxPwdAge: interval('Never expires'),
    minPwdAge: interval('Never'),
    forceLogoff: interval('Never'),
    'msDS-LockoutDuration': interval('Until an administrator unlocks'),
    'msDS-LockoutObservationWindow': interval('Never'),
    'msDS-MaximumPasswordAge': interval('Never expires'),
    'msDS-MinimumPasswordAge': interval('Never'),
    objectSid: (value: string) => (sidWords(value) === value ? undefined : sidWords(value)),
  }).map(([name, words]) => [name.toLowerCase(), words]),
);

const GENERALIZED_TIME_SYNTAX = '2.5.5.11';

/** `Normal account, Account disabled (514)`; a value that has no code, or a code without words, as it is. */
export const attributeValueWords = (
  attribute: string,
  value: string,
  syntax: string | undefined,
): string => {
  const words = WORDS.get(attribute.toLowerCase())?.(value);
  if (words !== undefined) return words === value ? value : `${words} (${value})`;
  return (syntax === GENERALIZED_TIME_SYNTAX && generalizedTimeWords(value)) || value;
};

/** Attributes whose values are secrets or open them: an audit record must not spread them. */
const SECRETS: ReadonlySet<string> = new Set(
  [
    'unicodePwd',
    'userPassword',
    'unixUserPassword',
    'msSFU30Password',
    'dBCSPwd',
    'ntPwdHistory',
    'lmPwdHistory',
    'supplementalCredentials',
    'msDS-ManagedPassword',
    'msDS-ExecuteScriptPassword',
    'ms-Mcs-AdmPwd',
    'msLAPS-Password',
    'msLAPS-EncryptedPassword',
    'msLAPS-EncryptedPasswordHistory',
    'msLAPS-EncryptedDSRMPassword',
    'msLAPS-EncryptedDSRMPasswordHistory',
    'msFVE-RecoveryPassword',
    'msFVE-KeyPackage',
    'msTPM-OwnerInformation',
    'trustAuthIncoming',
    'trustAuthOutgoing',
    'initialAuthIncoming',
    'initialAuthOutgoing',
    'currentValue',
    'priorValue',
    'msKds-RootKeyData',
  ].map((name) => name.toLowerCase()),
);

export const isSecretAttribute = (attribute: string): boolean =>
  SECRETS.has(attribute.toLowerCase());
