/** When computers were last heard from, which went quiet, and what thousands of them cost. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openBookmarkStore } from './index.ts';
import { createMachineLedger } from './machine-ledger.ts';
import { eventXmls } from './testing/event-xml.ts';
import { openTestForwarding, SUBSCRIPTION } from './testing/open-test-forwarding.ts';
import { pipelineErrorOf } from './testing/pipeline-error.ts';
import { createRecordingSink, type RecordingSink } from './testing/recording-sink.ts';
import { openWindowsClient } from './testing/windows-client.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2024, 4, 6, 7, 0);

/** Waits for what a timer of the listener brings about. */
const until = async (isReached: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 500 && !isReached(); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(isReached(), 'it did not come about in 5 s');
};

const told = (sink: RecordingSink): string[] =>
  sink.told().map(({ action, what, when }) => `${(when - START) / MINUTE_MS} ${action}: ${what}`);

test('a computer that misses three heartbeats went quiet, and comes back', async () => {
  let now = START;
  const sink = createRecordingSink();
  // A heartbeat so short that the listener looks every 10 ms; time passes by the clock of the test.
  const settings = { heartbeatMs: 40, limits: { heartbeatsMissedMax: 30_000 } };
  await using server = await openTestForwarding({ sink, clock: () => now, settings });
  using client = await openWindowsClient(server);
  using other = await openWindowsClient({ ...server, machine: 'pc2.example.org' });
  await client.heartbeat();
  now += 10 * MINUTE_MS;
  await other.enumerate();
  now += 10 * MINUTE_MS;
  await until(() => told(sink).length === 1);
  assert.deepEqual(told(sink), [
    '20 Source went quiet: pc1.example.org: no heartbeat and no events',
  ]);
  assert.deepEqual(server.forwarding.state(), {
    ports: [{ scheme: 'https', address: '127.0.0.1', port: server.port }],
    machines: 2,
    quietMachines: 1,
  });
  now += 5 * MINUTE_MS;
  await client.send(eventXmls(1));
  await until(() => told(sink).length === 2);
  assert.equal(told(sink)[1], '25 Source came back: pc1.example.org: heard from again');
  assert.deepEqual(
    [...server.forwarding.machines()],
    [
      { machine: 'pc2.example.org', lastSeenAt: START + 10 * MINUTE_MS, isQuiet: false },
      { machine: 'pc1.example.org', lastSeenAt: START + 25 * MINUTE_MS, isQuiet: false },
    ],
  );
});

test('what went quiet is told as soon as the disk takes it', async () => {
  let now = START;
  const sink = createRecordingSink();
  const settings = { heartbeatMs: 40, limits: { heartbeatsMissedMax: 30_000 } };
  await using server = await openTestForwarding({ sink, clock: () => now, settings });
  using client = await openWindowsClient(server);
  await client.heartbeat();
  sink.before = () => {
    throw pipelineErrorOf('PIPELINE_DISK_FULL');
  };
  now += 30 * MINUTE_MS;
  await until(() => server.events.some(({ name }) => name === 'event-forwarding.findings-wait'));
  sink.before = () => {};
  await until(() => told(sink).length === 1);
});

test('a computer that does not come back after a restart is missed, with the same record each time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-forwarding-'));
  try {
    let now = START;
    const settings = { heartbeatMs: 40, limits: { heartbeatsMissedMax: 30_000 } };
    const restart = async (use: (port: number, sink: RecordingSink) => Promise<void>) => {
      const sink = createRecordingSink();
      await using server = await openTestForwarding({ sink, folder, clock: () => now, settings });
      await use(server.port, sink);
      return sink;
    };
    await restart(async (port) => {
      using client = await openWindowsClient({ port });
      await client.heartbeat();
    });
    now += 100 * MINUTE_MS;
    const first = await restart(async (_, sink) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      assert.deepEqual(told(sink), [], 'it has time to come back');
      now += 21 * MINUTE_MS;
      await until(() => told(sink).length === 1);
    });
    const second = await restart(async (_, sink) => {
      now += 21 * MINUTE_MS;
      await until(() => told(sink).length === 1);
    });
    assert.deepEqual(second.told(), first.told());
    assert.match(told(first)[0] ?? '', /^20 Source went quiet/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('too many computers: those silent for the longest time are forgotten', () => {
  const ledger = createMachineLedger({
    quietAfterMs: 10,
    machinesMax: 3,
    startedAt: 0,
    known: [['old', -5]],
  });
  for (const machine of ['a', 'b', 'a', 'c']) ledger.touch(machine, 1);
  assert.deepEqual(ledger.overflow(), ['old']);
  ledger.touch('d', 2);
  assert.deepEqual(ledger.overflow(), ['b']);
  assert.deepEqual(
    [...ledger.list()].map(({ machine }) => machine),
    ['a', 'c', 'd'],
  );
});

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const heapMib = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
};

const MACHINES = 5000;
const BOOKMARK = `<BookmarkList>${['Security', 'System', 'Application', 'Directory Service'].map((channel) => `<Bookmark Channel="${channel}" RecordId="123456" IsCurrent="true"/>`).join('')}</BookmarkList>`;

test('5,000 computers with two subscriptions take few megabytes', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'event-forwarding-'));
  try {
    const before = heapMib();
    const filling = await openBookmarkStore({ folder, emit: () => {} });
    let last: Promise<void> = Promise.resolve();
    for (let index = 0; index < MACHINES; index += 1) {
      for (const subscription of [SUBSCRIPTION.id, '319C5353-5F3D-4CD7-A644-F6B69E57C1C1']) {
        const bookmarkXml = BOOKMARK.replaceAll('123456', `${index}`);
        last = filling.put({
          machine: `pc${index}.example.org`,
          subscription,
          bookmarkXml,
          at: START,
        });
      }
    }
    await last;
    await filling[Symbol.asyncDispose]();
    const sink = createRecordingSink();
    await using server = await openTestForwarding({ sink, folder });
    assert.equal(server.forwarding.state().machines, MACHINES);
    using client = await openWindowsClient({ ...server, machine: 'pc4999.example.org' });
    assert.match((await client.enumerate()).text, /RecordId="4999"/);
    const took = heapMib() - before;
    t.diagnostic(`${MACHINES} computers: ${took.toFixed(1)} MiB of heap`);
    assert.ok(took < 32, `${took} MiB`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('300 computers on connections of their own, heartbeats and events at once', async (t) => {
  const sink = createRecordingSink();
  await using server = await openTestForwarding({ sink });
  const { ca } = server;
  const clients = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const machine = `pc${index}.example.org`;
      const certificate = await ca.issue({ dnsNames: [machine] });
      return openWindowsClient({ port: server.port, machine, certificate });
    }),
  );
  const started = performance.now();
  const answers = await Promise.all(
    clients.flatMap((client) => [
      client.heartbeat(),
      client.send(eventXmls(2, 1, client.machine)),
      client.heartbeat(),
    ]),
  );
  t.diagnostic(`900 requests on 300 connections in ${Math.round(performance.now() - started)} ms`);
  for (const client of clients) client[Symbol.dispose]();
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(server.forwarding.state().machines, 300);
  assert.equal(sink.recordIds().length, 600);
  assert.equal(sink.told().length, 0);
  assert.equal(new Set(sink.batches.map(({ origin }) => origin.sender)).size, 300);
});
