import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  accountFlags,
  auditOutcome,
  auditSubcategory,
  changedAccountFlags,
  encryptionTypeWords,
  expandMessages,
  isInteractiveLogon,
  kerberosStatusWords,
  logonTypeWords,
  messageText,
  ntStatusWords,
  preauthenticationWords,
  privilegeListWords,
  serviceTypeWords,
  startModeWords,
  ticketOptionsWords,
} from './index.ts';
import { securityEvent } from './testing.ts';

/** One table per vocabulary: what Windows writes, what a reader sees. */
const checkAll = (
  words: (text: string) => string | undefined,
  table: Readonly<Record<string, string | undefined>>,
): void => {
  for (const [text, expected] of Object.entries(table)) assert.equal(words(text), expected, text);
};

it('puts message references in words and keeps unknown ones', () => {
  checkAll(messageText, {
    '%%1793': '<value not set>',
    '%%1833': 'Impersonation',
    '%%1842': 'Yes',
    '%%1843': 'No',
    '%%2080': 'Account disabled',
    '%%2082': 'Password not required: Yes',
    '%%2084': 'Normal account: Yes',
    '%%2087': 'Workstation trust account: Yes',
    '%%2089': 'Password never expires: Yes',
    '%%2062': 'Account is sensitive and cannot be delegated: No',
    '%%2094': 'Account is sensitive and cannot be delegated: Yes',
    '%%2313': 'Unknown user name or bad password.',
    '%%4416': 'ReadData (or ListDirectory)',
    '%%7688': 'Control Access',
    '%%8449': 'Success added',
    '%%14675': 'Value Deleted',
    '%%99999': undefined,
    '1793': undefined,
  });
  checkAll(expandMessages, {
    '%%4416\n\t%%4417': 'ReadData (or ListDirectory)\n\tWriteData (or AddFile)',
    '%%99999 %%1842': '%%99999 Yes',
    'plain 100%': 'plain 100%',
  });
});

it('names the flags of an account', () => {
  assert.deepEqual(accountFlags(0x15), [
    'Account disabled',
    'Password not required',
    'Normal account',
  ]);
  assert.deepEqual(accountFlags(0x10000010), ['Normal account', '0x10000000']);
  assert.deepEqual(accountFlags(0), []);
});

it('names the flags that changed, and only those', () => {
  const yes = (property: string) => ({ property, before: 'No', after: 'Yes' });
  assert.deepEqual(changedAccountFlags('0x210', '0x4210'), [
    yes('Account is sensitive and cannot be delegated'),
  ]);
  assert.deepEqual(changedAccountFlags('0x11', '0x210'), [
    { property: 'Account disabled', before: 'Yes', after: 'No' },
    yes('Password never expires'),
  ]);
  assert.deepEqual(changedAccountFlags('0x10', '0x10'), []);
  assert.deepEqual(changedAccountFlags('-', '0x10'), []);
  assert.deepEqual(changedAccountFlags(undefined, '0x10'), []);
});

it('tells success from failure by the keyword bits', () => {
  const check = (keywords: string | undefined, expected: string | undefined): void => {
    const event = securityEvent(1, {});
    const { keywords: _, ...rest } = event;
    assert.equal(auditOutcome(keywords === undefined ? rest : { ...event, keywords }), expected);
  };
  check('0x8020000000000000', 'success');
  check('0x8010000000000000', 'failure');
  check('0xA010000000000000', 'failure');
  check('0x0020000000000000', 'success');
  check('0x4000000000000000', undefined);
  check('0x0', undefined);
  check('none', undefined);
  check('toString', undefined);
  check(undefined, undefined);
});

it('names logon types', () => {
  checkAll(logonTypeWords, {
    2: 'Interactive (2)',
    3: 'Network (3)',
    10: 'Remote interactive (10)',
    99: '99',
  });
  assert.deepEqual([2, 3, 7, 9, 10, 11, undefined].map(isInteractiveLogon), [
    true,
    false,
    true,
    false,
    true,
    true,
    false,
  ]);
});

it('names causes of failed logons', () => {
  checkAll(ntStatusWords, {
    '0xc000006a': 'wrong password',
    '0xc0000064': 'unknown user name',
    '0xc0000234': 'account locked out',
    '0xc000015b': 'logon type not granted to the account',
    '0x12345': undefined,
    toString: undefined,
  });
  checkAll(kerberosStatusWords, {
    '0x6': 'unknown user name',
    '0x12': 'account disabled, expired or locked out',
    '0x17': 'password expired',
    '0x18': 'wrong password',
    '0x25': 'clocks of client and server too far apart',
    '0xff': undefined,
  });
});

it('names the parts of Kerberos tickets', () => {
  checkAll(encryptionTypeWords, {
    '0x00000012': 'AES256-CTS-HMAC-SHA1-96 (0x12)',
    '0x17': 'RC4-HMAC (0x17)',
    '0xFFFFFFFF': undefined,
    '0x99': '0x99',
  });
  checkAll(ticketOptionsWords, {
    '0x40810000': 'forwardable, renewable, canonicalize (0x40810000)',
    '0x60810010': 'forwardable, forwarded, renewable, canonicalize, renewable ok (0x60810010)',
    '0x2': 'renew (0x2)',
    '0x0': '0x0',
    '0xZZ': '0xzz',
  });
  assert.equal(ticketOptionsWords('0x2'), 'renew (0x2)', 'the same from the cache');
  checkAll(preauthenticationWords, {
    0: 'none (0)',
    2: 'password (2)',
    16: 'smart card (16)',
    77: '77',
  });
});

it('names service start modes and types in both notations', () => {
  checkAll(startModeWords, {
    2: 'automatic',
    '0x3': 'manual',
    'auto start': 'automatic',
    'Demand Start': 'manual',
    disabled: 'disabled',
    Automatisch: 'Automatisch',
    9: '9',
    constructor: 'constructor',
  });
  checkAll(serviceTypeWords, {
    '0x10': 'user mode service',
    '0x1': 'kernel mode driver',
    'user mode service': 'user mode service',
    '0x999': '0x999',
  });
});

it('names privileges and audit subcategories', () => {
  checkAll(privilegeListWords, {
    'SeDebugPrivilege\n\t\t\tSeUnknownPrivilege':
      'Debug programs (SeDebugPrivilege), SeUnknownPrivilege',
    SeMachineAccountPrivilege: 'Add workstations to domain (SeMachineAccountPrivilege)',
  });
  assert.deepEqual(auditSubcategory('{0cce9215-69ae-11d9-bed3-505054503030}'), {
    category: 'Logon/Logoff',
    name: 'Logon',
  });
  assert.equal(auditSubcategory('{00000000-69AE-11D9-BED3-505054503030}'), undefined);
});
