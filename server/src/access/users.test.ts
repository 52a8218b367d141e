import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCESS_ERRORS, type RoleAssignment, TOKEN_USE_WRITTEN_EVERY_MS } from './index.ts';
import {
  EVERYTHING,
  openTestAccess,
  TEST_ACTOR,
  TEST_PASSWORD,
  type TestAccess,
} from './testing.ts';

const ADMINISTRATOR: RoleAssignment = { role: 'global-administrator', scope: EVERYTHING };
const REVIEWER: RoleAssignment = { role: 'reviewer', scope: EVERYTHING };

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (cause: { code: string }) => cause.code,
  );

const bearer = async ({ access }: TestAccess, token: string) => {
  const result = await access.bearer({ token, address: '192.0.2.7' });
  return result.outcome === 'granted' ? result.principal : result.outcome;
};

test('the first administrator is made once, with a password nobody else knows', async () => {
  await using context = await openTestAccess();
  const first = await context.access.ensureFirstAdministrator();
  assert.ok(first.outcome === 'created');
  const password = first.password ?? '';
  assert.match(password, /^[0-9a-hjkmnp-tv-z]{6}(-[0-9a-hjkmnp-tv-z]{6}){3}$/);
  assert.equal(first.userName, 'admin');
  assert.equal(await context.signIn('admin', password), 'granted');
  assert.deepEqual(await context.access.ensureFirstAdministrator({ password: 'other password' }), {
    outcome: 'present',
  });
  assert.equal(await context.signIn('admin', 'other password'), 'refused');
  const rows = await context.plans.database.queries
    .selectFrom('user_account')
    .selectAll()
    .execute();
  assert.ok(!JSON.stringify([rows, context.audited]).includes(password));
  const again = await context.reopen();
  assert.deepEqual(await again.ensureFirstAdministrator(), { outcome: 'present' });
});

test('the first administrator may be given a password', async () => {
  await using context = await openTestAccess();
  const password = 'chosen by hand';
  const made = await Promise.all(
    Array.from({ length: 5 }, () => context.access.ensureFirstAdministrator({ password })),
  );
  assert.deepEqual(made[0], { outcome: 'created', userName: 'admin' });
  assert.ok(made.slice(1).every(({ outcome }) => outcome === 'present'));
  assert.equal(await context.signIn('admin', password), 'granted');
});

test('users that cannot be are refused', async () => {
  await using context = await openTestAccess();
  await context.plans.plans.apply('name: P', TEST_ACTOR);
  const add = (user: {
    name?: string;
    password?: string;
    assignments?: readonly RoleAssignment[];
  }) =>
    codeOf(
      context.access.addUser(
        { name: 'u', password: TEST_PASSWORD, assignments: [REVIEWER], ...user },
        TEST_ACTOR,
      ),
    );
  const scoped = (role: RoleAssignment['role'], scope: RoleAssignment['scope']) =>
    add({ assignments: [{ role, scope }] });
  assert.equal(await add({ name: 'a:b' }), 'ACCESS_USER_NAME_INVALID');
  assert.equal(await add({ name: '.\\admin' }), 'ACCESS_USER_NAME_INVALID');
  assert.equal(await add({ password: 'seven 7' }), 'ACCESS_PASSWORD_INVALID');
  assert.equal(await add({ password: 'x'.repeat(1_025) }), 'ACCESS_PASSWORD_INVALID');
  assert.equal(await add({ name: 'Long name', password: 'LONG NAME' }), 'ACCESS_PASSWORD_INVALID');
  assert.equal(await add({ assignments: [] }), 'ACCESS_ROLE_MISSING');
  assert.equal(await scoped('root' as RoleAssignment['role'], EVERYTHING), 'ACCESS_ROLE_UNKNOWN');
  assert.equal(
    await scoped('toString' as RoleAssignment['role'], EVERYTHING),
    'ACCESS_ROLE_UNKNOWN',
  );
  const folder = { kind: 'folder', folder: 'Customers' } as const;
  assert.equal(await scoped('global-reviewer', folder), 'ACCESS_SCOPE_INVALID');
  assert.equal(await scoped('reviewer', { kind: 'folder', folder: '/x' }), 'ACCESS_SCOPE_INVALID');
  assert.equal(
    await scoped('reviewer', { kind: 'plan', planId: '{none}' }),
    'ACCESS_SCOPE_INVALID',
  );
  assert.deepEqual(await context.access.listUsers(), []);
  const planId = context.plans.plans.get('P')?.id.toLowerCase() ?? '';
  assert.equal(await scoped('reviewer', { kind: 'plan', planId }), 'accepted');
  assert.equal(await add({ name: 'U' }), 'ACCESS_USER_EXISTS');
  assert.equal(await add({ name: 'v', assignments: [REVIEWER, REVIEWER] }), 'accepted');
  const [u, v] = await context.access.listUsers();
  assert.deepEqual(u?.assignments, [
    { role: 'reviewer', scope: { kind: 'plan', planId: planId.toUpperCase() } },
  ]);
  assert.deepEqual(v?.assignments, [REVIEWER]);
  assert.ok(!JSON.stringify(await context.access.listUsers()).includes('argon2'));
});

test('users, roles and tokens are there after a restart', async () => {
  await using context = await openTestAccess();
  await context.addUser('b-admin');
  const folder: RoleAssignment = { role: 'reviewer', scope: { kind: 'folder', folder: 'C/N' } };
  await context.access.addUser(
    {
      name: 'a',
      password: TEST_PASSWORD,
      assignments: [folder, { role: 'contributor', scope: EVERYTHING }],
    },
    TEST_ACTOR,
  );
  const { token } = await context.access.createToken(
    { userName: 'a', name: 'backup', assignments: [folder] },
    TEST_ACTOR,
  );
  const again = await context.reopen();
  assert.deepEqual(await again.listUsers(), await context.access.listUsers());
  assert.deepEqual(await again.listTokens(), await context.access.listTokens());
  assert.deepEqual(
    (await again.listUsers()).map(({ name }) => name),
    ['a', 'b-admin'],
  );
  assert.equal((await again.bearer({ token, address: 'x' })).outcome, 'granted');
});

test('the last administrator cannot be lost', async () => {
  await using context = await openTestAccess();
  const { access } = context;
  await context.addUser('admin');
  await context.addUser('reader', 'global-reviewer');
  const LAST = 'ACCESS_LAST_ADMINISTRATOR';
  assert.equal(await codeOf(access.removeUser('admin', TEST_ACTOR)), LAST);
  assert.equal(await codeOf(access.setAssignments('admin', [REVIEWER], TEST_ACTOR)), LAST);
  assert.equal(await codeOf(access.removeUser('reader', TEST_ACTOR)), 'accepted');
  await context.addUser('second');
  const both = await Promise.all([
    codeOf(access.removeUser('admin', TEST_ACTOR)),
    codeOf(access.removeUser('second', TEST_ACTOR)),
  ]);
  assert.deepEqual(both, ['accepted', LAST]);
});

test('what is not there', async () => {
  await using context = await openTestAccess();
  const { access } = context;
  const UNKNOWN = 'ACCESS_USER_UNKNOWN';
  assert.equal(await codeOf(access.setPassword('x', TEST_PASSWORD, TEST_ACTOR)), UNKNOWN);
  assert.equal(await codeOf(access.setAssignments('x', [REVIEWER], TEST_ACTOR)), UNKNOWN);
  assert.equal(await codeOf(access.createToken({ userName: 'x', name: 't' }, TEST_ACTOR)), UNKNOWN);
  assert.equal(await codeOf(access.listTokens('x')), UNKNOWN);
  assert.equal(await access.removeUser('x', TEST_ACTOR), false);
  assert.equal(await access.revokeToken('{x}', TEST_ACTOR), false);
});

test('a token signs in until revoked, expired or its user removed', async () => {
  await using context = await openTestAccess();
  const { access, clock } = context;
  await context.addUser('admin');
  await context.addUser('script', 'contributor');
  const make = (name: string, expiresAt?: number) =>
    access.createToken(
      { userName: 'SCRIPT', name, ...(expiresAt === undefined ? {} : { expiresAt }) },
      TEST_ACTOR,
    );
  const [lasting, revoked] = [await make('lasting'), await make('revoked')];
  const expiring = await make('expiring', clock() + 1_000);
  assert.match(lasting.token, /^wit_[A-Za-z0-9_-]{43}$/);
  const principal = await bearer(context, lasting.token);
  assert.ok(typeof principal === 'object');
  assert.equal(principal.userName, 'script');
  assert.equal(access.writable(principal), 'everything');
  assert.equal(await access.revokeToken(revoked.id, TEST_ACTOR), true);
  assert.equal(await bearer(context, revoked.token), 'refused');
  assert.equal(typeof (await bearer(context, expiring.token)), 'object');
  clock.advance(1_000);
  assert.equal(await bearer(context, expiring.token), 'refused');
  await access.removeUser('script', TEST_ACTOR);
  assert.equal(await bearer(context, lasting.token), 'refused');
  assert.deepEqual(await access.listTokens(), []);
  const rows = await context.plans.database.queries
    .selectFrom('access_token')
    .selectAll()
    .execute();
  assert.deepEqual(rows.length, 0);
});

test('no other text is a token', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  const { token, id } = await context.access.createToken(
    { userName: 'admin', name: 't' },
    TEST_ACTOR,
  );
  const row = await context.plans.database.queries
    .selectFrom('access_token')
    .selectAll()
    .executeTakeFirstOrThrow();
  assert.match(row.token_hash, /^[0-9a-f]{64}$/);
  assert.ok(!JSON.stringify([row, context.audited]).includes(token));
  const last = token.at(-1) === 'A' ? 'B' : 'A';
  for (const text of [
    '',
    'wit_',
    id,
    row.token_hash,
    token.toLowerCase(),
    ` ${token}`,
    `${token}x`,
    token.slice(0, -1) + last,
    token.slice(4),
  ]) {
    assert.equal(await bearer(context, text), 'refused', text);
  }
  assert.equal(typeof (await bearer(context, token)), 'object');
});

test('a token has no more than its user, when made and ever after', async () => {
  await using context = await openTestAccess();
  const { access, plans } = context;
  await plans.plans.apply('plans: [{name: A, folder: C/N}, {name: B, folder: C/F}]', TEST_ACTOR);
  const [a, b] = [plans.plans.get('A')?.id ?? '', plans.plans.get('B')?.id ?? ''];
  const folder = (path: string): RoleAssignment => ({
    role: 'reviewer',
    scope: { kind: 'folder', folder: path },
  });
  const onPlan = (planId: string): RoleAssignment => ({
    role: 'reviewer',
    scope: { kind: 'plan', planId },
  });
  await context.addUser('admin');
  await access.addUser(
    { name: 'u', password: TEST_PASSWORD, assignments: [folder('C')] },
    TEST_ACTOR,
  );
  const make = (assignments: readonly RoleAssignment[]) =>
    access.createToken({ userName: 'u', name: 't', assignments }, TEST_ACTOR);
  for (const wider of [
    ADMINISTRATOR,
    REVIEWER,
    { role: 'contributor', scope: EVERYTHING },
  ] as const) {
    assert.equal(await codeOf(make([wider])), 'ACCESS_TOKEN_ROLE_EXCEEDS');
  }
  const { token } = await make([onPlan(a), onPlan(b)]);
  const visible = async () => {
    const principal = await bearer(context, token);
    assert.ok(typeof principal === 'object');
    return access.visibility(principal);
  };
  assert.deepEqual(await visible(), { planIds: [a, b] });
  await access.setAssignments('u', [folder('C/N')], TEST_ACTOR);
  assert.deepEqual(await visible(), { planIds: [a] });
  await access.setAssignments('u', [{ role: 'contributor', scope: EVERYTHING }], TEST_ACTOR);
  assert.equal(await visible(), undefined);
});

test('tokens that cannot be are refused', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  const make = (token: {
    name?: string;
    expiresAt?: number;
    assignments?: readonly RoleAssignment[];
  }) => codeOf(context.access.createToken({ userName: 'admin', name: 't', ...token }, TEST_ACTOR));
  const INVALID = 'ACCESS_TOKEN_INVALID';
  assert.equal(await make({ name: '' }), INVALID);
  assert.equal(await make({ name: 'a\nb' }), INVALID);
  assert.equal(await make({ expiresAt: context.clock() }), INVALID);
  assert.equal(await make({ expiresAt: Number.NaN }), INVALID);
  assert.equal(await make({ expiresAt: Number.POSITIVE_INFINITY }), INVALID);
  assert.equal(await make({ assignments: [] }), 'ACCESS_ROLE_MISSING');
});

test('the last use of a token is known at once and written now and then', async () => {
  await using context = await openTestAccess();
  const { access, clock, plans } = context;
  await context.addUser('admin');
  const { token } = await access.createToken({ userName: 'admin', name: 't' }, TEST_ACTOR);
  const written = async () =>
    (
      await plans.database.queries
        .selectFrom('access_token')
        .select('last_used_at')
        .executeTakeFirstOrThrow()
    ).last_used_at;
  const known = async () => (await access.listTokens('ADMIN'))[0]?.lastUsedAt;
  const use = async (): Promise<number> => {
    await bearer(context, token);
    return clock();
  };
  assert.equal(await known(), undefined);
  const first = await use();
  assert.equal(await known(), first);
  assert.equal(await written(), first);
  clock.advance(TOKEN_USE_WRITTEN_EVERY_MS - 1);
  const second = await use();
  assert.equal(await known(), second);
  assert.equal(await written(), first);
  clock.advance(1);
  const third = await use();
  assert.equal(await written(), third);
  clock.advance(5);
  const last = await use();
  await access[Symbol.asyncDispose]();
  assert.equal(await written(), last);
  assert.deepEqual(context.events, []);
});

test('what cannot be written in the background is told, and the request goes on', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  const { token } = await context.access.createToken({ userName: 'admin', name: 't' }, TEST_ACTOR);
  await context.plans.database.queries.schema.dropTable('access_token').execute();
  assert.equal(typeof (await bearer(context, token)), 'object');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(context.events, ['access.background-write-failed']);
});

test('rights are asked of access with the plans there are', async () => {
  await using context = await openTestAccess();
  const { access, plans } = context;
  await context.addUser('admin');
  await plans.plans.apply('plans: [{name: A, folder: C/N}, {name: B}]', TEST_ACTOR);
  const [a] = [plans.plans.get('A')?.id ?? ''];
  const scope = { kind: 'folder', folder: 'c' } as const;
  await access.addUser(
    {
      name: 'tenant',
      password: TEST_PASSWORD,
      assignments: [
        { role: 'contributor', scope },
        { role: 'configurator', scope },
      ],
    },
    TEST_ACTOR,
  );
  const principalOf = async (userName: string) => {
    const result = await access.signIn({ userName, password: TEST_PASSWORD, address: 'x' });
    return result.outcome === 'granted' ? result.principal : assert.fail();
  };
  const [admin, tenant] = [await principalOf('admin'), await principalOf('tenant')];
  assert.equal(await access.visibility(admin), 'everything');
  assert.equal(access.writable(admin), 'everything');
  assert.equal(access.mayManageUsers(admin), true);
  assert.equal(await access.visibility(tenant), undefined);
  assert.deepEqual(access.writable(tenant), { planIds: [a] });
  assert.equal(access.mayConfigure(tenant, { id: a, folder: 'C/N' }), true);
  assert.equal(access.mayConfigure(tenant, { id: a }), false);
  assert.equal(access.mayManageUsers(tenant), false);
  await plans.plans.apply('name: B\nfolder: C', TEST_ACTOR);
  assert.deepEqual(access.writable(tenant), { planIds: [a, plans.plans.get('B')?.id] });
});

test('each change is in the self-audit', async () => {
  await using context = await openTestAccess();
  const { access, audited } = context;
  const by = { who: 'CONTOSO\\ops', workstation: '192.0.2.99' };
  await access.addUser(
    { name: 'admin', password: TEST_PASSWORD, assignments: [ADMINISTRATOR] },
    by,
  );
  await access.addUser({ name: 'u', password: TEST_PASSWORD, assignments: [REVIEWER] }, by);
  await access.setAssignments(
    'U',
    [{ role: 'contributor', scope: { kind: 'folder', folder: 'C' } }],
    by,
  );
  await access.setAssignments(
    'u',
    [{ role: 'contributor', scope: { kind: 'folder', folder: 'C' } }],
    by,
  );
  await access.setPassword('u', 'battery staple', by);
  const { id } = await access.createToken(
    { userName: 'u', name: 'backup', expiresAt: Date.UTC(2030, 0) },
    by,
  );
  await access.revokeToken(id, by);
  await access.removeUser('u', by);
  assert.ok(
    audited.every(({ who, workstation }) => who === by.who && workstation === by.workstation),
  );
  assert.deepEqual(
    audited.map(({ action, objectType, what, details }) => [action, objectType, what, details]),
    [
      [
        'Added',
        'User',
        'admin',
        [{ property: 'Roles', after: 'Global administrator on everything' }],
      ],
      ['Added', 'User', 'u', [{ property: 'Roles', after: 'Reviewer on everything' }]],
      [
        'Modified',
        'User',
        'u',
        [{ property: 'Roles', before: 'Reviewer on everything', after: 'Contributor on folder C' }],
      ],
      ['Modified', 'User', 'u', [{ property: 'Password', message: 'changed' }]],
      [
        'Added',
        'Token',
        'backup',
        [
          { property: 'User', after: 'u' },
          { property: 'Roles', after: 'those of the user' },
          { property: 'Expires', after: '2030-01-01T00:00:00.000Z' },
        ],
      ],
      ['Removed', 'Token', 'backup', [{ property: 'User', before: 'u' }]],
      ['Removed', 'User', 'u', [{ property: 'Roles', before: 'Contributor on folder C' }]],
    ],
  );
});

test('a change that the database refuses leaves memory as it was', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  await context.plans.database.queries.schema.dropTable('role_assignment').execute();
  const FAILED = 'CONFIGURATION_DATABASE_FAILED';
  const user = { name: 'u', password: TEST_PASSWORD, assignments: [REVIEWER] };
  assert.equal(await codeOf(context.access.addUser(user, TEST_ACTOR)), FAILED);
  assert.equal(
    await codeOf(context.access.setPassword('admin', 'battery staple', TEST_ACTOR)),
    FAILED,
  );
  assert.equal(await context.signIn('u'), 'refused');
  assert.equal(await context.signIn('admin'), 'granted');
  assert.equal((await context.access.listUsers()).length, 1);
});

test('a row that says nothing we know gives no right', async () => {
  await using context = await openTestAccess();
  await context.addUser('admin');
  await context.addUser('u', 'reviewer');
  const [u] = (await context.access.listUsers()).filter(({ name }) => name === 'u');
  await context.plans.database.queries
    .updateTable('role_assignment')
    .set({ role: 'emperor' })
    .where('user_id', '=', u?.id ?? '')
    .execute();
  const access = await context.reopen();
  const found = (await access.listUsers()).find(({ name }) => name === 'u');
  assert.deepEqual(found?.assignments, []);
  await access.setPassword('u', 'battery staple', TEST_ACTOR);
});

test('every error says what to do', () => {
  for (const [code, { message, advice }] of Object.entries(ACCESS_ERRORS)) {
    assert.match(code, /^ACCESS_[A-Z_]+$/);
    assert.ok(message.length > 10 && advice.length > 10, code);
  }
});
