import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Detail } from '@witness/record';
import {
  ACCOUNT_EVENT_IDS,
  accountChange,
  isLocalAccountEvent,
  LOCAL_ACCOUNT_EVENT_IDS,
} from './index.ts';
import { securityEvent } from './testing.ts';

const JDOE = {
  TargetUserName: 'jdoe',
  TargetDomainName: 'CONTOSO',
  TargetSid: 'S-1-5-21-1-2-3-1601',
};

it('tells local objects from those of a domain', () => {
  const check = (
    expected: boolean,
    data: Readonly<Record<string, string>>,
    { eventId = 4732, computer = 'srv01.contoso.com' } = {},
  ): void => {
    const event = securityEvent(eventId, { SubjectDomainName: 'CONTOSO', ...data }, { computer });
    assert.equal(isLocalAccountEvent(event), expected, JSON.stringify(data));
  };
  const builtin = { TargetDomainName: 'Builtin', TargetSid: 'S-1-5-32-544' };
  check(true, { TargetDomainName: 'SRV01' });
  check(true, { TargetDomainName: 'srv01' });
  check(false, { TargetDomainName: 'CONTOSO' });
  check(false, {});
  check(true, { ...builtin, MemberName: '-' });
  check(false, { ...builtin, MemberName: 'CN=John Doe,DC=contoso,DC=com' });
  check(false, { TargetDomainName: 'Builtin', TargetSid: 'S-1-5-32-549', MemberName: '-' });
  check(true, { ...builtin, SubjectDomainName: 'SRV01', MemberName: 'CN=John' });
  check(true, { TargetDomainName: 'OLDNAME', SubjectDomainName: 'WORKGROUP' });
  check(false, { TargetDomainName: 'SRV01' }, { eventId: 4740 });
  check(true, { TargetDomainName: 'WKS1', SubjectDomainName: 'WORKGROUP' }, { eventId: 4740 });
  check(false, { TargetDomainName: 'SRV01' }, { eventId: 4741 });
  check(true, { TargetDomainName: 'A-VERY-LONG-COM' }, { computer: 'a-very-long-computer.x.y' });
});

it('claims local events among those it knows', () => {
  for (const id of LOCAL_ACCOUNT_EVENT_IDS) assert.ok(ACCOUNT_EVENT_IDS.includes(id), String(id));
  assert.equal(ACCOUNT_EVENT_IDS.length, new Set(ACCOUNT_EVENT_IDS).size);
});

it('knows users from computers and groups', () => {
  const check = (eventId: number, data: Readonly<Record<string, string>>, expected: string): void =>
    assert.equal(
      accountChange(securityEvent(eventId, { ...JDOE, ...data })).managedClass,
      expected,
    );
  check(4720, {}, 'user');
  check(4724, { TargetUserName: 'SRV01$' }, 'computer');
  check(4742, { TargetUserName: 'odd' }, 'computer');
  check(4728, {}, 'group');
  check(4781, { OldTargetUserName: 'a', NewTargetUserName: 'b' }, 'user');
  check(4781, { OldTargetUserName: 'A$', NewTargetUserName: 'b' }, 'computer');
  check(4781, { OldTargetUserName: 'a', NewTargetUserName: 'B$' }, 'computer');
  check(4781, { OldTargetUserName: 'a', TargetSid: 'S-1-5-32-544' }, 'group');
  check(4781, { OldTargetUserName: 'a', TargetSid: 'S-1-5-21-1-2-3-512' }, 'group');
  check(4781, { OldTargetUserName: 'a', TargetSid: 'S-1-5-21-1-2-3-500' }, 'user');
});

it('names the account as the event has it', () => {
  const check = (eventId: number, data: Readonly<Record<string, string>>, expected: string): void =>
    assert.equal(accountChange(securityEvent(eventId, data)).account, expected);
  check(4722, JDOE, 'CONTOSO\\jdoe');
  check(4722, { TargetSid: JDOE.TargetSid }, JDOE.TargetSid);
  check(4780, { ...JDOE, TargetUserName: 'CN=J,DC=contoso' }, 'CN=J,DC=contoso');
  check(4740, { ...JDOE, TargetDomainName: 'WKS1', SubjectDomainName: 'CONTOSO' }, 'CONTOSO\\jdoe');
  check(4781, { ...JDOE, NewTargetUserName: 'john' }, 'CONTOSO\\john');
});

it('refuses an event that does not name its object', () => {
  for (const eventId of ACCOUNT_EVENT_IDS.filter((id) => id !== 4794)) {
    assert.throws(() => accountChange(securityEvent(eventId, {})), {
      code: 'WINDOWS_EVENT_FIELD_MISSING',
    });
  }
});

it('reads group members', () => {
  const check = (
    eventId: number,
    data: Readonly<Record<string, string>>,
    expected: readonly Detail[],
  ): void =>
    assert.deepEqual(
      accountChange(securityEvent(eventId, { ...JDOE, ...data })).details.filter(({ property }) =>
        property.startsWith('Member'),
      ),
      expected,
    );
  const dn = 'CN=John Doe,DC=contoso,DC=com';
  const sid = 'S-1-5-21-1-2-3-1601';
  check(4728, { MemberName: dn, MemberSid: sid }, [
    { property: 'Member', after: dn },
    { property: 'Member SID', after: sid },
  ]);
  check(4729, { MemberName: '-', MemberSid: sid }, [{ property: 'Member', before: sid }]);
  check(4732, { MemberName: '-', MemberSid: 'S-1-5-11' }, [
    { property: 'Member', after: 'NT AUTHORITY\\Authenticated Users' },
    { property: 'Member SID', after: 'S-1-5-11' },
  ]);
  check(4732, {}, [{ property: 'Member', after: '(not named by the event)' }]);
  check(4737, { MemberName: dn }, []);
});

it('says so when an event does not name what changed', () => {
  const [detail] = accountChange(securityEvent(4738, { ...JDOE, DisplayName: '-' })).details;
  assert.equal(detail?.property, 'Attributes');
  assert.match(detail?.message ?? '', /5136/);
});

it('falls back to the worded flags when the values are missing', () => {
  const text = '\n\t\t%%2080\n\t\t%%99999';
  const { details } = accountChange(securityEvent(4738, { ...JDOE, UserAccountControl: text }));
  assert.deepEqual(details, [
    { property: 'User account control', after: 'Account disabled, %%99999' },
  ]);
});
