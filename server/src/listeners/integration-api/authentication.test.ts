/** Section 2 of the wire contract: schemes, challenges, roles. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, authorizationOf, basic, PLAN_DOORS } from './testing/accounts.ts';
import { BASE, call, ENUM, find, page, record, SEARCH, WRITE, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
  const plan = (name: string) => ({ MonitoringPlan: { Name: name } });
  const records = [
    record({ What: 'of no plan' }),
    record({ What: 'of Doors', ...plan('Doors') }),
    record({ What: 'of Vault', ...plan('Vault') }),
  ];
  assert.equal((await writeJson(api, records)).status, 200);
});
after(() => api[Symbol.asyncDispose]());

const challengesOf = (rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'www-authenticate');

const CHALLENGES = [
  'Basic realm="witness.example.test", charset="UTF-8"',
  'Bearer realm="witness.example.test"',
];

const refused = (title: string, authorization: string | null): void => {
  test(`2.1: ${title} is 401, empty, with the challenges`, async () => {
    for (const path of [ENUM, `${BASE}/nothing`, '/', `${ENUM}/%zz`]) {
      const answer = await call(api, path, { authorization });
      assert.equal(answer.status, 401);
      assert.equal(answer.text, '');
      assert.equal(answer.headers['content-length'], '0');
      assert.deepEqual(challengesOf(answer.rawHeaders), CHALLENGES);
    }
    const written = await call(api, WRITE, { body: '<a', authorization });
    assert.equal(written.status, 401);
  });
};

refused('no credentials', null);
refused('an empty header', '');
refused('a wrong password', basic('reviewer', 'wrong'));
refused('an unknown account', basic('nobody', 'r'));
refused('an empty account', basic('', ''));
refused('Basic without a value', 'Basic');
refused('Basic without a colon', `Basic ${Buffer.from('reviewer').toString('base64')}`);
refused('Basic that is not base64', 'Basic !!!!');
refused('Basic with two values', `${basic('reviewer', 'r')} x`);
refused('a wrong token', 'Bearer nonsense');
refused('Bearer without a token', 'Bearer ');
refused('Negotiate', 'Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa+gMDAu');
refused('NTLM', 'NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==');
refused('Digest', 'Digest username="reviewer", realm="x", nonce="y", uri="/", response="z"');
refused('credentials without a scheme', Buffer.from('reviewer:r').toString('base64'));

const tried = (title: string, authorization: string, expected: readonly [string, string]): void => {
  test(`2.1: ${title}`, async () => {
    api.access.attempts.length = 0;
    await call(api, ENUM, { authorization });
    assert.deepEqual(api.access.attempts, [{ userName: expected[0], password: expected[1] }]);
  });
};

tried('DOMAIN\\user stays as it is', basic('NORTHWIND\\m.murray', 'x'), [
  'NORTHWIND\\m.murray',
  'x',
]);
tried('user@domain', basic('m.murray@northwind.test', 'x'), ['m.murray@northwind.test', 'x']);
tried('a bare user', basic('murray', 'x'), ['murray', 'x']);
tried('the first colon splits', basic('murray', 'a:b::c'), ['murray', 'a:b::c']);
tried('an empty password', basic('murray', ''), ['murray', '']);
tried('UTF-8', basic('mürräy', 'pä€'), ['mürräy', 'pä€']);
tried('ISO-8859-1 where it is not UTF-8', basic('mürräy', 'pä', 'latin1'), ['mürräy', 'pä']);
tried('blanks stay', basic(' murray ', ' x '), [' murray ', ' x ']);
tried('the scheme in any letter case', basic('a', 'b').replace('Basic', 'bASIC'), ['a', 'b']);
tried('base64 without padding', basic('abcd', 'e').replace(/=+$/, ''), ['abcd', 'e']);

test('2.1: a bearer token', async () => {
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  assert.equal((await call(api, ENUM, { authorization })).status, 200);
  assert.equal((await writeJson(api, [], { authorization })).status, 200);
});

test('2.1: the realm is quoted', async () => {
  await using other = await openTestApi({ serverName: 'a "b" \\ ü\r\nX: y' });
  const answer = await call(other, ENUM, { authorization: null });
  assert.deepEqual(challengesOf(answer.rawHeaders), [
    'Basic realm="a \\"b\\" \\\\ ???X: y", charset="UTF-8"',
    'Bearer realm="a \\"b\\" \\\\ ???X: y"',
  ]);
});

test('2.1: a locked account is 401 with the time to wait', async () => {
  const answer = await call(api, ENUM, { authorization: basic('locked', 'x') });
  assert.equal(answer.status, 401);
  assert.equal(answer.text, '');
  assert.equal(answer.headers['retry-after'], '13');
  assert.deepEqual(challengesOf(answer.rawHeaders), CHALLENGES);
});

test('2.1: a failure of sign-in itself is 500 and says nothing of it', async () => {
  const answer = await call(api, ENUM, { authorization: basic('broken', 'x') });
  assert.equal(answer.status, 500);
  assert.match(answer.text, /<Category>ServerError<\/Category>/);
  assert.doesNotMatch(answer.text, /secret/);
});

type Rights = readonly [read: number, write: number];

const roles: Readonly<Record<string, Rights>> = {
  'NORTHWIND\\admin': [200, 200],
  reviewer: [200, 401],
  'doors@northwind.example.test': [200, 401],
  feed: [401, 200],
  configurator: [401, 401],
};
for (const [user, [read, write]] of Object.entries(roles)) {
  test(`2.2: ${user} reads ${read}, writes ${write}`, async () => {
    const authorization = authorizationOf(user);
    const search = { body: '<ActivityRecordSearch/>', authorization };
    const answers = [
      [await call(api, ENUM, { authorization }), read],
      [await call(api, SEARCH, search), read],
      [await writeJson(api, [], { authorization }), write],
    ] as const;
    for (const [answer, status] of answers) {
      assert.equal(answer.status, status);
      if (status === 401) {
        assert.equal(answer.text, '');
        assert.deepEqual(challengesOf(answer.rawHeaders), CHALLENGES);
      }
    }
    assert.equal((await call(api, `${BASE}/openapi.json`, { authorization })).status, 200);
    assert.equal((await call(api, `${BASE}/nothing`, { authorization })).status, 404);
  });
}

const scopedWrites: readonly (readonly [
  title: string,
  plans: readonly (string | undefined)[],
  status: number,
])[] = [
  ['into its plan', ['Doors'], 200],
  ['into another plan', ['Vault'], 401],
  ['into a plan that does not exist', ['Nowhere'], 401],
  ['into no plan', [undefined], 401],
  ['into its plan and another', ['Doors', 'Vault'], 401],
  ['into its plan and none', ['Doors', undefined], 401],
];
for (const [title, plans, status] of scopedWrites) {
  test(`2.2: a contributor of one plan writes ${title}: ${status}`, async () => {
    await using own = await openTestApi();
    const records = plans.map((Name) =>
      record(Name === undefined ? {} : { MonitoringPlan: { Name } }),
    );
    const answer = await writeJson(own, records, { authorization: authorizationOf('doors-feed') });
    assert.equal(answer.status, status);
    assert.equal(answer.text, '');
    if (status === 401) assert.deepEqual(challengesOf(answer.rawHeaders), CHALLENGES);
    assert.equal((await find(own, {})).length, status === 200 ? records.length : 0);
  });
}

test('2.2: a missing role is told before the body is looked at', async () => {
  const authorization = authorizationOf('reviewer');
  assert.equal((await call(api, WRITE, { body: '<broken', authorization })).status, 401);
});

const seen = (user: string, expected: readonly string[]): void => {
  test(`2.2: ${user} sees ${expected.join(', ')} and nothing tells of more`, async () => {
    const authorization = authorizationOf(user);
    const got = await page(api, `${ENUM}?count=1000`, { authorization });
    assert.deepEqual(
      got.ActivityRecordList.map(({ What }) => What),
      expected,
    );
    const found = await find(api, { Who: 'murray' }, { authorization });
    assert.deepEqual(found.map(({ What }) => What).sort(), [...expected].sort());
    const next = await page(api, ENUM, {
      authorization,
      body: JSON.stringify(got.ContinuationMark),
    });
    assert.deepEqual(next.ActivityRecordList, []);
  });
};
seen('reviewer', ['of no plan', 'of Doors', 'of Vault']);
seen('doors@northwind.example.test', ['of Doors']);
seen('vault-reviewer', ['of Vault']);

test('2.2: a filter on what may not be seen finds nothing', async () => {
  const authorization = authorizationOf('vault-reviewer');
  assert.deepEqual(await find(api, { MonitoringPlan: PLAN_DOORS.name }, { authorization }), []);
});
