/** Sections 3 and 10 (precedence) of the wire contract: paths, methods, what is judged first. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizationOf } from './testing/accounts.ts';
import { BASE, type CallOptions, call, ENUM, SEARCH, WRITE, writeJson } from './testing/call.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api[Symbol.asyncDispose]());

const LIST = '<ActivityRecordList/>';
const QUESTION = '<ActivityRecordSearch/>';

interface Case {
  readonly path: string;
  readonly options?: CallOptions;
  readonly status: number;
  readonly allow?: string;
}

const check = (title: string, { path, options, status, allow }: Case): void => {
  test(title, async () => {
    const answer = await call(api, path, options);
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers.allow, allow);
    if (status !== 200 && status !== 400) {
      assert.equal(answer.text, '');
      assert.equal(answer.headers['content-length'], '0');
    }
  });
};

const list = { body: LIST };
const question = { body: QUESTION };

check('3: write with its slash', { path: WRITE, options: list, status: 200 });
check('3: write without its slash', { path: WRITE.slice(0, -1), options: list, status: 200 });
check('3: write with parameters and no slash', {
  path: `${WRITE.slice(0, -1)}?x=1`,
  options: list,
  status: 200,
});
check('3: enum', { path: ENUM, status: 200 });
check('3: enum with a slash', { path: `${ENUM}/`, status: 200 });
check('3: search', { path: SEARCH, options: question, status: 200 });
check('3: search with a slash', { path: `${SEARCH}/?count=3`, options: question, status: 200 });
check('3: an escaped path is the same path', {
  path: `${BASE}/activity%5Frecords/enum`,
  status: 200,
});
check('3: a target in absolute form', { path: `http://127.0.0.1${ENUM}?count=1`, status: 200 });

for (const path of [
  '/',
  '/netwrix',
  BASE,
  `${BASE}/`,
  `${BASE}/activity_record`,
  `${BASE}/activity_records/enum/1`,
  `${BASE}/activity_records//enum`,
  `${BASE}/activity_records/Enum`,
  `${BASE}/../v1/activity_records/enum`,
  `${BASE}/activity_records/%00`,
  `${BASE}/activity_records/%zz`,
  `${BASE}/activity_records/%C3%28`,
  '/netwrix/api/v2/activity_records/enum',
  '/%2e%2e/%2e%2e/etc/passwd',
  `/${'a'.repeat(8000)}`,
]) {
  const shown = path.slice(0, 60);
  check(`3: no such path ${shown}`, { path, status: 404 });
  check(`3: no such path ${shown}, POST`, { path, options: list, status: 404 });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE'];
const refusedMethods = (path: string, allow: string): void => {
  for (const method of METHODS.filter((name) => !allow.split(', ').includes(name))) {
    check(`3: ${method} ${path} is 405`, { path, options: { method }, status: 405, allow });
  }
};
refusedMethods(WRITE, 'POST');
refusedMethods(ENUM, 'GET, POST');
refusedMethods(SEARCH, 'POST');
refusedMethods(`${BASE}/openapi.json`, 'GET');
check('3: PUT with a body is 405', {
  path: WRITE,
  options: { method: 'PUT', body: LIST },
  status: 405,
  allow: 'POST',
});
check('3: a method in small letters is no method of ours', {
  path: `${BASE}/openapi.json`,
  options: { method: 'SEARCH' },
  status: 405,
  allow: 'GET',
});

const huge = { 'Content-Length': String(60 * 1024 ** 3) };
const nobody = { authorization: null };
test('10: precedence 401, 404, 405, 413, count, body', async () => {
  const steps: readonly [string, CallOptions, number][] = [
    [`${BASE}/nothing?count=x`, { ...nobody, method: 'PUT' }, 401],
    [`${BASE}/nothing?count=x`, { method: 'PUT' }, 404],
    [`${ENUM}?count=x`, { method: 'PUT' }, 405],
    [`${ENUM}?count=x`, { body: '<a', authorization: authorizationOf('feed') }, 401],
    [`${ENUM}?count=x`, { body: '<a' }, 400],
  ];
  for (const [path, options, status] of steps) {
    const answer = await call(api, path, options);
    assert.equal(answer.status, status, `${options.method ?? ''} ${path}`);
  }
  const badCount = await call(api, `${ENUM}?count=x`, { body: '<a' });
  assert.match(badCount.text, /Invalid count parameter/);
  const badBody = await call(api, `${ENUM}?count=5`, { body: '<a' });
  assert.match(badBody.text, /XMLError/);
});

test('10: 413 comes before a bad count, and needs no body', async () => {
  const { openRawConnection } = await import('./testing/raw-connection.ts');
  using connection = await openRawConnection(api);
  const authorization = authorizationOf('NORTHWIND\\admin');
  const head = (length: string) =>
    `POST ${ENUM}?count=x HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nContent-Length: ${length}\r\n\r\n`;
  connection.send(head(huge['Content-Length']));
  const answer = await connection.answer();
  assert.equal(answer.status, 413);
  assert.equal(answer.body, '');
});

test('6: writing answers 200 text/plain with length 0 and no body', async () => {
  const answer = await writeJson(api, []);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '');
  assert.equal(answer.headers['content-length'], '0');
  assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
});
