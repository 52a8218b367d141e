import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../plans/testing.ts';
import { createLockOut, LOCK_OUT } from './lock-out.ts';

const setUp = () => {
  const clock = createTestClock();
  const lockOut = createLockOut(clock);
  /** One wrong password: how long to wait instead, or how long the answer is held back. */
  const wrong = (account: string, address: string): { wait: number } | { delay: number } => {
    const attempt = { account, address };
    const wait = lockOut.begin(attempt);
    if (wait !== undefined) return { wait };
    lockOut.end(attempt);
    return { delay: lockOut.failed(attempt).delayMs };
  };
  const right = (account: string, address: string): boolean => {
    const attempt = { account, address };
    if (lockOut.begin(attempt) !== undefined) return false;
    lockOut.end(attempt);
    lockOut.succeeded(attempt);
    return true;
  };
  return { clock, lockOut, wrong, right };
};

test('each failure slows down, the tenth locks, time unlocks', () => {
  const { clock, lockOut, wrong, right } = setUp();
  const delays = [0, 0, 100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000];
  for (const delay of delays) assert.deepEqual(wrong('admin', 'x'), { delay });
  assert.deepEqual(wrong('admin', 'x'), { wait: LOCK_OUT.lockMs });
  assert.equal(right('admin', 'x'), false);
  clock.advance(LOCK_OUT.lockMs - 1);
  assert.equal(lockOut.lockedMs({ account: 'admin', address: 'x' }), 1);
  assert.deepEqual(wrong('admin', 'x'), { wait: 1 }, 'trying does not prolong the lock');
  clock.advance(1);
  assert.deepEqual(wrong('admin', 'x'), { delay: 0 });
  assert.equal(right('admin', 'x'), true);
});

test('a lock holds for one account from one address', () => {
  const { wrong, right } = setUp();
  for (let index = 0; index < 10; index += 1) wrong('admin', 'x');
  assert.equal(right('admin', 'x'), false);
  assert.equal(right('admin', 'y'), true);
  assert.equal(right('auditor', 'x'), true);
});

test('a success clears the failures', () => {
  const { wrong, right } = setUp();
  for (let round = 0; round < 5; round += 1) {
    for (let index = 0; index < 9; index += 1) assert.ok('delay' in wrong('admin', 'x'));
    assert.equal(right('admin', 'x'), true);
  }
});

test('failures older than the window are forgotten', () => {
  const { clock, wrong } = setUp();
  for (let index = 0; index < 9; index += 1) wrong('admin', 'x');
  clock.advance(LOCK_OUT.windowMs);
  assert.deepEqual(wrong('admin', 'x'), { delay: 0 });
});

test('attempts at the same time cannot be more than the failures left', () => {
  const { lockOut } = setUp();
  const attempt = { account: 'admin', address: 'x' };
  const begun = Array.from({ length: 50 }, () => lockOut.begin(attempt));
  assert.equal(begun.filter((wait) => wait === undefined).length, LOCK_OUT.failuresMax);
  let locks = 0;
  for (let index = 0; index < LOCK_OUT.failuresMax; index += 1) {
    lockOut.end(attempt);
    if (lockOut.failed(attempt).hasLocked) locks += 1;
  }
  assert.equal(locks, 1);
  assert.equal(lockOut.begin(attempt), LOCK_OUT.lockMs);
});

test('an attempt that ends without a verdict leaves nothing behind', () => {
  const { lockOut, wrong } = setUp();
  const attempt = { account: 'admin', address: 'x' };
  for (let index = 0; index < 50; index += 1) {
    assert.equal(lockOut.begin(attempt), undefined);
    lockOut.end(attempt);
  }
  assert.deepEqual(wrong('admin', 'x'), { delay: 0 });
});

test('one address that tries many accounts is locked, who is known there is not', () => {
  const { clock, wrong, right } = setUp();
  assert.equal(right('admin', 'x'), true);
  for (let index = 0; index < LOCK_OUT.addressFailuresMax; index += 1) wrong(`u${index}`, 'x');
  assert.deepEqual(wrong('another', 'x'), { wait: LOCK_OUT.lockMs });
  assert.equal(right('admin', 'x'), true);
  assert.equal(right('another', 'y'), true);
  clock.advance(LOCK_OUT.lockMs);
  assert.deepEqual(wrong('another', 'x'), { delay: 0 });
});

test('many addresses that try one account are slowed down, its own addresses are not', () => {
  const { clock, wrong, right } = setUp();
  assert.equal(right('admin', 'home'), true);
  for (let index = 0; index < LOCK_OUT.accountFailuresMax; index += 1) wrong('admin', `a${index}`);
  assert.ok('delay' in wrong('admin', 'b'));
  assert.deepEqual(wrong('admin', 'c'), { wait: LOCK_OUT.accountPauseMs });
  clock.advance(LOCK_OUT.accountPauseMs - 1);
  assert.deepEqual(wrong('admin', 'c'), { wait: 1 });
  clock.advance(1);
  assert.ok('delay' in wrong('admin', 'c'));
  assert.equal(right('auditor', 'd'), true, 'other accounts are not concerned');
  assert.equal(right('admin', 'home'), true);
  assert.equal(right('admin', 'new'), true, 'a success ends it');
});

test('guesses a day stay few, however many addresses take part', () => {
  const { clock, wrong } = setUp();
  let guesses = 0;
  for (let second = 0; second < 900; second += 1) {
    for (let each = 0; each < 20; each += 1) {
      if ('delay' in wrong('admin', `bot${second}-${each}`)) guesses += 1;
    }
    clock.advance(1_000);
  }
  assert.ok(guesses <= LOCK_OUT.accountFailuresMax + 900 / 5 + 1, `${guesses} in 15 minutes`);
});

test('an address is known for a while only', () => {
  const { clock, wrong, right } = setUp();
  right('admin', 'home');
  clock.advance(LOCK_OUT.knownMs);
  for (let index = 0; index < LOCK_OUT.accountFailuresMax; index += 1) wrong('admin', `a${index}`);
  wrong('admin', 'b');
  assert.equal(right('admin', 'home'), false);
});

test('memory is bounded under a flood of names and addresses', () => {
  const { clock, wrong } = setUp();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 20_000; index += 1) {
    wrong(`${'n'.repeat(200)}${index}`, `10.0.${index}`);
    clock.advance(1);
  }
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 100 * 1024 * 1024, `${grown} bytes`);
  assert.ok('delay' in wrong('somebody', 'else'));
});
