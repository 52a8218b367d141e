import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestRandom } from '../plans/testing.ts';
import { hashPassword, needsRehash, PASSWORD_HASH_COST, verifyPassword } from './password-hash.ts';

const COST = { memoryKib: 64, passes: 1, lanes: 1 };
const randomBytes = createTestRandom('hash');
const hash = (password: string) => hashPassword(password, { cost: COST, randomBytes });

test('hashes are those of the Argon2 reference implementation', async () => {
  // Test vector of its test.c, version 0x13: t=2, m=2^16, p=1, "password", "somesalt".
  const vector =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.equal(await verifyPassword('password', vector), true);
  assert.equal(await verifyPassword('Password', vector), false);
});

test('a password verifies against its hash only', async () => {
  const stored = await hash('correct horse');
  assert.match(stored, /^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(await hash('correct horse'), stored);
  for (const [password, expected] of [
    ['correct horse', true],
    ['correct horse ', false],
    ['Correct horse', false],
    ['correct horse\0', false],
    ['', false],
  ] as const) {
    assert.equal(await verifyPassword(password, stored), expected, password);
  }
});

test('the same text composed otherwise is the same password', async () => {
  assert.equal(await verifyPassword('pa\u0308sswort', await hash('p\u00e4sswort')), true);
});

test('a hash of another cost is to be renewed', async () => {
  const stored = await hash('x');
  assert.equal(needsRehash(stored, COST), false);
  for (const other of [{ memoryKib: 65 }, { passes: 2 }, { lanes: 2 }]) {
    assert.equal(needsRehash(stored, { ...COST, ...other }), true);
  }
});

test('a stored hash that is none, or asks for too much, is refused', async () => {
  const valid = await hash('x');
  const bad = [
    '',
    'x',
    valid.replace('argon2id', 'argon2i'),
    valid.replace('v=19', 'v=16'),
    valid.replace('m=64', 'm=9999999'),
    valid.replace('t=1', 't=9999'),
    valid.replace('p=1', 'p=9999'),
    `${valid}$`,
    valid.slice(0, -30),
  ];
  for (const stored of bad) {
    await assert.rejects(verifyPassword('x', stored), { code: 'ACCESS_PASSWORD_HASH_UNKNOWN' });
  }
});

test('the standard cost is the second recommended option of RFC 9106', () => {
  assert.deepEqual(PASSWORD_HASH_COST, { memoryKib: 64 * 1024, passes: 3, lanes: 4 });
});
