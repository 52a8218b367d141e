import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCK_OUT, PASSWORD_WORK, SIGN_IN_AUDIT } from './index.ts';
import {
  countArgon2,
  EVERYTHING,
  openTestAccess,
  TEST_ACTOR,
  TEST_COST,
  TEST_PASSWORD,
} from './testing.ts';

const lockedMs = async (
  { access }: Awaited<ReturnType<typeof openTestAccess>>,
  userName: string,
): Promise<number> => {
  const result = await access.signIn({ userName, password: TEST_PASSWORD, address: '192.0.2.7' });
  return result.outcome === 'locked' ? result.retryAfterMs : assert.fail(result.outcome);
};

test('the right password of a user signs in, nothing else does', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  await context.addUser('CONTOSO\\auditor', 'reviewer');
  const table: readonly (readonly [string, string, string])[] = [
    ['admin', TEST_PASSWORD, 'granted'],
    ['ADMIN', TEST_PASSWORD, 'granted'],
    ['.\\admin', TEST_PASSWORD, 'granted'],
    ['contoso\\Auditor', TEST_PASSWORD, 'granted'],
    ['CONTOSO\\admin', TEST_PASSWORD, 'refused'],
    ['auditor', TEST_PASSWORD, 'refused'],
    ['admin', 'Correct horse', 'refused'],
    ['admin', '', 'refused'],
    ['', '', 'refused'],
    ['', TEST_PASSWORD, 'refused'],
    ['nobody', TEST_PASSWORD, 'refused'],
    ['__proto__', TEST_PASSWORD, 'refused'],
    ['admin', 'x'.repeat(1_000_000), 'refused'],
    ['x'.repeat(1_000_000), TEST_PASSWORD, 'refused'],
    ['admin\0', TEST_PASSWORD, 'refused'],
  ];
  for (const [index, [name, password, expected]] of table.entries()) {
    const address = `192.0.2.${index}`;
    assert.equal(await context.signIn(name, password, address), expected, `${index}`);
  }
  const result = await context.access.signIn({
    userName: 'contoso\\AUDITOR',
    password: TEST_PASSWORD,
    address: '192.0.2.7',
  });
  assert.ok(result.outcome === 'granted');
  assert.equal(result.principal.userName, 'CONTOSO\\auditor');
  assert.deepEqual(result.principal.assignments, [{ role: 'reviewer', scope: EVERYTHING }]);
});

test('a password is computed once a minute, however many requests carry it', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  using argon2 = countArgon2();
  for (let index = 0; index < 50; index += 1) await context.signIn('admin');
  assert.equal(argon2.computed, 1);
  context.clock.advance(59_999);
  await context.signIn('.\\ADMIN');
  assert.equal(argon2.computed, 1);
  context.clock.advance(1);
  await Promise.all(Array.from({ length: 50 }, () => context.signIn('admin')));
  assert.equal(argon2.computed, 2, 'those at the same time share one computation');
  for (let index = 0; index < 3; index += 1) await context.signIn('admin', 'wrong');
  assert.equal(argon2.computed, 5, 'a wrong one is never remembered');
});

test('20,000 requests with known credentials cost next to nothing', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  await context.signIn('admin');
  const started = performance.now();
  for (let index = 0; index < 20_000; index += 1) await context.signIn('admin');
  const tookMs = performance.now() - started;
  assert.ok(tookMs < 5_000, `${tookMs} ms`);
});

test('an unknown user costs what a known one does', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  using argon2 = countArgon2();
  for (const [index, name] of ['admin', 'nobody', 'CONTOSO\\x', '', 'a:b'].entries()) {
    assert.equal(await context.signIn(name, 'wrong password'), 'refused');
    assert.equal(argon2.computed, index + 1, name);
  }
});

test('100 sign-ins at the same time are all answered, a few at once', async () => {
  await using context = await openTestAccess();
  const names = Array.from({ length: 100 }, (_, index) => `user${index}`);
  for (const name of names) await context.addUser(name);
  using argon2 = countArgon2();
  const outcomes = await Promise.all(
    names.map((name, index) => context.signIn(name, index % 10 === 9 ? 'wrong' : TEST_PASSWORD)),
  );
  assert.equal(outcomes.filter((outcome) => outcome === 'granted').length, 90);
  assert.equal(outcomes.filter((outcome) => outcome === 'refused').length, 10);
  assert.equal(argon2.computed, 100);
  assert.equal(argon2.atOnceMax, PASSWORD_WORK.running);
});

test('a flood is refused with a retryable error, and the room lives on', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  using argon2 = countArgon2();
  const flood = await Promise.allSettled(
    Array.from({ length: 1_000 }, (_, index) =>
      context.signIn(`u${index}`, 'wrong', `10.0.${index >> 8}.${index & 255}`),
    ),
  );
  const busy = flood.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const admitted = PASSWORD_WORK.running + PASSWORD_WORK.waiting;
  assert.equal(busy.length, 1_000 - admitted);
  assert.ok(busy.every(({ code, retry }) => code === 'ACCESS_BUSY' && retry === 'later'));
  assert.equal(argon2.computed, admitted);
  assert.ok(argon2.atOnceMax <= PASSWORD_WORK.running);
  assert.equal(await context.signIn('admin'), 'granted');
});

test('ten wrong passwords: slower each time, then locked for a while', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  for (let index = 0; index < 10; index += 1) {
    assert.equal(await context.signIn('admin', `wrong ${index}`), 'refused');
  }
  assert.deepEqual(context.delays, [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000]);
  assert.deepEqual(context.events, ['access.sign-in-locked']);
  using argon2 = countArgon2();
  assert.equal(await lockedMs(context, 'admin'), LOCK_OUT.lockMs);
  assert.equal(await lockedMs(context, '.\\ADMIN'), LOCK_OUT.lockMs);
  assert.equal(argon2.computed, 0, 'a locked attempt costs nothing');
  assert.equal(await context.signIn('admin', TEST_PASSWORD, '198.51.100.1'), 'granted');
  context.clock.advance(LOCK_OUT.lockMs);
  assert.equal(await context.signIn('admin'), 'granted');
});

test('a lock holds also for credentials that were right a moment ago', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  assert.equal(await context.signIn('admin'), 'granted');
  for (let index = 0; index < 10; index += 1) await context.signIn('admin', `wrong ${index}`);
  assert.equal(await context.signIn('admin'), 'locked');
});

test('a user that does not exist locks like one that does', async () => {
  await using context = await openTestAccess();
  for (let index = 0; index < 10; index += 1) {
    assert.equal(await context.signIn('nobody', `wrong ${index}`), 'refused');
  }
  assert.equal(await context.signIn('nobody', 'wrong'), 'locked');
});

test('guessing in parallel gains nothing', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  using argon2 = countArgon2();
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) => context.signIn('admin', `guess ${index}`)),
  );
  assert.equal(argon2.computed, LOCK_OUT.failuresMax);
  assert.equal(outcomes.filter((outcome) => outcome === 'locked').length, 190);
  // The same guess many times at once is one computation, but each counts.
  await Promise.all(
    Array.from({ length: 50 }, () => context.signIn('admin', 'same', '198.51.100.9')),
  );
  assert.equal(argon2.computed, LOCK_OUT.failuresMax + 1);
  assert.equal(await context.signIn('admin', TEST_PASSWORD, '198.51.100.9'), 'locked');
});

test('held-back answers are bounded in number', async () => {
  await using context = await openTestAccess();
  let held = 0;
  const access = await context.reopen({
    delay: () => {
      held += 1;
      return new Promise(() => undefined);
    },
  });
  const attempt = () => access.signIn({ userName: 'x', password: 'same', address: '192.0.2.7' });
  const answers = Array.from({ length: 1_500 }, attempt);
  // Those beyond the bound answer although no delay ever passes.
  assert.equal((await answers.at(-1))?.outcome, 'refused');
  const audited = 1;
  assert.equal(held, 1_000 + audited);
});

test('sign-ins are in the self-audit, bounded', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  context.audited.length = 0;
  for (let index = 0; index < 20; index += 1) await context.signIn('ADMIN');
  await context.signIn('admin\n', 'wrong');
  const facts = context.audited.map(({ who, action, workstation, details }) => [
    who,
    action,
    workstation,
    details?.at(-1)?.after ?? details?.at(-1)?.message,
  ]);
  assert.deepEqual(facts, [
    ['admin', 'Successful Logon', '192.0.2.7', 'Password'],
    ['admin\uFFFD', 'Failed Logon', '192.0.2.7', 'Unknown user or wrong password'],
  ]);
  for (let index = 0; index < 500; index += 1) await context.signIn('admin', 'wrong');
  assert.equal(context.audited.length, 1 + SIGN_IN_AUDIT.failuresInWindow);
  assert.ok(!JSON.stringify(context.audited).includes('wrong"'));
});

test('a change of password holds at once, for sign-ins under way too', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  assert.equal(await context.signIn('admin'), 'granted');
  await context.access.setPassword('admin', 'battery staple', TEST_ACTOR);
  assert.equal(await context.signIn('admin'), 'refused');
  assert.equal(await context.signIn('admin', 'battery staple'), 'granted');
  context.clock.advance(60_000);
  const [, outcome] = await Promise.all([
    context.access.setPassword('admin', 'third password', TEST_ACTOR),
    context.signIn('admin', 'battery staple', '198.51.100.1'),
  ]);
  assert.ok(['granted', 'refused'].includes(outcome));
  assert.equal(await context.signIn('admin', 'battery staple', '198.51.100.2'), 'refused');
});

test('a removed user or a changed role is seen by the next request', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  await context.addUser('other');
  assert.equal(await context.signIn('other'), 'granted');
  const reviewer = [{ role: 'global-reviewer', scope: EVERYTHING }] as const;
  await context.access.setAssignments('other', reviewer, TEST_ACTOR);
  const result = await context.access.signIn({
    userName: 'other',
    password: TEST_PASSWORD,
    address: '192.0.2.7',
  });
  assert.ok(result.outcome === 'granted');
  assert.deepEqual(result.principal.assignments, reviewer);
  await context.access.removeUser('other', TEST_ACTOR);
  assert.equal(await context.signIn('other'), 'refused');
});

test('a hash made at another cost is renewed by the next sign-in', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  const stored = async (): Promise<string> =>
    (
      await context.plans.database.queries
        .selectFrom('user_account')
        .select('password_hash')
        .executeTakeFirstOrThrow()
    ).password_hash;
  const dearer = await context.reopen({ passwordHashCost: { ...TEST_COST, passes: 2 } });
  const credentials = { userName: 'admin', password: TEST_PASSWORD, address: '192.0.2.7' };
  assert.equal((await dearer.signIn({ ...credentials, password: 'wrong' })).outcome, 'refused');
  assert.match(await stored(), /t=1,/);
  assert.equal((await dearer.signIn(credentials)).outcome, 'granted');
  await dearer[Symbol.asyncDispose]();
  assert.match(await stored(), /t=2,/);
  context.clock.advance(60_000);
  assert.equal((await dearer.signIn(credentials)).outcome, 'granted');
  assert.equal((await (await context.reopen()).signIn(credentials)).outcome, 'granted');
});

test('a stored password nobody can read is an error with a name', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  await context.plans.database.queries
    .updateTable('user_account')
    .set({ password_hash: 'changed by hand' })
    .execute();
  const access = await context.reopen();
  const credentials = { userName: 'admin', password: TEST_PASSWORD, address: '192.0.2.7' };
  await assert.rejects(access.signIn(credentials), { code: 'ACCESS_PASSWORD_HASH_UNKNOWN' });
});
