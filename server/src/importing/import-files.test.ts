/** Files into a sink that takes, refuses, waits or fails: counts, order, resuming, and what becomes of damage. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { defineErrors } from '@witness/record';
import type { SubmittedBatch } from '../pipeline/index.ts';
import {
  createImportJournal,
  type ImportCounts,
  type ImportDamage,
  type ImportJournal,
  type ImportOptions,
  importFiles,
  listImportFiles,
} from './index.ts';

/** Several batches, of a few pieces each. */
const MANY = 12_000;
const BATCH_EVENTS_MAX = 6_000;
const PADDING = 'x'.repeat(40);

const testError = defineErrors({
  SINK_BUSY: { message: 'Busy', advice: '', retry: 'later' },
  SINK_REFUSES: { message: 'Refused', advice: '', retry: 'never' },
});

const line = (index: number): string => `{"Who":"${PADDING}","What":"${index}"}\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i)).join('');

interface Bench {
  readonly folder: string;
  readonly journal: ImportJournal;
  /** Batches the sink has taken, by input. */
  readonly taken: SubmittedBatch[];
  readonly events: (input?: string) => string[];
  readonly damage: ImportDamage[];
  readonly resumed: number[];
  write(name: string, text: string | Buffer): string;
  run(paths: readonly string[], options?: Partial<ImportOptions>): Promise<ImportCounts>;
}

const createBench = (t: TestContext): Bench => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-import-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const journal = createImportJournal(folder);
  const taken: SubmittedBatch[] = [];
  const damage: ImportDamage[] = [];
  const resumed: number[] = [];
  let now = 0;
  return {
    folder,
    journal,
    taken,
    damage,
    resumed,
    events: (input = 'activity-record-line') =>
      taken
        .filter((batch) => batch.input === input)
        .flatMap((batch) => batch.events.map((event) => Buffer.from(event).toString('utf8'))),
    write: (name, text) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    run: async (paths, options = {}) =>
      importFiles({
        files: (await listImportFiles(paths)).files,
        submit: async (batch) => {
          taken.push(batch);
          return { added: batch.events.length, repeated: 0, rejected: 0 };
        },
        journal,
        clock: () => now,
        randomBytes: (count) => new Uint8Array(count).fill(7),
        wait: async (ms) => {
          now += ms;
        },
        onDamage: (_file, each) => damage.push(each),
        onResume: (_file, offset) => resumed.push(offset),
        ...options,
      }),
  };
};

test('everything of every file, in batches, with counts and progress', async (t) => {
  const bench = createBench(t);
  const paths = [bench.write('a.ndjson', lines(MANY)), bench.write('b.ndjson', `${line(0)}\n \n`)];
  const progress: ImportCounts[] = [];
  const perFile: number[] = [];
  const counts = await bench.run(paths, {
    onProgress: (soFar) => progress.push({ ...soFar }),
    onFile: (_file, own) => perFile.push(own.added),
  });
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const expected = {
    bytes,
    events: MANY + 1,
    added: MANY + 1,
    repeated: 0,
    rejected: 0,
    damage: 0,
  };
  assert.deepEqual(counts, expected);
  assert.deepEqual(perFile, [MANY, 1]);
  assert.deepEqual(progress.at(-1), expected);
  const doneBytes = progress.map((each) => each.bytes);
  assert.deepEqual(
    doneBytes,
    doneBytes.toSorted((a, b) => a - b),
    'it only goes forward',
  );
  assert.deepEqual(bench.events(), `${lines(MANY)}${line(0)}`.trimEnd().split('\n'));
  for (const batch of bench.taken) {
    assert.ok(batch.events.length <= BATCH_EVENTS_MAX);
    assert.match(batch.batchId, /^(07){16}$/);
    assert.equal(batch.origin.listener, 'import');
    assert.ok(paths.includes(batch.origin.sender));
  }
  assert.deepEqual(readdirSync(bench.folder).sort(), ['a.ndjson', 'b.ndjson'], 'no page is left');
});

test('under back-pressure the same batch is sent again', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.ndjson', lines(MANY));
  let refusals = 0;
  const waiting: unknown[] = [];
  const counts = await bench.run([path], {
    submit: async (batch) => {
      if (refusals < 20) {
        refusals += 1;
        throw testError('SINK_BUSY');
      }
      bench.taken.push(batch);
      return { added: batch.events.length, repeated: 0, rejected: 0 };
    },
    onWaiting: (fault) => waiting.push(fault),
  });
  assert.equal(counts.added, MANY);
  assert.equal(waiting.length, 20);
  assert.deepEqual(bench.events().toSorted(), lines(MANY).trimEnd().split('\n').toSorted());
});

test('nobody waits for ever: after a while without progress it gives up, and keeps the place', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.ndjson', lines(MANY));
  let waits = 0;
  const stuck = bench.run([path], {
    submit: async (batch) => {
      if (bench.taken.length > 0) throw testError('SINK_BUSY');
      bench.taken.push(batch);
      return { added: batch.events.length, repeated: 0, rejected: 0 };
    },
    onWaiting: () => {
      waits += 1;
    },
  });
  await assert.rejects(stuck, { code: 'SINK_BUSY' });
  assert.ok(waits > 200, `${waits}`);
  const [file] = (await listImportFiles([path])).files;
  assert.ok(file && bench.journal.position(file) > 0);
});

test('what is refused for good ends it; nothing behind it counts as done', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.ndjson', lines(MANY));
  let refused: string | undefined;
  const failing = bench.run([path], {
    submit: async (batch) => {
      const first = Buffer.from(batch.events[0] ?? '').toString();
      if (bench.taken.length === 1) refused ??= first;
      if (first === refused) throw testError('SINK_REFUSES');
      bench.taken.push(batch);
      return { added: batch.events.length, repeated: 0, rejected: 0 };
    },
  });
  await assert.rejects(failing, { code: 'SINK_REFUSES' });
  const [file] = (await listImportFiles([path])).files;
  const [first] = bench.taken;
  const stored = first?.events.length ?? 0;
  const position = Buffer.byteLength(lines(stored));
  assert.ok(bench.taken.length > 1, 'batches behind it were stored');
  assert.equal(file && bench.journal.position(file), position);

  bench.taken.length = 0;
  const counts = await bench.run([path]);
  assert.deepEqual(bench.resumed, [position]);
  assert.equal(counts.events, MANY - stored);
  assert.equal(bench.events()[0], refused);
  assert.equal(file && bench.journal.position(file), 0, 'a finished file has no page');
});

test('a signal ends it; what was stored is remembered', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.ndjson', lines(MANY * 4));
  const ending = new AbortController();
  const stopped = bench.run([path], {
    signal: ending.signal,
    submit: async (batch) => {
      bench.taken.push(batch);
      if (bench.taken.length === 3) ending.abort();
      return { added: batch.events.length, repeated: 0, rejected: 0 };
    },
  });
  await assert.rejects(stopped, { name: 'AbortError' });
  const stored = bench.events().length;
  const counts = await bench.run([path]);
  assert.ok(bench.resumed[0], 'it goes on');
  assert.ok(counts.events < MANY * 4);
  assert.equal(new Set(bench.events()).size, MANY * 4, 'nothing is left out');
  assert.ok(stored > 0);
});

test('a file that changed since is read from its beginning', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.ndjson', lines(10));
  const [file] = (await listImportFiles([path])).files;
  assert.ok(file);
  bench.journal.advance(file, 50);
  assert.equal(bench.journal.position(file), 50);
  utimesSync(path, 1, 1);
  assert.equal((await bench.run([path])).events, 10);
  assert.deepEqual(bench.resumed, []);
});

test('a journal that cannot be written or read only costs time', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.ndjson', lines(3));
  const [file] = (await listImportFiles([path])).files;
  assert.ok(file);
  const nowhere = createImportJournal(join(bench.folder, 'absent'));
  nowhere.advance(file, 5);
  assert.equal(nowhere.position(file), 0);
  nowhere.finish(file);
  bench.journal.advance(file, 5);
  for (const name of readdirSync(bench.folder).filter((each) => each.endsWith('.json'))) {
    writeFileSync(join(bench.folder, name), '{"path":');
  }
  assert.equal(bench.journal.position(file), 0);
});

const EVENT =
  '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System/></Event>';

test('damage becomes a record, the same for the same file', async (t) => {
  const bench = createBench(t);
  const path = bench.write('a.xml', `<Events>${EVENT}${EVENT}<Event>`);
  const counts = await bench.run([path]);
  assert.deepEqual([counts.events, counts.added, counts.damage], [2, 2, 1]);
  assert.equal(bench.events('windows-event-xml').length, 2);
  const [record] = bench.events().map((text) => JSON.parse(text));
  assert.equal(record.Action, 'Gap found');
  assert.equal(record.ObjectType, 'Completeness');
  assert.ok(record.What.startsWith(`${path}: `), record.What);
  assert.match(record.What, /the rest of the file was not read \(offset \d+\)$/);
  const code = record.DetailList.find(
    (each: { PropertyName: string }) => each.PropertyName === 'Code',
  );
  assert.match(code.After, /^EVENT_XML_/);
  assert.equal(bench.damage.length, 1);
  const first = bench.events();
  await bench.run([path]);
  assert.deepEqual(bench.events(), [...first, ...first], 'again the very same text');
});

test('a line that is too long, and a file in UTF-16', async (t) => {
  const bench = createBench(t);
  const huge = bench.write('a.ndjson', `${'x'.repeat(17 * 1024 * 1024)}\n${line(1)}`);
  const counts = await bench.run([huge]);
  assert.deepEqual([counts.events, counts.damage], [1, 1]);
  assert.equal(bench.damage[0]?.code, 'IMPORT_LINE_TOO_LONG');
  const wide = bench.write('b.ndjson', Buffer.from(`\ufeff${lines(3)}`, 'utf16le'));
  assert.deepEqual((await bench.run([wide])).events, 0);
  assert.equal(bench.damage[1]?.code, 'IMPORT_ENCODING_UNSUPPORTED');
});

test('a file that is gone when its turn comes is damage, and the others are read', async (t) => {
  const bench = createBench(t);
  const paths = [bench.write('a.ndjson', lines(1)), bench.write('b.ndjson', lines(2))];
  const { files } = await listImportFiles(paths);
  rmSync(paths[0] ?? '');
  const counts = await bench.run([], { files });
  assert.deepEqual([counts.added, counts.damage], [2, 1]);
  assert.match(bench.damage[0]?.reason ?? '', /Cannot read .*a\.ndjson: ENOENT/);
});
