import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { dataFolderPaths, ensureKeyFile, openDataFolder } from './index.ts';

const temporaryFolder = (t: { after: (fn: () => void) => void }): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-data-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const HOLDER = `
import { openDataFolder } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
const folder = openDataFolder(process.argv[1]);
console.log('held');
setInterval(() => folder, 1000);
`;

test('a second process is refused with the pid of the first, until that one is killed', async (t) => {
  const root = temporaryFolder(t);
  const holder = spawn(
    process.execPath,
    ['--input-type=module-typescript', '-e', HOLDER, join(root, 'data')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(holder.stdout, 'data');
  assert.throws(
    () => openDataFolder(join(root, 'data')),
    (thrown: { code?: string; message: string }) =>
      thrown.code === 'DATA_FOLDER_LOCKED' && thrown.message.includes(`process ${holder.pid}`),
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  openDataFolder(join(root, 'data'))[Symbol.dispose]();
});

test('the lock is given back when the folder is closed', (t) => {
  const root = temporaryFolder(t);
  openDataFolder(root)[Symbol.dispose]();
  openDataFolder(root)[Symbol.dispose]();
});

test('the folder and its keys are for this account only', (t) => {
  const root = join(temporaryFolder(t), 'data');
  using folder = openDataFolder(root);
  assert.equal(statSync(root).mode & 0o077, 0);
  assert.equal(statSync(folder.paths.keys).mode & 0o077, 0);
});

test('a file in the place of the folder is refused with the reason', (t) => {
  const path = join(temporaryFolder(t), 'file');
  writeFileSync(path, '');
  assert.throws(() => openDataFolder(path), { code: 'DATA_FOLDER_UNUSABLE' });
});

test('a control socket fits into a socket address however long the path is', () => {
  const long = join('/', 'x'.repeat(90), 'y'.repeat(90));
  assert.ok(Buffer.byteLength(dataFolderPaths(long).controlSocket) <= 100);
  assert.notEqual(dataFolderPaths(long).controlSocket, dataFolderPaths(`${long}z`).controlSocket);
});

test('a key is made once, kept, and refused when it is damaged', (t) => {
  const path = join(temporaryFolder(t), 'mark.key');
  const ones = (count: number): Uint8Array => new Uint8Array(count).fill(1);
  const twos = (count: number): Uint8Array => new Uint8Array(count).fill(2);
  assert.deepEqual([...ensureKeyFile(path, 4, ones)], [1, 1, 1, 1]);
  assert.deepEqual([...ensureKeyFile(path, 4, twos)], [1, 1, 1, 1]);
  assert.equal(statSync(path).mode & 0o077, 0);
  writeFileSync(path, 'abc');
  assert.throws(() => ensureKeyFile(path, 4, ones), { code: 'DATA_FOLDER_KEY_INVALID' });
});
