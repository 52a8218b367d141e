/**
 * Measures the listener end to end: `node scripts/run.mjs --script server/src/listeners/event-forwarding/event-forwarding.bench.ts`,
 * with WITNESS_CORPORA set to the folder of public events. Prints one JSON object.
 *
 * - `decode`: reading the same bodies and parsing each event, alone, on one core; events a second of processor time.
 * - `plain`, `compressed`: several computers send over TLS, acknowledged when durable; a real pipeline interprets, and a store
 *   that discards takes the records. Events a second until all is stored, and the processor time of the whole process
 *   (listener, interpreter thread; the computers are another process).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decompressSldc, parseEventXml, parseWsmanRequest } from '../../codecs/index.ts';
import { buildEvents, compressAsWindows } from '../../codecs/testing.ts';
import { createPipeline } from '../../pipeline/index.ts';
import { RAW_INPUTS } from '../../sources/index.ts';
import type { AuditStore } from '../../store/index.ts';
import { createMemoryStore } from '../../store/testing.ts';
import { authorities, openTestForwarding, SUBSCRIPTION } from './testing/open-test-forwarding.ts';
import { nextMessageId, openWindowsClient } from './testing/windows-client.ts';

const MACHINES = 4;
const ROUNDS = 60;
/** About as many as fit into the envelope Windows sends by default. */
const EVENTS_PER_BODY = 170;
const BYTES_MAX = 64_000_000;

interface Task {
  readonly port: number;
  readonly machine: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly isCompressed: boolean;
  readonly bodies: readonly string[];
}

const machineOf = (index: number): string => `pc${index}.example.org`;

const recordedEvents = (corpora: string): readonly string[] => {
  const file = join(corpora, 'wef-transport', 'openwec', '06-events.xml');
  const request = parseWsmanRequest(Buffer.from(readFileSync(file, 'utf8')));
  return request.kind === 'events' ? request.events : [];
};

/** The events of one computer, each with a number of its own. */
const bodyOf = (events: readonly string[], machine: string, round: number): Uint8Array =>
  buildEvents({
    to: '/',
    machineId: machine,
    messageId: nextMessageId(),
    identifier: SUBSCRIPTION.id,
    events: Array.from({ length: EVENTS_PER_BODY }, (_, index) =>
      (events[index % events.length] ?? '')
        .replace(/<Computer>.*?</, `<Computer>${machine}<`)
        .replace(/<EventRecordID>\d+/, `<EventRecordID>${round * EVENTS_PER_BODY + index}`),
    ),
  });

const processorMs = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const perSecond = (count: number, ms: number): number => Math.round((count / ms) * 1000);

const measureDecode = (bodies: readonly Uint8Array[], isCompressed: boolean): number => {
  const before = process.cpuUsage();
  let count = 0;
  for (const body of bodies) {
    const request = parseWsmanRequest(
      isCompressed ? decompressSldc(body, { bytesMax: BYTES_MAX }) : body,
    );
    if (request.kind !== 'events') continue;
    for (const xml of request.events) count += parseEventXml(xml).recordId >= 0 ? 1 : 0;
  }
  return perSecond(count, processorMs(before));
};

/** Counts what it is given. */
const discardingStore = (): AuditStore => ({
  ...createMemoryStore(),
  insert: async ({ records }) => ({ added: records.length, repeated: 0 }),
});

const answerOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.once('message', resolve));

const measureEndToEnd = async (
  bodies: readonly (readonly Uint8Array[])[],
  isCompressed: boolean,
): Promise<object> => {
  const folder = await mkdtemp(join(tmpdir(), 'event-forwarding-bench-'));
  const { ca } = await authorities();
  try {
    await using pipeline = await createPipeline({
      folder,
      store: discardingStore(),
      inputs: RAW_INPUTS,
      emit: () => {},
      clock: Date.now,
      randomBytes,
    });
    await using server = await openTestForwarding({ sink: pipeline, emit: () => {} });
    const children = await Promise.all(
      bodies.map(async (own, index) => {
        const machine = machineOf(index);
        const { cert, key } = await ca.issue({ dnsNames: [machine] });
        const child = fork(fileURLToPath(import.meta.url), ['client']);
        const task: Task = {
          port: server.port,
          machine,
          cert,
          key,
          ca: ca.pem,
          isCompressed,
          bodies: own.map((body) => Buffer.from(body).toString('base64')),
        };
        const ready = answerOf(child);
        child.send(task);
        await ready;
        return child;
      }),
    );
    const before = process.cpuUsage();
    const started = performance.now();
    const statuses = await Promise.all(
      children.map(async (child) => {
        const answer = answerOf(child);
        child.send('start');
        return await answer;
      }),
    );
    const acknowledgedMs = performance.now() - started;
    await pipeline.drained();
    const storedMs = performance.now() - started;
    const events = bodies.length * ROUNDS * EVENTS_PER_BODY;
    return {
      events,
      refused: statuses.reduce((sum: number, count) => sum + Number(count), 0),
      acknowledgedPerSecond: perSecond(events, acknowledgedMs),
      storedPerSecond: perSecond(events, storedMs),
      perSecondOfProcessor: perSecond(events, processorMs(before)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The other process: one computer. */
const runClient = (): void => {
  process.once('message', async (task: Task) => {
    const certificate = { cert: task.cert, key: task.key, serialNumber: '' };
    using client = await openWindowsClient({ ...task, certificate, trusted: task.ca });
    const bodies = task.bodies.map((body) => Buffer.from(body, 'base64'));
    await client.heartbeat();
    process.send?.('ready');
    await new Promise((resolve) => process.once('message', resolve));
    let refused = 0;
    for (const body of bodies) {
      const headers: Record<string, string> = task.isCompressed
        ? { 'Content-Encoding': 'SLDC' }
        : {};
      const { status } = await client.post(body, { headers });
      if (status !== 200) refused += 1;
    }
    process.send?.(refused);
    process.disconnect();
  });
};

const runBench = async (corpora: string): Promise<void> => {
  const events = recordedEvents(corpora);
  const bodies = Array.from({ length: MACHINES }, (_, machine) =>
    Array.from({ length: ROUNDS }, (_, round) => bodyOf(events, machineOf(machine), round)),
  );
  const compressed = bodies.map((own) => own.map((body) => compressAsWindows(body)));
  const figures: Record<string, object> = {};
  for (const [name, sent] of [
    ['plain', bodies],
    ['compressed', compressed],
  ] as const) {
    const isCompressed = name === 'compressed';
    figures[name] = {
      bodyBytes: sent[0]?.[0]?.length,
      decodePerSecond: measureDecode(sent.flat(), isCompressed),
      ...(await measureEndToEnd(sent, isCompressed)),
    };
  }
  console.log(JSON.stringify(figures, undefined, 2));
};

if (process.argv[2] === 'client') runClient();
else if ((process.env.WITNESS_CORPORA ?? '') === '') {
  console.error('Set WITNESS_CORPORA to the folder of public events.');
  process.exitCode = 2;
} else await runBench(process.env.WITNESS_CORPORA ?? '');
