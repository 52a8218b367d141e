import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DISK_LOOK_EVERY_MS, damagedParts, startDiskGuard } from './disk-guard.ts';

const MB = 1024 * 1024;

const engineFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-guard-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
};

const part = (folder: string, name: string, files: Readonly<Record<string, string>>): string => {
  const path = join(folder, 'store', 'abc', 'abc-uuid', name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
};

test('a part is damaged when its marks are empty, unless it is still being written', (t) => {
  const folder = engineFolder(t);
  assert.deepEqual(damagedParts(folder), []);
  part(folder, '1_1_1_0', { 'data.bin': 'x', 'data.cmrk3': 'x' });
  part(folder, 'tmp_merge_1_1_2_1', { 'data.cmrk3': '' });
  part(folder, '1_2_2_0', { 'data.bin': '', 'data.cmrk3': 'x' });
  assert.deepEqual(damagedParts(folder), []);
  const damaged = part(folder, '1_1_2_1', { 'data.bin': 'x', 'data.cmrk3': '' });
  assert.deepEqual(damagedParts(folder), [damaged]);
});

test('nothing is merged while space is short, and merging goes on when there is enough again', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const folder = engineFolder(t);
  const said: string[] = [];
  const reported: (readonly string[])[] = [];
  let free = 500 * MB;
  const stop = startDiskGuard({
    folder,
    freeBytesMin: 200 * MB,
    run: async (sql) => said.push(sql),
    onDamage: (parts) => reported.push(parts),
    freeBytes: () => free,
  });
  const look = (bytes: number): void => {
    free = bytes;
    t.mock.timers.tick(DISK_LOOK_EVERY_MS);
  };
  look(201 * MB);
  assert.deepEqual(said, []);
  look(199 * MB);
  look(210 * MB);
  assert.deepEqual(said, ['SYSTEM STOP MERGES']);
  look(251 * MB);
  assert.deepEqual(said, ['SYSTEM STOP MERGES', 'SYSTEM START MERGES']);

  const damaged = part(folder, '1_1_2_1', { 'data.cmrk3': '' });
  look(251 * MB);
  assert.deepEqual(reported, [], 'space was never so short that a merge may have met its end');
  look(0);
  assert.deepEqual(reported, [[damaged]]);
  stop();
});
