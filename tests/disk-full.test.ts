/** A disk that fills up: senders are told to wait, nothing acknowledged is lost, and work goes on when there is room again. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type Answer,
  enumerateAll,
  type RunningServer,
  recordBody,
  searchAll,
  startServer,
} from './witness-process.ts';

const MEGABYTE = 1024 * 1024;
/** The engine of an empty store takes a few megabytes; the rest is for records, and for what it merges. */
const DISK_BYTES = 400 * MEGABYTE;
/** The smallest that can be set. */
const FREE_BYTES_MIN = 64 * MEGABYTE;
const ROOM_FOR_RECORDS = 24 * MEGABYTE;
const BATCH_RECORDS = 500;
const PADDING_BYTES = 1_500;
const CONNECTIONS = 3;

/** A small disk of its own; undefined after the test was skipped. */
const smallDisk = (t: TestContext): string | undefined => {
  const unable = (reason: string): undefined => {
    if (process.env.CI) assert.fail(`cannot be tested: ${reason}`);
    t.skip(reason);
    return undefined;
  };
  if (process.platform !== 'linux') return unable('a tmpfs needs Linux');
  if (process.getuid?.() !== 0) return unable('mounting a tmpfs needs root');
  const folder = mkdtempSync(join(tmpdir(), 'witness-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], {
      stdio: 'pipe',
    });
  } catch (error) {
    rmSync(folder, { recursive: true });
    return unable(`a tmpfs cannot be mounted here: ${String(error).split('\n')[0]}`);
  }
  t.after(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** Fills the disk up to so many free bytes; 0 is to the last block. */
const fill = (disk: string, leftBytes: number): string => {
  const path = join(disk, `ballast-${leftBytes}`);
  const file = openSync(path, 'w');
  const block = Buffer.alloc(256 * 1024);
  try {
    while (freeBytes(disk) > leftBytes) {
      writeSync(
        file,
        block,
        0,
        Math.min(block.length, Math.max(freeBytes(disk) - leftBytes, 4096)),
      );
    }
    fsyncSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
  return path;
};

const WRITE = '/activity_records/?format=json';

/** A batch that no compression makes small. */
const bodyOf = (batch: string): string =>
  JSON.stringify(
    Array.from({ length: BATCH_RECORDS }, (_, index) =>
      recordBody(`${batch}#${index}`, {
        Workstation: randomBytes(PADDING_BYTES).toString('base64'),
      }),
    ),
  );

const checkErrorList = (answer: Answer): void => {
  const [fault] = JSON.parse(answer.body).ErrorList;
  assert.equal(fault.Category, 'ServerError', answer.body);
  assert.ok(fault.Description.length > 10, answer.body);
  assert.doesNotMatch(answer.body, /\/tmp\/|node:|\.ts\b/);
};

interface Writer {
  readonly server: RunningServer;
  /** Status by batch. */
  readonly answers: Map<string, number>;
  write(batch: string): Promise<Answer>;
}

/** A server on a small disk, and somebody who writes to it. */
const startOn = async (t: TestContext, disk: string): Promise<Writer> => {
  const server = await startServer({
    data: join(disk, 'data'),
    args: ['--set', `limits.freeBytesMin=${FREE_BYTES_MIN / MEGABYTE} MB`],
  });
  t.after(() => server[Symbol.asyncDispose]());
  const answers = new Map<string, number>();
  return {
    server,
    answers,
    write: async (batch) => {
      const answer = await server.api('POST', WRITE, bodyOf(batch));
      if (answer.status !== 200) {
        assert.equal(answer.status, 503, answer.body);
        checkErrorList(answer);
      }
      answers.set(batch, answer.status);
      return answer;
    },
  };
};

/** What was acknowledged is there once and whole, what was refused is not there at all. */
const checkAll = async (
  server: Pick<RunningServer, 'api'>,
  answers: ReadonlyMap<string, number>,
): Promise<void> => {
  const perBatch = new Map<string, number>();
  for (const { What } of await enumerateAll(server)) {
    const batch = What.slice(0, What.indexOf('#'));
    perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
  }
  for (const [batch, status] of answers) {
    const expected = status === 200 ? BATCH_RECORDS : 0;
    assert.equal(perBatch.get(batch) ?? 0, expected, `${batch}: ${status}`);
  }
};

const countOf = (answers: ReadonlyMap<string, number>, wanted: number): number =>
  [...answers.values()].filter((status) => status === wanted).length;

const writeUntil = async ({ write }: Writer, name: string, status: number): Promise<void> => {
  for (let index = 0; (await write(`${name}.${index}`)).status !== status; index += 1) {
    await pause(status === 200 ? 200 : 0);
  }
};

test('the disk fills up while records arrive', { timeout: 120_000 }, async (t) => {
  const disk = smallDisk(t);
  if (!disk) return;
  const writer = await startOn(t, disk);
  const { server, answers } = writer;
  assert.equal((await writer.write(FIRST)).status, 200);

  const ballast = fill(disk, FREE_BYTES_MIN + ROOM_FOR_RECORDS);
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => writeUntil(writer, `c${index}`, 503)),
  );
  assert.ok(countOf(answers, 200) > CONNECTIONS, 'something was taken before');
  assert.equal((await server.console('/readyz')).status, 503);
  await checkSearch(server, { mayFail: false });

  // Somebody else takes even what Witness leaves free.
  const rest = fill(disk, 0);
  assert.equal((await writer.write('on a full disk')).status, 503);
  await checkSearch(server, { mayFail: true });
  assert.equal((await server.console('/healthz')).status, 200);
  assert.equal(server.child.exitCode, null);

  rmSync(rest);
  rmSync(ballast);
  await writeUntil(writer, 'after room was made', 200);
  await checkSearch(server, { mayFail: false });
  await checkAll(server, answers);
  t.diagnostic(`${countOf(answers, 200)} batches acknowledged, ${countOf(answers, 503)} refused`);
  assert.equal(await server.stop(), 0, server.log());
});

/** What is free is not looked at before every write, so that the spool and the engine meet a disk without a block. */
test('the disk is full all at once, in the midst of writing', { timeout: 120_000 }, async (t) => {
  const disk = smallDisk(t);
  if (!disk) return;
  const writer = await startOn(t, disk);
  const { server, answers } = writer;
  let isOver = false;
  const writing = Array.from({ length: CONNECTIONS }, async (_, connection) => {
    for (let index = 0; !isOver; index += 1) {
      const { status } = await writer.write(`c${connection}.${index}`);
      if (status !== 200) await pause(50);
    }
  });
  await pause(1_000);
  const ballast = fill(disk, 0);
  await pause(2_000);
  rmSync(ballast);
  await pause(1_500);
  isOver = true;
  await Promise.all(writing);
  assert.ok(countOf(answers, 200) > 0 && countOf(answers, 503) > 0, String([...answers.values()]));
  assert.equal(server.child.exitCode, null);

  await t.test('everything is found again without anybody doing anything', () =>
    eventually(() => checkAll(server, answers)),
  );
  await server.kill();
  const next = await startServer({ data: join(disk, 'data') });
  t.after(() => next[Symbol.asyncDispose]());
  await checkAll(next, answers);
  t.diagnostic(`${countOf(answers, 200)} batches acknowledged, ${countOf(answers, 503)} refused`);
});

const RECOVERY_MS = 60_000;

/** The engine starts again by itself when a merge met the full disk; until then reading is refused. */
const eventually = async (check: () => Promise<void>): Promise<void> => {
  const endsAt = Date.now() + RECOVERY_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > endsAt) throw error;
      await pause(500);
    }
  }
};

const FIRST = 'while there is room';

/** Search works, or says in the error's own form that it does not. */
const checkSearch = async (
  server: RunningServer,
  { mayFail }: { readonly mayFail: boolean },
): Promise<void> => {
  const FilterList = { What: { StartsWith: FIRST } };
  const body = JSON.stringify({ FilterList });
  const answer = await server.api('POST', '/activity_records/search?format=json', body);
  if (mayFail && answer.status !== 200) {
    assert.ok([500, 503].includes(answer.status), `${answer.status}`);
    checkErrorList(answer);
    return;
  }
  assert.equal(answer.status, 200, answer.body);
  assert.equal((await searchAll(server, FilterList)).length, BATCH_RECORDS);
};
