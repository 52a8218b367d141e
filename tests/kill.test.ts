/** kill -9 of the server, or of its engine, in the midst of writing: nothing acknowledged is lost, nothing is there by half. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  childrenOf,
  enumerateAll,
  type RunningServer,
  recordBody,
  searchAll,
  startCommand,
  startServer,
  temporaryFolder,
  witness,
} from './witness-process.ts';

const KILLS = 20;
/** Every so many times the engine is killed instead of the server. */
const ENGINE_EVERY = 4;
const IMPORT_EVERY = 5;
const CONNECTIONS = 4;
const BATCH_RECORDS = 50;
const PADDING = 'x'.repeat(300);
const WRITE_MS = { min: 100, max: 900 };

const seed = Number(process.env.WITNESS_TEST_SEED ?? Date.now() % 2 ** 31);

/** mulberry32: a small generator with a seed, from 0 to 1. */
const createRandom = (start: number) => {
  let state = start;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Sent {
  readonly batch: string;
  /** What the server said; undefined when it was gone before it answered. */
  status: number | undefined;
}

/** Writes batch after batch until told to stop or until the server is gone. */
const writeOn = async (
  server: RunningServer,
  { sent, name, isOver }: { sent: Sent[]; name: string; isOver: () => boolean },
): Promise<void> => {
  for (let index = 0; !isOver(); index += 1) {
    const batch = `${name}.${index}`;
    const one: Sent = { batch, status: undefined };
    sent.push(one);
    const body = JSON.stringify(
      Array.from({ length: BATCH_RECORDS }, (_, place) =>
        recordBody(`${batch}#${place}`, { Workstation: PADDING }),
      ),
    );
    try {
      one.status = (await server.api('POST', '/activity_records/?format=json', body)).status;
    } catch {
      if (isOver()) return;
      await wait(20);
    }
  }
};

test(`${KILLS} kills while everybody writes (WITNESS_TEST_SEED=${seed})`, {
  timeout: 170_000,
}, async (t) => {
  const random = createRandom(seed);
  const home = temporaryFolder(t);
  const data = join(home, 'data');
  const sent: Sent[] = [];
  const imported: string[] = [];
  let server = await startServer({ data });
  t.after(() => server[Symbol.asyncDispose]());

  for (let round = 1; round <= KILLS; round += 1) {
    const isEngine = round % ENGINE_EVERY === 0;
    let isOver = false;
    const writers = Array.from({ length: CONNECTIONS }, (_, connection) =>
      writeOn(server, { sent, name: `r${round}c${connection}`, isOver: () => isOver }),
    );
    const importing = round % IMPORT_EVERY === 0 ? startImport(home, data, round) : undefined;
    if (importing) imported.push(importing.name);
    // Every other time only after something was acknowledged, however slow the machine is.
    if (round % 2 === 1) await untilAcknowledged(sent, `r${round}c`);
    await wait(WRITE_MS.min + random() * (WRITE_MS.max - WRITE_MS.min));
    if (isEngine) {
      const [engine] = childrenOf(server.child.pid ?? 0);
      assert.ok(engine, 'the engine is a process of its own');
      process.kill(engine, 'SIGKILL');
      // The server lives on and stores what waits once the engine is back.
      await wait(200 + random() * 800);
      assert.equal(server.child.exitCode, null);
      isOver = true;
      await Promise.all(writers);
    } else {
      isOver = true;
      await server.kill();
      await Promise.all(writers);
    }
    importing?.started.child.kill('SIGKILL');
    await importing?.started.result;
    if (isEngine) continue;
    server = await startServer({ data });
  }

  for (const name of imported) {
    const { code, error } = await witness(['import', join(home, name), '--data', data]);
    assert.equal(code, 0, error);
  }
  await checkAll(server, { sent, imported });
});

const untilAcknowledged = async (sent: readonly Sent[], prefix: string): Promise<void> => {
  const isThere = ({ batch, status }: Sent) => status === 200 && batch.startsWith(prefix);
  while (!sent.some(isThere)) await wait(10);
};

const IMPORT_RECORDS = 3_000;

const startImport = (home: string, data: string, round: number) => {
  const name = `imported-${round}.ndjson`;
  const lines = Array.from(
    { length: IMPORT_RECORDS },
    (_, index) => `${JSON.stringify(recordBody(`${name}#${index}`))}\n`,
  );
  writeFileSync(join(home, name), lines.join(''));
  return { name, started: startCommand(['import', join(home, name), '--data', data]) };
};

const checkAll = async (
  server: RunningServer,
  { sent, imported }: { sent: readonly Sent[]; imported: readonly string[] },
): Promise<void> => {
  const all = await enumerateAll(server);
  const badges = all.filter(({ ObjectType }) => ObjectType === 'Badge');
  assert.equal(new Set(all.map(({ RID }) => RID)).size, all.length, 'a RID is there twice');

  const times = new Map<string, number>();
  for (const { What } of badges) times.set(What, (times.get(What) ?? 0) + 1);
  const twice = [...times].filter(([, count]) => count > 1);
  assert.deepEqual(twice.slice(0, 3), [], `${twice.length} records are there more than once`);

  const perBatch = new Map<string, number>();
  for (const { What, Workstation } of badges as readonly { What: string; Workstation?: string }[]) {
    const batch = What.slice(0, What.indexOf('#'));
    perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
    if (!batch.startsWith('imported')) assert.equal(Workstation, PADDING, What);
  }
  const acknowledged = sent.filter(({ status }) => status === 200);
  assert.ok(
    acknowledged.length >= KILLS / 2,
    `only ${acknowledged.length} batches were acknowledged`,
  );
  for (const { batch } of acknowledged) {
    assert.equal(perBatch.get(batch), BATCH_RECORDS, `${batch} was acknowledged`);
  }
  const unanswered = sent.filter(({ status }) => status !== 200);
  for (const { batch, status } of unanswered) {
    const there = perBatch.get(batch) ?? 0;
    assert.ok(there === 0 || there === BATCH_RECORDS, `${batch} (${status}): ${there} records`);
    if (status !== undefined) assert.equal(there, 0, `${batch} was refused with ${status}`);
  }
  for (const name of imported) assert.equal(perBatch.get(name), IMPORT_RECORDS, name);
  const known = new Set([...sent.map(({ batch }) => batch), ...imported]);
  for (const batch of perBatch.keys()) assert.ok(known.has(batch), `${batch} was never sent`);

  const found = await searchAll(server, { ObjectType: { Equals: 'Badge' } });
  assert.equal(found.length, badges.length, 'search and enumeration find the same');
  console.log(
    `${acknowledged.length} batches acknowledged, ${unanswered.length} not, of which ` +
      `${unanswered.filter(({ batch }) => perBatch.has(batch)).length} are there; ${badges.length} records`,
  );
};
