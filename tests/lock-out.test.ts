/** Guessing a password over the network: slowed down, locked for a while, on record. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { basic, startServer, temporaryFolder, witness } from './witness-process.ts';

const GUESSES = 10;
const PATH = '/activity_records/enum?format=json';
const USER_PASSWORD = 'another password for tests';

test('ten wrong passwords lock the account for this address', { timeout: 90_000 }, async (t) => {
  const data = join(temporaryFolder(t), 'data');
  await using server = await startServer({ data });
  const added = await witness(
    ['user', 'add', 'm.murray', '--role', 'global-reviewer', '--data', data],
    {
      env: { WITNESS_USER_PASSWORD: USER_PASSWORD },
    },
  );
  assert.equal(added.code, 0, added.error);
  const ask = async (user: string, password: string) => {
    const startedAt = performance.now();
    const authorization = basic(user, password);
    const answer = await server.api('GET', PATH, undefined, { authorization });
    return { ...answer, tookMs: performance.now() - startedAt };
  };
  assert.equal((await ask('m.murray', USER_PASSWORD)).status, 200);

  const tookMs: number[] = [];
  for (let guess = 0; guess < GUESSES; guess += 1) {
    const answer = await ask('m.murray', `guess ${guess}`);
    assert.deepEqual([answer.status, answer.body], [401, '']);
    tookMs.push(answer.tookMs);
  }
  assert.ok((tookMs.at(-1) ?? 0) >= 1_000, `the last guesses are answered late: ${tookMs}`);
  assert.ok((tookMs[0] ?? 0) < 1_000, `the first one is not: ${tookMs}`);

  assert.equal((await ask('m.murray', USER_PASSWORD)).status, 401, 'locked for the right password');
  assert.equal((await ask('M.Murray', USER_PASSWORD)).status, 401, 'whatever its letter case');
  assert.equal((await server.api('GET', PATH)).status, 200, 'others still come in');

  // The lock is of this address: a token of the same account still works.
  const token = await witness(['user', 'token', 'm.murray', '--json', '--data', data]);
  const authorization = `Bearer ${JSON.parse(token.out).token}`;
  assert.equal((await server.api('GET', PATH, undefined, { authorization })).status, 200);

  const text = 'source:self-audit action:"Failed Logon" who:murray';
  const found = await witness(['search', text, '--json', '--limit', '0', '--data', data]);
  const records = found.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(records.length >= GUESSES, found.out);
  for (const record of records) {
    assert.equal(record.Who.toLowerCase(), 'm.murray');
    assert.equal(record.Workstation, '127.0.0.1');
    assert.equal(record.DataSource, 'Self-audit');
  }
  assert.match(found.out, /lock/i, 'that the account is locked is on record');
  assert.doesNotMatch(found.out + server.log(), /guess \d/, 'passwords are not');
});
