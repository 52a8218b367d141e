import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { WindowsEvent } from '../../codecs/index.ts';
import { securityEvent } from '../../windows-events/testing.ts';
import type { RecordDraft } from '../source.ts';
import { VALUE_LENGTH_MAX, VALUES_MAX } from './event-data.ts';
import { eventLog } from './index.ts';

const ACCOUNT_SID = 'S-1-5-21-1-2-3-1104';

const recordOf = (event: WindowsEvent): RecordDraft => {
  const record = eventLog.interpretWindowsEvent?.(event).drafts[0];
  assert.ok(record);
  return record;
};

const otherEvent = (overrides: Partial<WindowsEvent>): WindowsEvent =>
  securityEvent(100, {}, { provider: 'Vendor-Product', channel: 'Application', ...overrides });

it('knows who only from what the event says', () => {
  const check = (
    overrides: Partial<WindowsEvent>,
    who: string,
    knownBy: string,
    sid?: string,
  ): void => {
    const record = recordOf(otherEvent(overrides));
    assert.deepEqual([record.who, record.whoKnownBy, record.whoSid], [who, knownBy, sid]);
  };
  const data = (name: string, value: string): Partial<WindowsEvent> => ({
    data: [{ name, value }],
  });
  check(data('SubjectUserName', 'jdoe'), 'jdoe', 'event');
  check(data('SubjectUserSid', ACCOUNT_SID), 'Unknown', 'unknown', ACCOUNT_SID);
  check({ userSid: ACCOUNT_SID }, 'Unknown', 'unknown', ACCOUNT_SID);
  // A service wrote it: that is not who did it.
  check({ userSid: 'S-1-5-18' }, 'Unknown', 'unknown');
  check({ userSid: 'S-1-0-0' }, 'Unknown', 'unknown');
  check({}, 'Unknown', 'unknown');
  const userData = { name: 'Any', children: [{ name: 'SubjectUserName', text: 'bob' }] };
  check({ userData }, 'bob', 'event');
  const sysmon = { provider: 'Microsoft-Windows-Sysmon', userSid: 'S-1-5-18' };
  check({ ...sysmon, ...data('User', 'CONTOSO\\jdoe') }, 'CONTOSO\\jdoe', 'event');
  check(sysmon, 'Unknown', 'unknown');
  const firewall = {
    provider: 'Microsoft-Windows-Windows Firewall With Advanced Security',
    userSid: 'S-1-5-19',
  };
  check({ ...firewall, ...data('ModifyingUser', ACCOUNT_SID) }, 'Unknown', 'unknown', ACCOUNT_SID);
  const restart = { provider: 'User32', userSid: 'S-1-5-18' };
  check({ ...restart, ...data('param7', 'CONTOSO\\admin') }, 'CONTOSO\\admin', 'event');
});

it('tells the service that wrote an event, without taking it for the actor', () => {
  const { details } = recordOf(otherEvent({ userSid: 'S-1-5-20' }));
  const who = details.find(({ property }) => property === 'Who');
  assert.match(who?.message ?? '', /NT AUTHORITY\\NETWORK SERVICE wrote it/);
});

it('counts the values it leaves out', () => {
  const data = Array.from({ length: VALUES_MAX + 3 }, (_, i) => ({ value: `value ${i}` }));
  const { details } = recordOf(otherEvent({ data }));
  assert.equal(details.filter(({ property }) => property.startsWith('Data ')).length, VALUES_MAX);
  assert.match(
    details.find(({ property }) => property === 'Left out')?.message ?? '',
    new RegExp(`^3 of ${VALUES_MAX + 3} values`),
  );
});

it('says how much of a long value it shows', () => {
  const value = 'x'.repeat(VALUE_LENGTH_MAX + 1);
  const { details } = recordOf(otherEvent({ data: [{ name: 'Long', value }] }));
  const long = details.find(({ property }) => property === 'Long');
  assert.equal(long?.after?.length, VALUE_LENGTH_MAX);
  assert.match(long?.message ?? '', new RegExp(`${VALUE_LENGTH_MAX} of ${VALUE_LENGTH_MAX + 1}`));
});

it('words message references of the Security log only', () => {
  const data = [{ name: 'Access', value: '%%4416' }];
  const check = (event: WindowsEvent, expected: string): void =>
    assert.ok(recordOf(event).details.some(({ after }) => after === expected));
  check(securityEvent(5145, {}, { data }), 'ReadData (or ListDirectory)');
  check(otherEvent({ data }), '%%4416');
});

it('shows level or outcome', () => {
  const check = (event: WindowsEvent, property: string, expected: string): void =>
    assert.equal(
      recordOf(event).details.find((detail) => detail.property === property)?.after,
      expected,
    );
  check(otherEvent({ level: 2 }), 'Level', 'Error');
  check(otherEvent({ level: 0 }), 'Level', 'Information');
  check(securityEvent(5145, {}, { level: 0 }), 'Outcome', 'Audit success');
  check(securityEvent(5145, {}, { keywords: '0x8010000000000000' }), 'Outcome', 'Audit failure');
});

it('keeps to the record limits with a hostile provider', () => {
  const provider = 'p'.repeat(1000);
  const { objectType, details } = recordOf(otherEvent({ provider }));
  assert.equal(objectType.length, 255);
  assert.ok(details.some(({ after }) => after === provider));
});

it('follows UserData to a bounded depth', () => {
  let element: NonNullable<WindowsEvent['userData']> = { name: 'leaf', text: 'deep' };
  for (let i = 0; i < 1000; i += 1) element = { name: 'n', children: [element] };
  const { details } = recordOf(otherEvent({ userData: element }));
  assert.ok(details.some(({ property }) => property === 'Left out'));
});
