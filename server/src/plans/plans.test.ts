import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInFolder, type MonitoringPlan, type Plans } from './index.ts';
import { openTestPlans } from './testing.ts';

const BY = { who: 'CONTOSO\\ops', workstation: '192.0.2.7' };
const GUID = /^\{[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}\}$/;

const BADGES = `name: Badges
folder: Customers/Northwind
account: { name: 'NORTHWIND\\svc', secret: topsecret }
dataSources:
  - source: integration-api
    items:
      - { name: Badge feed, type: Integration }
      - { name: Old feed, type: Integration, isEnabled: false }
`;

const outcomes = async (plans: Plans, text: string): Promise<string[]> =>
  (await plans.apply(text, BY)).plans.map(({ name, outcome }) => `${name} ${outcome}`);

const onlyPlan = (plans: Plans): MonitoringPlan => {
  const [plan, ...rest] = plans.current();
  assert.ok(plan);
  assert.deepEqual(rest, []);
  return plan;
};

test('applying creates, updates, and then changes nothing', async () => {
  await using context = await openTestPlans();
  const { plans, audited } = context;
  assert.deepEqual(await outcomes(plans, BADGES), ['Badges created']);
  const created = onlyPlan(plans);
  assert.match(created.id, GUID);
  assert.deepEqual(created.account, { name: 'NORTHWIND\\svc', hasSecret: true });
  assert.deepEqual(await outcomes(plans, BADGES), ['Badges unchanged']);
  assert.equal(audited.length, 1);
  const report = await plans.apply(BADGES.replace('Northwind\n', 'Fabrikam\n'), BY);
  assert.deepEqual(report.plans, [
    { id: created.id, name: 'Badges', outcome: 'updated', changed: ['Folder'] },
  ]);
  assert.deepEqual(await outcomes(plans, BADGES.replace('Badges', 'BADGES')), ['BADGES updated']);
  assert.equal(onlyPlan(plans).id, created.id);
  assert.deepEqual(plans.get('badges'), onlyPlan(plans));
  assert.deepEqual(await plans.list(), plans.current());
});

test('what was applied is there after a restart', async () => {
  await using context = await openTestPlans();
  await context.plans.apply(BADGES, BY);
  const again = await context.reopen();
  assert.deepEqual(again.current(), context.plans.current());
  assert.deepEqual(await outcomes(again, BADGES), ['Badges unchanged']);
});

test('each change is in the self-audit, without secrets', async () => {
  await using context = await openTestPlans();
  const { plans, audited } = context;
  await plans.apply(BADGES, BY);
  await plans.apply(BADGES.replace('topsecret', 'newsecret').replace('Northwind\n', 'X\n'), BY);
  await plans.remove('BADGES', BY);
  assert.deepEqual(
    audited.map(({ who, action, objectType, what, workstation }) => [
      who,
      action,
      objectType,
      what,
      workstation,
    ]),
    ['Added', 'Modified', 'Removed'].map((action) => [
      BY.who,
      action,
      'Monitoring plan',
      'Badges',
      BY.workstation,
    ]),
  );
  assert.deepEqual(audited[1]?.details, [
    { property: 'Folder', before: 'Customers/Northwind', after: 'Customers/X' },
    { property: 'Secret of the account', message: 'changed' },
  ]);
  assert.ok(!/topsecret|newsecret|w1\./.test(JSON.stringify(audited)));
});

test('a file is applied whole or not at all', async () => {
  await using context = await openTestPlans();
  const { plans, audited } = context;
  await plans.apply('name: Kept', BY);
  const before = plans.exportYaml();
  const code = async (text: string): Promise<[string, string]> =>
    plans.apply(text, BY).then(
      () => assert.fail('applied'),
      (cause) => [cause.code, cause.location],
    );
  assert.deepEqual(await code('plans:\n- name: New\n- name: nEW'), ['PLAN_DUPLICATE', '3:9']);
  assert.deepEqual(await code('plans:\n- name: New\n- name: "x\\n"'), [
    'PLAN_VALUE_INVALID',
    '3:9',
  ]);
  const other = 'id: 00000000-0000-4000-8000-000000000001\nname: kept';
  assert.deepEqual(await code(other), ['PLAN_NAME_TAKEN', '2:7']);
  const twice = `plans:\n- {id: ${plans.get('Kept')?.id.slice(1, -1)}, name: A}\n- name: Kept`;
  assert.deepEqual(await code(twice), ['PLAN_DUPLICATE', '3:9']);
  // The database refuses half-way: nothing of the file may stay.
  await context.database.queries.schema.dropTable('plan_item').execute();
  const failing = BADGES.replace('name: Badges', 'name: Kept');
  assert.equal((await code(failing))[0], 'CONFIGURATION_DATABASE_FAILED');
  assert.equal(plans.exportYaml(), before);
  const rows = await context.database.queries.selectFrom('plan').select('name').execute();
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['Kept'],
  );
  assert.equal(audited.length, 1);
});

test('an id renames a plan, and two plans may change names', async () => {
  await using context = await openTestPlans();
  const { plans } = context;
  await plans.apply('plans: [{name: A}, {name: B}]', BY);
  const [a, b] = [plans.get('A')?.id, plans.get('B')?.id];
  const swapped = `plans: [{id: "${a}", name: B}, {id: "${b}", name: A}]`;
  assert.deepEqual(await outcomes(plans, swapped), ['B updated', 'A updated']);
  assert.deepEqual([plans.get('B')?.id, plans.get('A')?.id], [a, b]);
  assert.deepEqual(await outcomes(plans, swapped), ['B unchanged', 'A unchanged']);
});

test('an export, applied, changes nothing here and makes the same plans elsewhere', async () => {
  await using context = await openTestPlans();
  const names = [
    'yes',
    '- a',
    '#b',
    '"q"',
    "it's",
    'a: b',
    'ß 😀',
    '{x}',
    '0x1F',
    'null',
    '*z',
    '%p',
  ];
  const all = names.map((name) => ({
    name,
    folder: 'C/ü',
    dataSources: [{ source: 'windows-server', settings: { labels: { [name]: `${name}\n  x ` } } }],
  }));
  await context.plans.apply(JSON.stringify({ plans: all }), BY);
  await context.plans.apply(BADGES, BY);
  const text = context.plans.exportYaml() ?? '';
  assert.ok(!text.includes('topsecret'));
  const again = await outcomes(context.plans, text);
  assert.deepEqual(new Set(again.map((line) => line.split(' ').at(-1))), new Set(['unchanged']));
  await using elsewhere = await openTestPlans();
  await elsewhere.plans.apply(text, BY);
  assert.equal(elsewhere.plans.exportYaml(), text);
  assert.equal(elsewhere.plans.get('Badges')?.id, context.plans.get('Badges')?.id);
  assert.equal(elsewhere.plans.get('Badges')?.account?.hasSecret, false);
  assert.match(context.plans.exportYaml('badges') ?? '', /name: Badge feed/);
  assert.equal(context.plans.exportYaml('none'), undefined);
});

test('order of keys is no change, order of items is', async () => {
  await using context = await openTestPlans();
  const text = (settings: string, items: string): string =>
    `name: W\ndataSources: [{source: windows-server, settings: ${settings}, items: ${items}}]`;
  const items = '[{name: a, type: Computer}, {name: b, type: Computer}]';
  await context.plans.apply(text('{intervalMinutes: 5, labels: {a: x, b: y}}', items), BY);
  const swapped = text('{labels: {b: y, a: x}, intervalMinutes: 5}', items);
  assert.deepEqual(await outcomes(context.plans, swapped), ['W unchanged']);
  const reordered = '[{name: b, type: Computer}, {name: a, type: Computer}]';
  const other = text('{intervalMinutes: 5, labels: {a: x, b: y}}', reordered);
  assert.deepEqual(await outcomes(context.plans, other), ['W updated']);
});

test('the secret of an account is kept, replaced and dropped as the file says', async () => {
  await using context = await openTestPlans();
  const { plans } = context;
  await plans.apply(BADGES, BY);
  const { id } = onlyPlan(plans);
  const step = async (account: string): Promise<unknown> => {
    await plans.apply(`name: Badges\n${account}`, BY);
    return plans.account(id);
  };
  const name = 'NORTHWIND\\svc';
  assert.deepEqual(await plans.account(id.toLowerCase()), { name, secret: 'topsecret' });
  assert.deepEqual(await step(`account: {name: '${name}'}`), { name, secret: 'topsecret' });
  assert.deepEqual(await step(`account: {name: 'northwind\\svc'}`), {
    name: 'northwind\\svc',
    secret: 'topsecret',
  });
  assert.deepEqual(await step(`account: {name: '${name}', secret: other}`), {
    name,
    secret: 'other',
  });
  assert.deepEqual(await step('account: {name: somebody-else}'), { name: 'somebody-else' });
  assert.deepEqual(await step(''), undefined);
  assert.equal(await plans.account('{none}'), undefined);
});

test('a secret moved to another plan does not open, and entering it anew helps', async () => {
  await using context = await openTestPlans();
  await context.plans.apply(BADGES, BY);
  await context.plans.apply("name: Other\naccount: {name: 'NORTHWIND\\svc', secret: x}", BY);
  const { account_secret } = await context.database.queries
    .selectFrom('plan')
    .select('account_secret')
    .where('name', '=', 'Badges')
    .executeTakeFirstOrThrow();
  await context.database.queries
    .updateTable('plan')
    .set({ account_secret })
    .where('name', '=', 'Other')
    .execute();
  const plans = await context.reopen();
  const id = plans.get('Other')?.id ?? '';
  await assert.rejects(plans.account(id), { code: 'SECRET_TAMPERED' });
  await plans.apply("name: Other\naccount: {name: 'NORTHWIND\\svc', secret: y}", BY);
  assert.equal((await plans.account(id))?.secret, 'y');
});

test('records from outside find the plans that take them', async () => {
  await using context = await openTestPlans();
  const { plans } = context;
  await plans.apply(BADGES, BY);
  const { id } = onlyPlan(plans);
  const place = {
    plan: { id, name: 'Badges' },
    items: [{ name: 'Badge feed', type: 'Integration' }],
  };
  assert.deepEqual(plans.findForWriting('Badges'), place);
  assert.deepEqual(plans.findForWriting('bADGES', id.toLowerCase()), place);
  assert.deepEqual(plans.findForWriting('Badges', id.slice(1, -1)), place);
  assert.equal(plans.findForWriting('Badges', '{00000000-0000-4000-8000-000000000001}'), undefined);
  assert.equal(plans.findForWriting('Badges', 'none'), undefined);
  assert.equal(plans.findForWriting('none', 'none'), undefined);
  assert.equal(plans.findForWriting('Badge'), undefined);
  const refused = [
    'name: Badges\nisEnabled: false\ndataSources: [{source: integration-api}]',
    'name: Badges\ndataSources: [{source: integration-api, isEnabled: false}]',
    'name: Badges\ndataSources: [{source: windows-server}]',
    'name: Badges',
  ];
  for (const text of refused) {
    await plans.apply(text, BY);
    assert.equal(plans.findForWriting('Badges'), undefined, text);
  }
  await plans.apply(BADGES, BY);
  assert.equal(await plans.remove('badges', BY), true);
  assert.equal(plans.findForWriting('Badges'), undefined);
  assert.equal(await plans.remove('badges', BY), false);
});

test('changes at the same time do not mix', async () => {
  await using context = await openTestPlans();
  const { plans } = context;
  const reports = await Promise.all(
    Array.from({ length: 12 }, () => plans.apply('name: Same', BY)),
  );
  const counts = reports.map((report) => report.plans[0]?.outcome);
  assert.equal(counts.filter((outcome) => outcome === 'created').length, 1);
  assert.equal(counts.filter((outcome) => outcome === 'unchanged').length, 11);
});

test('thousands of plans are applied at once', async () => {
  await using context = await openTestPlans();
  const text = Array.from(
    { length: 3_000 },
    (_, index) =>
      `- name: Tenant ${index}\n  dataSources: [{source: integration-api, items: [{name: f, type: Integration}]}]\n`,
  ).join('');
  const started = performance.now();
  const report = await context.plans.apply(`plans:\n${text}`, BY);
  assert.equal(report.plans.length, 3_000);
  assert.equal(context.plans.findForWriting('tenant 2999')?.items.length, 1);
  const exported = context.plans.exportYaml() ?? '';
  const again = await context.plans.apply(exported, BY);
  assert.ok(again.plans.every(({ outcome }) => outcome === 'unchanged'));
  assert.ok(performance.now() - started < 30_000);
});

test('folders are compared by whole parts, without letter case', () => {
  const table: readonly (readonly [string | undefined, string, boolean])[] = [
    ['Customers', 'Customers', true],
    ['customers/northwind', 'Customers', true],
    ['Customers/Northwind/Badges', 'CUSTOMERS/Northwind', true],
    ['Customers2', 'Customers', false],
    ['Customers', 'Customers/Northwind', false],
    [undefined, 'Customers', false],
  ];
  for (const [plan, folder, expected] of table) {
    assert.equal(isInFolder(plan, folder), expected, `${plan} in ${folder}`);
  }
});
