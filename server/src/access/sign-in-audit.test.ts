import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../plans/testing.ts';
import type { SelfAuditEntry } from './index.ts';
import { createSignInAudit, SIGN_IN_AUDIT } from './sign-in-audit.ts';

const setUp = () => {
  const clock = createTestClock();
  const entries: SelfAuditEntry[] = [];
  const waiting: (() => void)[] = [];
  const audit = createSignInAudit({
    selfAudit: (entry) => entries.push(entry),
    clock,
    delay: () => new Promise((resolve) => waiting.push(resolve)),
  });
  const fail = (who: string, address: string): void =>
    audit.failed({ who, address, method: 'Password', reason: 'Unknown user or wrong password' });
  return { clock, entries, waiting, audit, fail };
};

const attemptsIn = (entries: readonly SelfAuditEntry[]): number =>
  entries
    .flatMap(({ details }) => details ?? [])
    .filter(({ property }) => property === 'Attempts')
    .reduce((sum, { after }) => sum + Number(after), 0);

test('a granted sign-in is recorded once an hour for each user, address and method', () => {
  const { clock, entries, audit } = setUp();
  const grant = (who: string, address: string, method: string) => {
    for (let index = 0; index < 100; index += 1) audit.granted({ who, address, method });
  };
  grant('admin', 'x', 'Password');
  assert.deepEqual(entries, [
    {
      who: 'admin',
      action: 'Successful Logon',
      objectType: 'Logon',
      what: 'Witness',
      workstation: 'x',
      details: [{ property: 'Method', after: 'Password' }],
    },
  ]);
  grant('admin', 'y', 'Password');
  grant('auditor', 'x', 'Password');
  grant('admin', 'x', 'Token backup');
  assert.equal(entries.length, 4);
  clock.advance(SIGN_IN_AUDIT.grantedEveryMs - 1);
  grant('admin', 'x', 'Password');
  assert.equal(entries.length, 4);
  clock.advance(1);
  grant('admin', 'x', 'Password');
  assert.equal(entries.length, 5);
});

test('failures are recorded each until they are too many, then counted', async () => {
  const { entries, waiting, fail } = setUp();
  for (let index = 0; index < SIGN_IN_AUDIT.failuresInWindow; index += 1) fail('admin', 'x');
  assert.equal(entries.length, SIGN_IN_AUDIT.failuresInWindow);
  assert.deepEqual(entries[0], {
    who: 'admin',
    action: 'Failed Logon',
    objectType: 'Logon',
    what: 'Witness',
    workstation: 'x',
    details: [
      { property: 'Method', after: 'Password' },
      { property: 'Reason', message: 'Unknown user or wrong password' },
    ],
  });
  for (let index = 0; index < 500; index += 1) fail('admin', 'x');
  for (let index = 0; index < 500; index += 1) fail(`u${index}`, 'y');
  assert.equal(entries.length, SIGN_IN_AUDIT.failuresInWindow);
  assert.equal(waiting.length, 1, 'the count is recorded although nobody comes any more');
  waiting[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  const [first, second, ...rest] = entries.slice(SIGN_IN_AUDIT.failuresInWindow);
  assert.deepEqual(rest, []);
  assert.deepEqual([first?.who, first?.workstation], ['admin', 'x']);
  assert.deepEqual([second?.who, second?.workstation], ['Unknown', 'y']);
  assert.equal(attemptsIn(entries), 1_000);
});

test('the next window records each again', () => {
  const { clock, entries, fail } = setUp();
  for (let index = 0; index < 100; index += 1) fail('admin', 'x');
  clock.advance(SIGN_IN_AUDIT.windowMs);
  fail('admin', 'x');
  assert.equal(entries.length, SIGN_IN_AUDIT.failuresInWindow + 1 + 1);
  assert.equal(attemptsIn(entries), 40);
});

test('a flood from everywhere makes a bounded number of records that count all of it', () => {
  const { entries, audit, fail } = setUp();
  const attempts = 20_000;
  for (let index = 0; index < attempts; index += 1) fail(`u${index}`, `10.0.${index}`);
  audit.flush();
  const { failuresInWindow, addressesInWindow } = SIGN_IN_AUDIT;
  assert.equal(entries.length, failuresInWindow + addressesInWindow + 1);
  assert.equal(attemptsIn(entries) + failuresInWindow, attempts);
  assert.equal(entries.at(-1)?.workstation, undefined);
  audit.flush();
  assert.equal(entries.length, failuresInWindow + addressesInWindow + 1);
});
