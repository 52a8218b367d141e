import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  accountKind,
  accountName,
  isAccountSid,
  isNullSid,
  isOwnLogonId,
  kerberosAccountName,
  netbiosName,
  SUBJECT,
  sessionOf,
  sidFacts,
  TARGET,
  wellKnownName,
} from './index.ts';
import { securityEvent } from './testing.ts';

it('names accounts as DOMAIN\\name', () => {
  const check = (domain: string | undefined, name: string, expected: string): void =>
    assert.equal(accountName(domain, name), expected);
  check('CONTOSO', 'jdoe', 'CONTOSO\\jdoe');
  check(undefined, 'jdoe', 'jdoe');
  check('CONTOSO', 'FABRIKAM\\jdoe', 'FABRIKAM\\jdoe');
  check('CONTOSO', 'jdoe@contoso.com', 'jdoe@contoso.com');
});

it('gives both Kerberos forms of an account one name', () => {
  const check = (realm: string | undefined, name: string, expected: string): void =>
    assert.equal(kerberosAccountName(realm, name), expected);
  check('CONTOSO.COM', 'jdoe@CONTOSO.COM', 'CONTOSO.COM\\jdoe');
  check('contoso.com', 'jdoe@CONTOSO.COM', 'CONTOSO.COM\\jdoe');
  check('CONTOSO.COM', 'jdoe', 'CONTOSO.COM\\jdoe');
  check(undefined, 'jdoe@CONTOSO.COM', 'CONTOSO.COM\\jdoe');
  check(undefined, 'jdoe', 'jdoe');
  // A name of another realm keeps it: the event says both.
  check('CONTOSO.COM', 'jdoe@fabrikam.com', 'jdoe@fabrikam.com');
  check('CONTOSO.COM', '@', '@');
});

it('tells noisy kinds of accounts', () => {
  const check = (name: string | undefined, sid: string | undefined, expected?: string): void =>
    assert.equal(accountKind(name, sid), expected);
  check('jdoe', 'S-1-5-21-1-2-3-1104');
  check('WKS17$', 'S-1-5-21-1-2-3-1301', 'computer account');
  check('WKS17$@CONTOSO.COM', undefined, 'computer account');
  check('SYSTEM', 'S-1-5-18', 'Windows service account');
  check('DWM-1', 'S-1-5-90-0-1', 'Windows service account');
  check('UMFD-0', 'S-1-5-96-0-0', 'Windows service account');
  check('ANONYMOUS LOGON', undefined, 'anonymous');
  check('ANONYMOUS-ANMELDUNG', 'S-1-5-7', 'anonymous');
  check('sshd_1', 'S-1-5-111-1');
  check(undefined, undefined);
});

it('knows SIDs that mean the same everywhere, and no others', () => {
  const check = (sid: string, expected?: string): void =>
    assert.equal(wellKnownName(sid), expected);
  check('S-1-5-18', 'NT AUTHORITY\\SYSTEM');
  check('S-1-5-32-544', 'BUILTIN\\Administrators');
  check('S-1-5-90-0-3', 'Window Manager\\DWM-3');
  check('S-1-5-96-0-1', 'Font Driver Host\\UMFD-1');
  check('S-1-5-21-1-2-3-500');
  check('S-1-0-0');
  check('toString');
  assert.ok(isNullSid('S-1-0-0'));
  assert.deepEqual(['S-1-5-21-1-2-3-500', 'S-1-12-1-1-2-3-4', 'S-1-5-18'].map(isAccountSid), [
    true,
    true,
    false,
  ]);
});

it('shortens computer names to NetBIOS names', () => {
  const check = (computer: string, expected: string): void =>
    assert.equal(netbiosName(computer), expected);
  check('srv01.contoso.com', 'SRV01');
  check('a-very-long-computer-name.contoso.com', 'A-VERY-LONG-COM');
  check('WKS17', 'WKS17');
  check('', '');
});

it('learns names behind SIDs, but not the computer written beside S-1-5-18', () => {
  const event = securityEvent(4722, {
    SubjectUserSid: 'S-1-5-18',
    SubjectUserName: 'DC01$',
    SubjectDomainName: 'CONTOSO',
    TargetSid: 'S-1-5-21-1-2-3-1601',
    TargetUserName: 'jdoe',
    TargetDomainName: 'CONTOSO',
  });
  assert.deepEqual(sidFacts(event, SUBJECT, TARGET), [
    { sid: 'S-1-5-21-1-2-3-1601', account: 'CONTOSO\\jdoe' },
  ]);
  const sid = 'S-1-5-21-1-2-3-1601';
  const unnamed = securityEvent(4722, { TargetSid: sid, TargetUserName: sid });
  assert.deepEqual(sidFacts(unnamed, TARGET), []);
});

it('follows logon sessions of accounts, not those of Windows', () => {
  const check = (logonId: string, expected: string | undefined): void =>
    assert.equal(sessionOf(securityEvent(1, { SubjectLogonId: logonId }))?.logonId, expected);
  check('0x00000000003A5F21', '0x3a5f21');
  for (const fixed of ['0x3e7', '0x3e4', '0x3e5', '0x0', '-', 'none']) check(fixed, undefined);
  assert.ok(isOwnLogonId('0x12'));
  assert.equal(
    sessionOf(securityEvent(1, { SubjectLogonId: '0x1' }))?.computer,
    'dc01.contoso.com',
  );
});
