/** A newcomer's way: start, import a real event log, see who created the account, read the same as a script would. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import {
  basic,
  CREATED_USER_LOG,
  corpus,
  enumerateAll,
  type RunningServer,
  searchAll,
  startServer,
  temporaryFolder,
  witness,
} from './witness-process.ts';

const TIMEOUT = { timeout: 120_000 };

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Starts a server that makes the first password itself. */
const startNew = (data: string): Promise<RunningServer> =>
  startServer({ data, env: { WITNESS_ADMIN_PASSWORD: '' } });

test('from nothing to who created the account', TIMEOUT, async (t) => {
  const log = corpus(t, ...CREATED_USER_LOG);
  if (!log) return;
  const data = join(temporaryFolder(t), 'data');
  await using server = await startServer({ data });
  for (const hint of ['witness import <file.evtx>', 'witness search "action:added type:user"']) {
    assert.ok(server.startText.includes(hint), server.startText);
  }
  assert.match(server.startText, /Certificate +SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}/);

  const imported = await witness(['import', log, '--data', data]);
  assert.equal(imported.code, 0, imported.error);
  assert.match(imported.out, /Read 1 event .* 1 new record/);

  const found = await witness(['search', 'action:added type:user', '--data', data]);
  // The first administrator has been added too, by Witness itself, and later than that.
  const [head, where] = found.out.slice(found.out.indexOf('2020-07-12')).split('\n');
  assert.equal(
    head,
    '2020-07-12 05:10:08 UTC  OFFSEC\\lambda-user  Added user  OFFSEC\\admin-kriss',
  );
  assert.equal(where, '    on rootdc1.offsec.lan, Active Directory');

  const [shown] = (
    await witness(['search', 'action:added type:user', '--json', '--data', data])
  ).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ DataSource }) => DataSource !== 'Self-audit');
  const users = (await enumerateAll(server)).filter(({ ObjectType }) => ObjectType === 'user');
  assert.deepEqual(users, [shown]);
  const searched = await searchAll(server, {
    Action: 'Added',
    ObjectType: { Equals: 'User' },
    DataSource: { NotEqualTo: 'Self-audit' },
  });
  assert.deepEqual(searched, [shown]);
  assert.equal(shown.Who, 'OFFSEC\\lambda-user');
  assert.equal(shown.What, 'OFFSEC\\admin-kriss');
});

test(
  'a whole folder of real logs: everything is read, nothing is lost silently',
  TIMEOUT,
  async (t) => {
    const folder = corpus(t, 'active-directory', 'evtx-to-mitre-attack');
    if (!folder) return;
    const data = join(temporaryFolder(t), 'data');
    const imported = await witness(['import', folder, '--data', data, '--json']);
    assert.equal(imported.code, 0, imported.error);
    const { events, added, repeated, rejected, damage, skipped } = JSON.parse(imported.out);
    assert.ok(events > 100, imported.out);
    assert.equal(rejected + damage, 0);
    assert.ok(added > 0 && added + repeated >= events / 2);
    assert.deepEqual(skipped, [join(folder, 'SOURCE.md')]);
    const again = JSON.parse((await witness(['import', folder, '--data', data, '--json'])).out);
    assert.equal(again.added, 0, 'the same folder twice adds nothing');
    assert.equal(again.events, events);
  },
);

test(
  'the generated password is shown once, works, and is nowhere on the disk',
  TIMEOUT,
  async (t) => {
    const data = join(temporaryFolder(t), 'data');
    const first = await startNew(data);
    t.after(() => first[Symbol.asyncDispose]());
    assert.match(first.startText, /The first administrator is admin\./);
    const password = /Password, shown this once: (\S+)/.exec(first.startText)?.[1] ?? '';
    assert.ok(password.length >= 16, first.startText);
    const headers = { authorization: basic('admin', password) };
    const path = '/activity_records/enum?format=json';
    assert.equal((await first.api('GET', path, undefined, headers)).status, 200);
    const wrong = { authorization: basic('admin', `${password}x`) };
    assert.equal((await first.api('GET', path, undefined, wrong)).status, 401);
    assert.ok(!first.log().includes(password), 'the log has the password');
    assert.equal(await first.stop(), 0, first.log());

    for (const file of filesBelow(data)) {
      const bytes = readFileSync(file);
      assert.equal(bytes.includes(password), false, file);
      assert.equal(bytes.includes(Buffer.from(password, 'utf16le')), false, file);
      assert.equal(bytes.includes(Buffer.from(password).toString('base64')), false, file);
      assert.equal(
        bytes.includes(Buffer.from(`admin:${password}`).toString('base64')),
        false,
        file,
      );
    }
    const database = new DatabaseSync(join(data, 'configuration.sqlite'), { readOnly: true });
    t.after(() => database.close());
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const cells = tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .flatMap((row) => Object.values(row).map(String)),
    );
    assert.equal(cells.filter((cell) => cell.includes('$argon2id$')).length, 1);

    const second = await startNew(data);
    t.after(() => second[Symbol.asyncDispose]());
    assert.doesNotMatch(second.startText, /Password|first administrator/);
    assert.equal((await second.api('GET', path, undefined, headers)).status, 200);
    // What happened right before the end is on record too.
    const found = await witness(['search', 'action:"failed logon"', '--json', '--data', data]);
    assert.equal(JSON.parse(found.out).Who, 'admin');
  },
);
