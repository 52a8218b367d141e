/** What those who watch Witness see: health, readiness, metrics, and the first page. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  ADMIN_PASSWORD,
  type Answer,
  basic,
  childrenOf,
  type RunningServer,
  recordBody,
  startServer,
  temporaryFolder,
  witness,
} from './witness-process.ts';

const TIMEOUT = { timeout: 60_000 };
const ADMIN = { authorization: basic('admin', ADMIN_PASSWORD) };

let server: RunningServer;
const ends: (() => void | Promise<void>)[] = [];
before(async () => {
  const folder = temporaryFolder({ after: (end) => ends.push(end) });
  server = await startServer({ data: join(folder, 'data') });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  for (const end of ends) await end();
});

const checkHeaders = ({ headers }: Answer): void => {
  assert.match(String(headers['content-security-policy']), /default-src 'none'/);
  assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cache-control'], 'no-store');
};

test('healthz and readyz answer anybody, and say no more than that', TIMEOUT, async () => {
  const healthz = await server.console('/healthz');
  assert.deepEqual([healthz.status, healthz.body], [200, '{"status":"alive"}']);
  const readyz = await server.console('/readyz');
  assert.deepEqual([readyz.status, readyz.body], [200, '{"status":"ready"}']);
  checkHeaders(healthz);
  checkHeaders(readyz);
});

test('the first page has no foreign parts', TIMEOUT, async () => {
  const page = await server.console('/');
  assert.equal(page.status, 200);
  assert.match(String(page.headers['content-type']), /^text\/html; charset=utf-8/);
  assert.ok(page.body.includes(server.apiUrl));
  assert.doesNotMatch(page.body, /<script|<link|<img|style=/);
  checkHeaders(page);
  const absent = await server.console('/absent');
  assert.equal(absent.status, 404);
  checkHeaders(absent);
});

test('metrics are for who may read everything', TIMEOUT, async () => {
  const refused = async (headers: Readonly<Record<string, string>>) => {
    const answer = await server.console('/metrics', headers);
    assert.deepEqual([answer.status, answer.body], [401, '']);
    assert.match(String(answer.headers['www-authenticate']), /^Basic realm=/);
    checkHeaders(answer);
  };
  await refused({});
  await refused({ authorization: basic('admin', 'wrong') });
  await refused({ authorization: 'Basic ???' });
  await refused({ authorization: 'Bearer nothing' });
  const added = await witness(
    ['user', 'add', 'writer', '--role', 'contributor', '--data', server.data],
    { env: { WITNESS_USER_PASSWORD: 'a password of a writer' } },
  );
  assert.equal(added.code, 0, added.error);
  await refused({ authorization: basic('writer', 'a password of a writer') });
});

/** Values by name and labels, summed by name. */
const readMetrics = async (): Promise<Map<string, number>> => {
  const answer = await server.console('/metrics', ADMIN);
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  const values = new Map<string, number>();
  for (const line of answer.body.split('\n')) {
    const [, name = '', value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    if (value !== undefined) values.set(name, (values.get(name) ?? 0) + Number(value));
  }
  return values;
};

test('what happens moves the metrics', TIMEOUT, async () => {
  const before = await readMetrics();
  const body = JSON.stringify([recordBody('first'), recordBody('second')]);
  assert.equal((await server.api('POST', '/activity_records/?format=json', body)).status, 200);
  assert.equal((await server.api('POST', '/activity_records/?format=json', '[{}]')).status, 400);
  assert.equal((await server.api('GET', '/activity_records/enum?format=json')).status, 200);
  const afterwards = await readMetrics();
  const moved = (name: string) => (afterwards.get(name) ?? 0) - (before.get(name) ?? 0);
  assert.ok(moved('witness_records_stored_total') >= 2);
  assert.ok(moved('witness_batches_stored_total') >= 1);
  assert.ok(moved('witness_raw_bytes_received_total') > 100);
  assert.ok(moved('witness_requests_total') >= 3);
  assert.ok(moved('witness_store_records') >= 2);
  assert.ok((afterwards.get('witness_disk_free_bytes') ?? 0) > 0);
  assert.equal(afterwards.get('witness_metrics_unknown_total'), 0);
  assert.equal(afterwards.get('witness_log_lines_lost_total'), 0);
  assert.ok((afterwards.get('process_resident_memory_bytes') ?? 0) > 0);
});

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
};

test('readyz follows the engine: away and back', TIMEOUT, async () => {
  const [engine] = childrenOf(server.child.pid ?? 0);
  assert.ok(engine);
  // Stopped, it holds its connections and answers nothing.
  process.kill(engine, 'SIGSTOP');
  try {
    await until(async () => (await server.console('/readyz')).status === 503);
    const answer = await server.console('/readyz');
    assert.equal(answer.body, '{"status":"not ready"}');
    assert.equal((await server.console('/healthz')).status, 200);
  } finally {
    process.kill(engine, 'SIGCONT');
  }
  await until(async () => (await server.console('/readyz')).status === 200);

  process.kill(engine, 'SIGKILL');
  await until(async () => server.log().includes('store.engine-died'));
  await until(async () => (await server.console('/readyz')).status === 200);
  const body = JSON.stringify([recordBody('after the engine died')]);
  assert.equal((await server.api('POST', '/activity_records/?format=json', body)).status, 200);
  assert.equal((await witness(['status', '--data', server.data])).code, 0);
});
