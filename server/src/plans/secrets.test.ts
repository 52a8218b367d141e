import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecretBox, openSecretBox } from './index.ts';
import { createTestRandom, openTestPlans, type TestPlans } from './testing.ts';

const PLACE = 'plan/{1}/account/x';
const random = createTestRandom('secrets');
const box = createSecretBox(random(32), random);

test('a secret opens where it was sealed, whatever it holds', () => {
  for (const secret of ['', 'p', 'correct horse', 'ß😀\0\n', 'x'.repeat(100_000)]) {
    assert.equal(box.unseal(box.seal(secret, PLACE), PLACE), secret);
  }
});

test('an envelope shows nothing and is never the same twice', () => {
  const [first, second] = [box.seal('topsecret', PLACE), box.seal('topsecret', PLACE)];
  assert.notEqual(first, second);
  assert.match(first, /^w1\.[0-9a-f]{16}\.[\w-]{16}\.[\w-]+$/);
  assert.ok(!Buffer.from(first.split('.')[3] ?? '', 'base64url').includes('topsecret'));
});

test('a changed envelope does not open', () => {
  const envelope = box.seal('topsecret', PLACE);
  const opens = (text: string, place = PLACE): string => {
    try {
      box.unseal(text, place);
      return 'opened';
    } catch (cause) {
      return (cause as { code: string }).code;
    }
  };
  for (let at = 0; at < envelope.length; at += 1) {
    const other = envelope[at] === 'A' ? 'B' : 'A';
    const changed = envelope.slice(0, at) + other + envelope.slice(at + 1);
    // The last character of base64 may carry bits that belong to no byte.
    const isSameBytes =
      Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(
        Buffer.from(envelope.split('.')[3] ?? '', 'base64url'),
      ) && changed.split('.').slice(0, 3).join() === envelope.split('.').slice(0, 3).join();
    if (!isSameBytes) assert.notEqual(opens(changed), 'opened', `character ${at}`);
  }
  const [version, keyId, nonce, body] = envelope.split('.');
  const table: readonly (readonly [string, string])[] = [
    ['', 'SECRET_ENVELOPE_UNKNOWN'],
    ['topsecret', 'SECRET_ENVELOPE_UNKNOWN'],
    [`w2.${keyId}.${nonce}.${body}`, 'SECRET_ENVELOPE_UNKNOWN'],
    [`${envelope}.x`, 'SECRET_ENVELOPE_UNKNOWN'],
    [`${version}.0000000000000000.${nonce}.${body}`, 'SECRET_KEY_MISMATCH'],
    [`${version}.${keyId}.AAAA.${body}`, 'SECRET_TAMPERED'],
    [`${version}.${keyId}.${nonce}.AAAA`, 'SECRET_TAMPERED'],
    [`${version}.${keyId}.${nonce}.${body?.slice(0, -4)}`, 'SECRET_TAMPERED'],
    [`${version}.${keyId}.${nonce}.${body}+`, 'SECRET_TAMPERED'],
  ];
  for (const [text, code] of table) assert.equal(opens(text), code, text);
});

test('an envelope moved to another place or key does not open', () => {
  const envelope = box.seal('topsecret', PLACE);
  assert.throws(() => box.unseal(envelope, 'plan/{2}/account/x'), { code: 'SECRET_TAMPERED' });
  const stranger = createSecretBox(random(32), random);
  assert.throws(() => stranger.unseal(envelope, PLACE), { code: 'SECRET_KEY_MISMATCH' });
});

const withKeyFile = async (
  work: (context: { file: string; context: TestPlans; warned: string[] }) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-secrets-'));
  await using context = await openTestPlans();
  try {
    await work({ file: join(folder, 'secrets.key'), context, warned: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const open = (file: string, context: TestPlans, warned: string[] = []) =>
  openSecretBox({
    keyFile: file,
    database: context.database,
    randomBytes: random,
    emit: ({ name }) => warned.push(name),
  });

const keepSecret = (context: TestPlans, envelope: string) =>
  context.database.queries
    .insertInto('plan')
    .values({
      id: '{1}',
      name: 'p',
      name_key: 'p',
      folder: null,
      is_enabled: 1,
      account_name: 'x',
      account_secret: envelope,
      retention_days: null,
      created_at: 0,
      updated_at: 0,
    })
    .execute();

test('the key file is made once, for its owner only', () =>
  withKeyFile(async ({ file, context }) => {
    const first = await open(file, context);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const key = readFileSync(file);
    assert.equal(key.length, 32);
    const envelope = first.seal('s', PLACE);
    assert.equal((await open(file, context)).unseal(envelope, PLACE), 's');
    assert.ok(readFileSync(file).equals(key));
  }));

test('a half-made key file of an interrupted start is no hindrance', () =>
  withKeyFile(async ({ file, context }) => {
    writeFileSync(`${file}.new`, 'half');
    await open(file, context);
    assert.equal(readFileSync(file).length, 32);
  }));

test('a missing, foreign or damaged key file is refused while secrets exist', () =>
  withKeyFile(async ({ file, context }) => {
    await keepSecret(context, (await open(file, context)).seal('s', PLACE));
    await open(file, context);
    unlinkSync(file);
    await assert.rejects(open(file, context), { code: 'SECRET_KEY_MISSING' });
    assert.throws(() => statSync(file), 'no new key hides the loss');
    writeFileSync(file, random(32));
    await assert.rejects(open(file, context), { code: 'SECRET_KEY_MISMATCH' });
    writeFileSync(file, 'short');
    await assert.rejects(open(file, context), { code: 'SECRET_KEY_INVALID' });
  }));

test('a key file that cannot be read or made is told apart from a missing one', () =>
  withKeyFile(async ({ file, context }) => {
    await assert.rejects(open(join(file, '..'), context), { code: 'SECRET_KEY_UNREADABLE' });
    await assert.rejects(open(join(file, '..', 'none', 'key'), context), {
      code: 'SECRET_KEY_UNREADABLE',
    });
  }));

test('a key file open to others is used, with a warning', () =>
  withKeyFile(async ({ file, context, warned }) => {
    await open(file, context, warned);
    assert.deepEqual(warned, []);
    chmodSync(file, 0o640);
    await open(file, context, warned);
    assert.deepEqual(warned, ['plans.secret-key-exposed']);
  }));
