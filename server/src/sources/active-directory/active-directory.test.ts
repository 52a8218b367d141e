import assert from 'node:assert/strict';
import { it } from 'node:test';
import { securityEvent } from '../../windows-events/testing.ts';
import type { Interpretation } from '../source.ts';
import { activeDirectory } from './index.ts';

const SUBJECT = {
  SubjectUserSid: 'S-1-5-21-1-2-3-1105',
  SubjectUserName: 'admin',
  SubjectDomainName: 'CONTOSO',
  SubjectLogonId: '0x3a5f21',
};

const interpret = (eventId: number, data: Readonly<Record<string, string>>): Interpretation => {
  const interpretation = activeDirectory.interpretWindowsEvent?.(
    securityEvent(eventId, { ...SUBJECT, ...data }),
  );
  assert.ok(interpretation);
  return interpretation;
};

const TARGET = {
  TargetUserName: 'jdoe',
  TargetDomainName: 'CONTOSO',
  TargetSid: 'S-1-5-21-1-2-3-1601',
};

it('says who changed which account where, and from which session', () => {
  const [record] = interpret(4725, TARGET).drafts;
  assert.equal(record?.who, 'CONTOSO\\admin');
  assert.equal(record?.what, 'CONTOSO\\jdoe');
  assert.equal(record?.where, 'dc01.contoso.com');
  assert.deepEqual(record?.session, { computer: 'dc01.contoso.com', logonId: '0x3a5f21' });
});

it('teaches the names of actor and object', () => {
  const check = (
    eventId: number,
    data: Readonly<Record<string, string>>,
    account: string | undefined,
  ): void => {
    const sids = interpret(eventId, data).sids ?? [];
    assert.equal(sids.find(({ sid }) => sid === SUBJECT.SubjectUserSid)?.account, 'CONTOSO\\admin');
    assert.equal(sids.find(({ sid }) => sid === TARGET.TargetSid)?.account, account);
  };
  check(4722, TARGET, 'CONTOSO\\jdoe');
  check(4781, { ...TARGET, NewTargetUserName: 'john' }, 'CONTOSO\\john');
  // 4740 has the caller's computer where the domain should be.
  check(4740, { ...TARGET, TargetDomainName: 'WKS17' }, 'CONTOSO\\jdoe');
  check(4722, { TargetSid: TARGET.TargetSid }, undefined);
});

it('shows the computer a lockout came from', () => {
  const workstationOf = (caller: string): string | undefined =>
    interpret(4740, { ...TARGET, TargetDomainName: caller }).drafts[0]?.workstation;
  assert.equal(workstationOf('WKS17'), 'WKS17');
  assert.equal(workstationOf('\\\\WKS17'), 'WKS17');
  assert.equal(workstationOf(''), undefined);
});
