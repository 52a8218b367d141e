/** One data folder, one server. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  enumerateAll,
  recordBody,
  startServer,
  temporaryFolder,
  witness,
} from './witness-process.ts';

const FREE_PORTS = [
  '--set',
  'listeners.integration-api.port=0',
  '--set',
  'listeners.console.port=0',
];

test('a second server is refused with the id of the first; after kill -9 of it the next one starts', {
  timeout: 60_000,
}, async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const first = await startServer({ data });
  t.after(() => first[Symbol.asyncDispose]());
  const body = JSON.stringify([recordBody('before the kill')]);
  assert.equal((await first.api('POST', '/activity_records/?format=json', body)).status, 200);

  for (const command of ['serve', 'demo']) {
    const { code, out, error } = await witness([command, '--data', data, ...FREE_PORTS]);
    assert.equal(code, 3, error);
    assert.equal(out, '');
    assert.match(error, new RegExp(`is in use by process ${first.child.pid}\\.`));
    assert.match(error, /Stop that process, or name another folder with --data/);
  }
  assert.equal((await first.api('GET', '/activity_records/enum?format=json')).status, 200);

  await first.kill();
  await using second = await startServer({ data });
  assert.notEqual(second.child.pid, first.child.pid);
  const whats = (await enumerateAll(second)).map(({ What }) => What);
  assert.ok(whats.includes('before the kill'));
  assert.equal(await second.stop(), 0, second.log());
});

test('a port that is taken: which one, and no process is left behind', {
  timeout: 60_000,
}, async (t) => {
  const home = temporaryFolder(t);
  await using first = await startServer({ data: join(home, 'first') });
  const { port } = new URL(first.apiUrl);
  const second = join(home, 'second');
  const taken = [...FREE_PORTS, '--set', `listeners.integration-api.port=${port}`];
  const address = ['--set', 'listeners.integration-api.address=127.0.0.1'];
  const { code, error } = await witness(['serve', '--data', second, ...taken, ...address]);
  assert.equal(code, 1, error);
  assert.match(error, new RegExp(`integration-api cannot use 127\\.0\\.0\\.1 port ${port}`));
  assert.match(error, /--set listeners\.integration-api\.port=NUMBER\.\n\(LISTENER_PORT_TAKEN\)/);
  assert.doesNotMatch(error, /Internal error/);
  // The folder is free again.
  const status = await witness(['status', '--data', second]);
  assert.equal(status.code, 0, status.error);
});
