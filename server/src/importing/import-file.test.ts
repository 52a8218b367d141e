import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WitnessError } from '@witness/record';
import { tryDetectKind } from './import-file.ts';
import { listImportFiles } from './index.ts';

const RECORD = '{"Who":"a","What":"b"}';

test('the kind is told by content', () => {
  const check = (head: string | Buffer, expected: string | undefined, name = 'file') =>
    assert.equal(tryDetectKind(Buffer.from(head), name), expected, `${name}: ${head}`);
  check('ElfFile\0rest', 'evtx');
  check('ElfFile\0rest', 'evtx', 'a.xml');
  check('broken', 'evtx', 'a.EVTX');
  check('', 'evtx', 'a.evtx');
  check('<Events>', 'event-xml');
  check(' \r\n<?xml version="1.0"?>', 'event-xml');
  check('\ufeff<Events>', 'event-xml');
  check(Buffer.from('\ufeff<Events>', 'utf16le'), 'event-xml');
  check(Buffer.from('<Events>', 'utf16le'), 'event-xml');
  check(Buffer.from('\ufeff<Events>', 'utf16le').swap16(), 'event-xml');
  check(`${RECORD}\n${RECORD}\n`, 'record-lines');
  check(`\ufeff${RECORD}\n`, 'record-lines');
  check(RECORD, 'record-lines');
  check(RECORD.slice(0, 15), 'record-lines');
  check('anything', 'record-lines', 'a.ndjson');
  check('', 'record-lines', 'a.jsonl');
  check('{"Name":"x"}\n', undefined);
  check('{\n"Who":"x"}\n', undefined);
  check('{"Name":"x"', undefined);
  check('[1]', undefined);
  check('text', undefined, 'a.txt');
  check('', undefined);
  check(Buffer.from([0xff, 0xfe]), undefined);
});

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-import-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('files and folders, in order, each once', async (t) => {
  const folder = folderOf(t);
  const path = (name: string) => join(folder, name);
  mkdirSync(path('sub'));
  writeFileSync(path('b.ndjson'), `${RECORD}\n`);
  writeFileSync(path('a.evtx'), 'ElfFile\0');
  writeFileSync(path('sub/c.xml'), '<Events/>');
  writeFileSync(path('picture.png'), 'x');
  symlinkSync(path('b.ndjson'), path('link.ndjson'));
  symlinkSync(path('gone'), path('dangling.evtx'));
  symlinkSync(folder, path('sub/circle'));
  const listing = await listImportFiles([path('b.ndjson'), folder]);
  assert.deepEqual(
    listing.files.map((file) => [basename(file.path), file.kind, file.bytes]),
    [
      ['b.ndjson', 'record-lines', RECORD.length + 1],
      ['a.evtx', 'evtx', 8],
      ['link.ndjson', 'record-lines', RECORD.length + 1],
      ['c.xml', 'event-xml', 9],
    ],
  );
  assert.deepEqual(listing.skipped, [path('picture.png'), path('sub/circle')]);
  assert.deepEqual(listing.unreadable, [{ path: path('dangling.evtx'), reason: 'ENOENT' }]);
  assert.ok(listing.files.every(({ modifiedMs }) => Number.isSafeInteger(modifiedMs)));
});

test('what is named must be there and be of a kind', async (t) => {
  const folder = folderOf(t);
  const path = (name: string) => join(folder, name);
  mkdirSync(path('empty'));
  writeFileSync(path('plain.txt'), 'text');
  execFileSync('mkfifo', [path('pipe.evtx')]);
  const check = (name: string, code: string) =>
    assert.rejects(
      listImportFiles([path(name)]),
      (fault) =>
        fault instanceof WitnessError && fault.code === code && fault.message.includes(path(name)),
    );
  await check('absent.evtx', 'IMPORT_PATH_UNREADABLE');
  await check('empty', 'IMPORT_NOTHING_FOUND');
  await check('plain.txt', 'IMPORT_KIND_UNKNOWN');
  await check('pipe.evtx', 'IMPORT_NOT_A_FILE');
});
