/** Bookmarks on disk: restarts, cut-off lines, growth. */
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NamedEvent } from '../../telemetry/index.ts';
import { openBookmarkStore } from './index.ts';

const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'bookmarks-'));
  try {
    await use(join(folder, 'made'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const quiet = () => {};
const entry = (machine: string, subscription: string, record: number) => ({
  machine,
  subscription,
  bookmarkXml: `<Bookmark RecordId="${record}"/>`,
  at: record,
});

test('what was put is there after a restart, the newest of each', () =>
  withFolder(async (folder) => {
    {
      await using store = await openBookmarkStore({ folder, emit: quiet });
      await store.put(entry('a', 'x', 1));
      await store.put(entry('a', 'y', 2));
      await store.put(entry('b', 'x', 3));
      await store.put(entry('a', 'x', 4));
      await store.put({ machine: 'a', at: 5 });
      await store.put({ machine: 'c', at: 6 });
      await store.put(entry('d', 'x', 7));
      await store.forget('d');
    }
    await using store = await openBookmarkStore({ folder, emit: quiet });
    const get = (machine: string, subscription: string) => store.get(machine, subscription);
    assert.deepEqual(
      [get('a', 'x'), get('a', 'y'), get('b', 'x'), get('b', 'y'), get('d', 'x')],
      [
        '<Bookmark RecordId="4"/>',
        '<Bookmark RecordId="2"/>',
        '<Bookmark RecordId="3"/>',
        undefined,
        undefined,
      ],
    );
    assert.deepEqual(
      [...store.machines()],
      [
        ['a', 5],
        ['b', 3],
        ['c', 6],
      ],
    );
  }));

test('a process that is killed leaves what it was told is there', () =>
  withFolder(async (folder) => {
    const left = await openBookmarkStore({ folder, emit: quiet });
    await left.put(entry('a', 'x', 1));
    await using store = await openBookmarkStore({ folder, emit: quiet });
    assert.equal(store.get('a', 'x'), '<Bookmark RecordId="1"/>');
    await left[Symbol.asyncDispose]();
  }));

test('lines cut off or damaged are told of and passed over', () =>
  withFolder(async (folder) => {
    const events: NamedEvent[] = [];
    {
      await using store = await openBookmarkStore({ folder, emit: quiet });
      await store.put(entry('a', 'x', 1));
    }
    const file = join(folder, 'bookmarks.jsonl');
    await appendFile(
      file,
      'nonsense\n{"m":1}\nnull\n{"m":"b","t":2,"s":"x","b":"<B/>"}\n{"m":"a","t":3,"s":"x","b":"<Bo',
    );
    {
      await using store = await openBookmarkStore({
        folder,
        emit: (event) => void events.push(event),
      });
      assert.equal(store.get('a', 'x'), '<Bookmark RecordId="1"/>');
      assert.equal(store.get('b', 'x'), '<B/>');
      assert.match(events[0]?.message ?? '', /^4 lines/);
      await store.put(entry('c', 'x', 9));
    }
    await using store = await openBookmarkStore({ folder, emit: quiet });
    assert.equal(store.get('c', 'x'), '<Bookmark RecordId="9"/>');
    assert.doesNotMatch(await readFile(file, 'utf8'), /nonsense/);
  }));

test('the file does not grow with time', () =>
  withFolder(async (folder) => {
    await using store = await openBookmarkStore({ folder, emit: quiet });
    for (let round = 0; round < 300; round += 1) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => store.put(entry(`pc${index}`, 'x', round))),
      );
    }
    const { size } = await stat(join(folder, 'bookmarks.jsonl'));
    assert.ok(size < 1_200_000, `${size} bytes`);
    assert.equal(store.get('pc99', 'x'), '<Bookmark RecordId="299"/>');
  }));

test('a disk that takes nothing is told of, and nobody waits for it', () =>
  withFolder(async (folder) => {
    const events: NamedEvent[] = [];
    await using store = await openBookmarkStore({
      folder,
      emit: (event) => void events.push(event),
    });
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file in its place');
    await store.put(entry('a', 'x', 1));
    assert.equal(store.get('a', 'x'), '<Bookmark RecordId="1"/>');
    assert.equal(events[0]?.name, 'event-forwarding.bookmarks-unwritten');
    await assert.rejects(openBookmarkStore({ folder, emit: quiet }), {
      code: 'FORWARDING_BOOKMARKS_UNREADABLE',
    });
  }));
