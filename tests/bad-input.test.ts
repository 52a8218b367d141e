/** Bad files: what can be read is read, the rest is on record with its reason, and Witness lives on. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { badFiles } from './bad-files.ts';
import {
  CREATED_USER_LOG,
  corpus,
  recordBody,
  searchAll,
  startServer,
  temporaryFolder,
  witness,
} from './witness-process.ts';

const FILES_MIN = 55;

interface FileCounts {
  readonly path: string;
  readonly events: number;
  readonly added: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly damage: number;
}

test('a folder of bad files', { timeout: 150_000 }, async (t) => {
  const log = corpus(t, ...CREATED_USER_LOG);
  const cases = badFiles(log ? readFileSync(log) : undefined);
  assert.ok(cases.length >= FILES_MIN, `${cases.length} files`);
  const home = temporaryFolder(t);
  const folder = join(home, 'files');
  mkdirSync(folder);
  for (const { name, bytes } of cases) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'picture.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  symlinkSync(join(home, 'gone'), join(folder, 'dangling.ndjson'));

  await using server = await startServer({ data: join(home, 'data') });
  const { code, out, error } = await witness(['import', folder, '--json', '--data', server.data]);
  assert.equal(code, 4, error);
  assert.doesNotMatch(error, /Internal error|^ {4}at /m);
  const result = JSON.parse(out);
  assert.deepEqual(result.skipped, [join(folder, 'picture.png')]);
  assert.deepEqual(result.unreadable, [
    { path: join(folder, 'dangling.ndjson'), reason: 'ENOENT' },
  ]);
  assert.match(error, /dangling\.ndjson: cannot be read: ENOENT/);

  const rejections = await searchAll(server, { ObjectType: { Equals: 'Rejected event' } });
  const gaps = await searchAll(server, { ObjectType: { Equals: 'Completeness' } });
  const faults: string[] = [];
  for (const { name, says, good = 0, rejected = 0, damage = 0 } of cases) {
    const path = join(folder, name);
    const counts = (result.files as FileCounts[]).find((file) => file.path === path);
    if (!counts) {
      faults.push(`${name}: not read`);
      continue;
    }
    const is = {
      good: counts.added + counts.repeated,
      rejected: counts.rejected,
      damage: counts.damage,
    };
    const expected = { good, rejected, damage };
    if (JSON.stringify(is) !== JSON.stringify(expected)) {
      faults.push(`${name}: ${JSON.stringify(is)}, expected ${JSON.stringify(expected)}`);
    }
    const printed = error.split('\n').filter((text) => text.startsWith(`${path}: `));
    if (counts.rejected + counts.damage > 0 && printed.length === 0) {
      faults.push(`${name}: nothing was said`);
    }
    const reasons = rejections
      .filter(({ Where }) => Where === path)
      .map(
        ({ DetailList = [] }) => DetailList.find((each) => each.PropertyName === 'Reason')?.After,
      );
    if (counts.rejected > 0 && reasons.length === 0) faults.push(`${name}: no rejected record`);
    const onRecord = gaps.filter(({ What }) => What.startsWith(`${path}: `));
    if (counts.damage > 0 && onRecord.length === 0) faults.push(`${name}: no record of the gap`);
    const said = [...printed, ...reasons].join('\n');
    if (says && !says.test(said)) faults.push(`${name}: ${said} does not say ${says}`);
  }
  assert.deepEqual(faults, []);

  const again = JSON.parse(
    (await witness(['import', folder, '--json', '--data', server.data])).out,
  );
  assert.equal(again.added, 0, 'once more adds nothing');
  assert.equal((await server.console('/readyz')).status, 200);
  assert.equal(server.child.exitCode, null);
  assert.doesNotMatch(server.log(), /"level":"error"/);
});

test('what is named and cannot be imported: which, why, exit code 1', {
  timeout: 60_000,
}, async (t) => {
  const home = temporaryFolder(t);
  const path = (name: string) => join(home, name);
  mkdirSync(path('empty folder'));
  mkdirSync(path('pictures'));
  writeFileSync(path('pictures/a.png'), Buffer.from([0x89, 0x50]));
  writeFileSync(path('plain.txt'), 'only text\n');
  writeFileSync(path('zero'), '');
  writeFileSync(path('other.json'), '{"Name":"x"}\n');
  symlinkSync(path('gone'), path('link.evtx'));
  execFileSync('mkfifo', [path('pipe.evtx')]);
  const check = async (name: string, says: RegExp) => {
    const { code, out, error } = await witness(['import', name, '--data', path('data')]);
    assert.deepEqual([code, out], [1, ''], `${name}: ${error}`);
    assert.ok(error.includes(name), error);
    assert.match(error, says);
  };
  await check(path('absent.evtx'), /ENOENT.*\n.*path/);
  await check(path('empty folder'), /nothing to import below/);
  await check(path('pictures'), /nothing to import below/);
  await check(path('plain.txt'), /neither a Windows event log/);
  await check(path('zero'), /neither a Windows event log/);
  await check(path('other.json'), /neither a Windows event log/);
  await check(path('link.evtx'), /ENOENT/);
  await check(path('pipe.evtx'), /neither a file nor a folder/);
  await check('/dev/null', /neither a file nor a folder/);
});

/** Root may read everything, so the command runs as nobody then. */
const NOBODY = 65_534;

test('a file this account may not read', { timeout: 60_000 }, async (t) => {
  const home = temporaryFolder(t);
  chmodSync(home, 0o777);
  const folder = join(home, 'files');
  mkdirSync(folder);
  const secret = join(folder, 'secret.ndjson');
  writeFileSync(secret, '', { mode: 0o000 });
  writeFileSync(join(folder, 'open.ndjson'), `${JSON.stringify(recordBody('may be read'))}\n`);
  const options = process.getuid?.() === 0 ? { uid: NOBODY } : {};
  const data = ['--data', join(home, 'data')];
  const named = await witness(['import', secret, ...data], options);
  assert.equal(named.code, 1, named.error);
  assert.match(named.error, /Cannot read .*secret\.ndjson: EACCES\.\nCheck the path/);
  const below = await witness(['import', folder, ...data, '--json'], options);
  assert.equal(below.code, 4, below.error);
  assert.match(below.error, /secret\.ndjson: cannot be read: EACCES/);
  assert.equal(JSON.parse(below.out).added, 1, 'the others are read');
});

test('the Integration API has its own bad requests', () => {
  const room = resolve(import.meta.dirname, '../server/src/listeners/integration-api');
  const text = readFileSync(join(room, 'bad-input.test.ts'), 'utf8');
  assert.match(text, /checks >= 200/);
});
