/**
 * Measures reading of forwarded events: `node scripts/run.mjs --script server/src/codecs/wsman/wsman.bench.ts`, with
 * WITNESS_CORPORA set to the folder of public events. Prints one JSON object; times are of this process' processor.
 *
 * - `events`: `parseWsmanRequest` on an Events message of so many events of the recorded conversation, UTF-16 and UTF-8;
 *   events and megabytes of body a second.
 * - `sldc`: the same UTF-16 body compressed by the compressor of the tests; megabytes that come out a second.
 * - `whole`: decompressing and reading together, events a second.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decompressSldc, parseWsmanRequest } from '../index.ts';
import { type BodyEncoding, encodeBody } from './body-text.ts';
import { buildEvents, compressAsWindows } from './testing.ts';

const MEGABYTE = 1_000_000;
const BYTES_MAX = 64 * MEGABYTE;
const EVENTS = 2000;
/** The best round counts, since other work on the machine only ever slows. */
const ROUNDS = 15;

const processorMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const best = (work: () => void): number =>
  Math.min(...Array.from({ length: ROUNDS }, () => processorMs(work)));

const perSecond = (count: number, ms: number): number => Math.round((count / ms) * 1000);

const bodyOf = (events: readonly string[], encoding: BodyEncoding): Uint8Array =>
  buildEvents({
    to: 'http://collector.example.org:5985/wsman/subscriptions/1',
    machineId: 'pc1.example.org',
    messageId: 'uuid:31652DEB-C9E8-45D6-B3E8-90AC64D48422',
    identifier: '219C5353-5F3D-4CD7-A644-F6B69E57C1C1',
    events: Array.from({ length: EVENTS }, (_, index) => events[index % events.length] ?? ''),
    encoding,
  });

const measureEvents = (body: Uint8Array): object => {
  const ms = best(() => parseWsmanRequest(body));
  return {
    events: EVENTS,
    bytes: body.length,
    eventsPerSecond: perSecond(EVENTS, ms),
    megabytesPerSecond: perSecond(body.length / MEGABYTE, ms),
  };
};

const runBench = (corpora: string): void => {
  const recorded = readFileSync(join(corpora, 'wef-transport', 'openwec', '06-events.xml'), 'utf8');
  const request = parseWsmanRequest(encodeBody(recorded, 'utf-16le'));
  if (request.kind !== 'events') return;
  const utf16 = bodyOf(request.events, 'utf-16le');
  const compressed = compressAsWindows(utf16);
  const openMs = best(() => decompressSldc(compressed, { bytesMax: BYTES_MAX }));
  const wholeMs = best(() =>
    parseWsmanRequest(decompressSldc(compressed, { bytesMax: BYTES_MAX })),
  );
  const figures = {
    events: {
      utf16: measureEvents(utf16),
      utf8: measureEvents(bodyOf(request.events, 'utf-8')),
    },
    sldc: {
      bytes: compressed.length,
      megabytesPerSecond: perSecond(utf16.length / MEGABYTE, openMs),
    },
    whole: { eventsPerSecond: perSecond(EVENTS, wholeMs) },
  };
  console.log(JSON.stringify(figures, undefined, 2));
};

const corpora = process.env.WITNESS_CORPORA ?? '';
if (corpora === '') {
  console.error('Set WITNESS_CORPORA to the folder of public events.');
  process.exitCode = 2;
} else runBench(corpora);
