import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type ConfigurationDatabase, openConfigurationDatabase, PLAN_ERRORS } from './index.ts';
import { MIGRATIONS } from './migrations.ts';

const emit = () => undefined;
const clock = () => 1_700_000_000_000;

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-plans-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const user = (name: string) => ({
  id: `{${name}}`,
  name,
  name_key: name,
  password_hash: '',
  created_at: 1,
  updated_at: 1,
});

const userNames = async (database: ConfigurationDatabase): Promise<string[]> =>
  (await database.queries.selectFrom('user_account').select('name').orderBy('name').execute()).map(
    ({ name }) => name,
  );

test('a new file is made for its owner only, with all migrations noted', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'witness.db');
    const database = await openConfigurationDatabase({ file, emit, clock });
    await database.queries.insertInto('user_account').values(user('a')).execute();
    for (const name of [file, `${file}-wal`, `${file}-shm`]) {
      assert.equal(statSync(name).mode & 0o777, 0o600, name);
    }
    const versions = await database.queries.selectFrom('schema_version').selectAll().execute();
    assert.deepEqual(
      versions.map(({ version, applied_at }) => [version, applied_at]),
      MIGRATIONS.map((_, index) => [index + 1, clock()]),
    );
    await database[Symbol.asyncDispose]();
  }));

test('a file that others could read is closed to them', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'witness.db');
    writeFileSync(file, '', { mode: 0o644 });
    await (await openConfigurationDatabase({ file, emit, clock }))[Symbol.asyncDispose]();
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }));

test('the connection is set to survive power cuts and to keep references', async () => {
  await using database = await openConfigurationDatabase({ file: ':memory:', emit, clock });
  const pragma = async (name: string): Promise<unknown> =>
    Object.values((await sql.raw(`pragma ${name}`).execute(database.queries)).rows[0] ?? {})[0];
  assert.equal(await pragma('foreign_keys'), 1);
  assert.equal(await pragma('synchronous'), 2);
  await assert.rejects(
    database.transaction((transaction) =>
      transaction
        .insertInto('plan_source')
        .values({ plan_id: 'none', position: 0, source: 'x', is_enabled: 1, settings: '{}' })
        .execute(),
    ),
    { code: 'CONFIGURATION_DATABASE_FAILED', retry: 'later' },
  );
});

test('opening again keeps everything, and migrations may run twice', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'witness.db');
    const first = await openConfigurationDatabase({ file, emit, clock });
    await first.queries.insertInto('user_account').values(user('kept')).execute();
    // As after a stop between a migration's statements and its note.
    await first.queries.deleteFrom('schema_version').execute();
    await first[Symbol.asyncDispose]();
    const second = await openConfigurationDatabase({ file, emit, clock });
    assert.deepEqual(await userNames(second), ['kept']);
    const mode = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(second.queries);
    assert.equal(mode.rows[0]?.journal_mode, 'wal');
    await second[Symbol.asyncDispose]();
  }));

test('a newer schema is refused', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'witness.db');
    const database = await openConfigurationDatabase({ file, emit, clock });
    await database.queries
      .insertInto('schema_version')
      .values({ version: MIGRATIONS.length + 3, name: 'from the future', applied_at: 0 })
      .execute();
    await database[Symbol.asyncDispose]();
    await assert.rejects(openConfigurationDatabase({ file, emit, clock }), {
      code: 'CONFIGURATION_DATABASE_NEWER',
      values: { found: MIGRATIONS.length + 3, known: MIGRATIONS.length },
    });
  }));

test('what is no database, or cannot be reached, is refused', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'garbage.db');
    writeFileSync(file, 'This is no database. '.repeat(400));
    const code = 'CONFIGURATION_DATABASE_UNREADABLE';
    await assert.rejects(openConfigurationDatabase({ file, emit, clock }), { code });
    const nowhere = join(folder, 'none', 'witness.db');
    await assert.rejects(openConfigurationDatabase({ file: nowhere, emit, clock }), { code });
  }));

test(
  'a database locked by another program is an error, not a wait for ever',
  { timeout: 20_000 },
  () =>
    inFolder(async (folder) => {
      const file = join(folder, 'witness.db');
      const database = await openConfigurationDatabase({ file, emit, clock });
      await sql`pragma busy_timeout = 50`.execute(database.queries);
      const other = new DatabaseSync(file);
      other.exec('begin immediate');
      await assert.rejects(
        database.transaction((transaction) =>
          transaction.insertInto('user_account').values(user('a')).execute(),
        ),
        { code: 'CONFIGURATION_DATABASE_FAILED', retry: 'later' },
      );
      other.exec('rollback');
      other.close();
      await database.transaction((transaction) =>
        transaction.insertInto('user_account').values(user('a')).execute(),
      );
      await database[Symbol.asyncDispose]();
    }),
);

test('transactions run one after the other, each whole or not at all', async () => {
  await using database = await openConfigurationDatabase({ file: ':memory:', emit, clock });
  let running = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      database.transaction(async (transaction) => {
        running += 1;
        assert.equal(running, 1);
        await transaction
          .insertInto('user_account')
          .values(user(`u${index}`))
          .execute();
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (index % 2 === 1) throw new Error('changed its mind');
      }),
    ),
  );
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 10);
  assert.equal((await userNames(database)).length, 10);
  assert.ok(!(await userNames(database)).includes('u1'));
});

test('rows come back as written, streamed too', async () => {
  await using database = await openConfigurationDatabase({ file: ':memory:', emit, clock });
  const names = ['ß', '😀', "'; drop table user_account; --"];
  await database.queries.insertInto('user_account').values(names.map(user)).execute();
  const streamed: string[] = [];
  for await (const { name } of database.queries.selectFrom('user_account').selectAll().stream()) {
    streamed.push(name);
  }
  assert.deepEqual(new Set(streamed), new Set(names));
  const { numDeletedRows } = await database.queries
    .deleteFrom('user_account')
    .where('name', '=', '😀')
    .executeTakeFirst();
  assert.equal(numDeletedRows, 1n);
});

test('every error says what to do', () => {
  for (const [code, { message, advice }] of Object.entries(PLAN_ERRORS)) {
    assert.match(code, /^(CONFIGURATION_DATABASE|SECRET|PLAN)_[A-Z_]+$/);
    assert.ok(message.length > 10 && advice.length > 10, code);
  }
});
