import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ActivityRecord, createRid } from '@witness/record';
import { openTestAccess } from '../access/testing.ts';
import { createMemoryStore } from '../store/testing.ts';
import { type Calls, createOperations, type Operations, type StatusReport } from './index.ts';

const NOW = Date.UTC(2025, 0, 31, 9, 12, 33);

const record = (index: number): ActivityRecord => ({
  rid: createRid(NOW, index.toString(16).toUpperCase().padStart(32, '0')),
  who: 'CONTOSO\\admin',
  whoKnownBy: 'event',
  action: 'Added',
  what: `CONTOSO\\user ${index}`,
  when: NOW - index * 1_000,
  where: 'dc1',
  objectType: 'user',
  dataSource: 'Active Directory',
  details: [],
});

interface Bench {
  readonly operations: Operations;
  readonly access: Awaited<ReturnType<typeof openTestAccess>>;
  readonly submitted: unknown[];
  audits: number;
  opened: number;
  closed: number;
}

const createBench = async (t: TestContext): Promise<Bench> => {
  const access = await openTestAccess();
  t.after(() => access[Symbol.asyncDispose]());
  const store = createMemoryStore();
  await store.insert({
    token: 'a',
    records: Array.from({ length: 5 }, (_, index) => ({
      record: record(index),
      sequence: BigInt(index + 1),
    })),
    mayRepeat: false,
  });
  const submitted: unknown[] = [];
  const pipeline = {
    submit: async (batch: unknown) => {
      submitted.push(batch);
      return { added: 1, repeated: 0, rejected: 0 };
    },
  };
  const bench: Bench = {
    access,
    submitted,
    audits: 0,
    opened: 0,
    closed: 0,
    operations: createOperations({
      plans: access.plans.plans,
      access: access.access,
      records: async () => {
        bench.opened += 1;
        // Only what operations use of it.
        return { store, pipeline } as never;
      },
      status: async () => ({ version: '1' }) as StatusReport,
      audited: async () => {
        bench.audits += 1;
      },
      clock: access.clock,
      randomBytes: access.plans.random,
      timeZone: 'UTC',
      close: async () => {
        bench.closed += 1;
      },
    }),
  };
  return bench;
};

const YAML = `name: Doors
folder: Customers/Northwind
dataSources:
  - source: integration-api
    items:
      - name: Badge feed
        type: Integration
`;

test('searching: words to records, newest first, bounded, and a fault of the language', async (t) => {
  const { operations } = await createBench(t);
  const search = async (text: string, limit?: number): Promise<string[]> => {
    const found: string[] = [];
    const request = { text, ...(limit === undefined ? {} : { limit }) };
    for await (const records of operations.search(request)) {
      found.push(...records.map(({ what }) => what.slice(-1)));
    }
    return found;
  };
  assert.deepEqual(await search(''), ['0', '1', '2', '3', '4']);
  assert.deepEqual(await search('who:admin', 2), ['0', '1']);
  assert.deepEqual(await search('what:"user 3"'), ['3']);
  assert.deepEqual(await search('who:nobody'), []);
  await assert.rejects(search('when:"never'), { code: /^SEARCH_/ });
});

test('a search that is cancelled ends', async (t) => {
  const { operations } = await createBench(t);
  const signal = AbortSignal.abort();
  const readAll = async () => {
    for await (const _ of operations.search({ text: '' }, signal));
  };
  await assert.rejects(readAll, { code: 'STORE_CANCELLED' });
});

test('batches go to the pipeline', async (t) => {
  const { operations, submitted } = await createBench(t);
  const batch = { input: 'x' } as never;
  assert.equal((await operations.submit(batch)).added, 1);
  assert.deepEqual(submitted, [batch]);
});

test('users: a generated password is given once, an own one never', async (t) => {
  const bench = await createBench(t);
  const { operations, access } = bench;
  const made = await operations.call('user-add', { name: 'feeder', role: 'contributor' });
  assert.equal(made.name, 'feeder');
  assert.ok((made.generatedPassword?.length ?? 0) >= 16);
  assert.equal(await access.signIn('feeder', made.generatedPassword), 'granted');
  const own = await operations.call('user-add', {
    name: 'reader',
    role: 'reviewer',
    scope: 'folder:Customers',
    password: 'correct horse battery',
  });
  assert.deepEqual(own, { name: 'reader' });
  assert.equal(bench.audits, 2, 'audited before it is answered');

  const { token } = await operations.call('user-token', {
    name: 'feeder',
    label: 'script',
    expiresInDays: 1,
  });
  const bearer = async () => (await access.access.bearer({ token, address: '192.0.2.7' })).outcome;
  assert.equal(await bearer(), 'granted');
  const listed = await operations.call('user-list', {});
  assert.deepEqual(
    listed.map(({ name, tokens }) => [name, tokens]),
    [
      ['feeder', ['script']],
      ['reader', []],
    ],
  );
  assert.match(listed[1]?.roles.join() ?? '', /[Rr]eviewer.*Customers/);
  access.clock.advance(86_400_001);
  assert.equal(await bearer(), 'refused', 'after its day');

  assert.deepEqual(await operations.call('user-remove', { name: 'feeder' }), { wasThere: true });
  assert.deepEqual(await operations.call('user-remove', { name: 'feeder' }), { wasThere: false });
  const changes = access.audited.filter(({ objectType }) => objectType !== 'Logon');
  assert.deepEqual(new Set(changes.map(({ who }) => who)), new Set(['Local administrator']));
  assert.equal(bench.opened, 0, 'nothing of it needs the store');
});

test('roles and scopes as people write them', async (t) => {
  const { operations } = await createBench(t);
  await operations.call('plan-apply', { yaml: YAML, file: 'plan.yaml' });
  const add = (role: string, scope?: string) =>
    operations.call('user-add', {
      name: `user ${Math.random()}`,
      role,
      ...(scope === undefined ? {} : { scope }),
    });
  for (const scope of [undefined, 'everything', 'plan:Doors', 'folder:Customers/Northwind']) {
    await add('reviewer', scope);
  }
  await assert.rejects(add('king'), {
    code: 'OPERATION_ROLE_UNKNOWN',
    advice: /global-administrator.*contributor/,
  });
  const bad = (scope: string, reason: string) =>
    assert.rejects(add('reviewer', scope), {
      code: 'OPERATION_SCOPE_UNKNOWN',
      message: `There is no scope ${scope}: ${reason}.`,
    });
  await bad('plan:Windows', 'no such plan');
  await bad('plan:', 'unknown form');
  await bad('folder:', 'unknown form');
  await bad('Doors', 'unknown form');
  await bad('', 'unknown form');
  await assert.rejects(add('toString'), { code: 'OPERATION_ROLE_UNKNOWN' });
});

test('plans: applied as written, listed, deleted', async (t) => {
  const bench = await createBench(t);
  const { operations } = bench;
  const apply = (yaml: string) => operations.call('plan-apply', { yaml, file: 'plan.yaml' });
  const none = { created: [], updated: [], unchanged: [] };
  assert.deepEqual(await apply(YAML), { ...none, created: ['Doors'] });
  assert.deepEqual(await apply(YAML), { ...none, unchanged: ['Doors'] });
  const changed = YAML.replace('Badge feed', 'Door feed');
  assert.deepEqual(await apply(changed), { ...none, updated: ['Doors'] });
  const [plan] = await operations.call('plan-list', {});
  assert.equal(plan?.name, 'Doors');
  assert.equal(plan?.folder, 'Customers/Northwind');
  assert.deepEqual(plan?.items, ['Door feed (Integration)']);
  await assert.rejects(apply('name: ['), { location: /\d+:\d+/ });
  assert.deepEqual(await operations.call('plan-delete', { name: 'Doors' }), { wasThere: true });
  assert.deepEqual(await operations.call('plan-delete', { name: 'Doors' }), { wasThere: false });
  assert.deepEqual(await operations.call('plan-list', {}), []);
  assert.ok(bench.audits >= 4);
});

test('what no operation is called', async (t) => {
  const bench = await createBench(t);
  for (const name of ['frobnicate', 'toString', '__proto__', '']) {
    await assert.rejects(bench.operations.call(name as keyof Calls, {} as never), {
      code: 'OPERATION_UNKNOWN',
    });
  }
  assert.equal((await bench.operations.call('status', {})).version, '1');
  await bench.operations[Symbol.asyncDispose]();
  assert.equal(bench.closed, 1);
});
