/**
 * Measures decoding of real files: `node scripts/run.mjs --script server/src/codecs/evtx/evtx.bench.ts`, with
 * WITNESS_CORPORA set to the folder of public events. Prints one JSON object.
 *
 * - `decoding`: to `WindowsEvent` values in this process, all template-based files, MB of chunk bytes in use (unused space
 *   in chunks and unused chunks do not count) and events a second of processor time.
 * - `eventXml`: `parseEventXml` on what those events are in canonical event XML.
 * - `processes`: files to event XML by whole processes, start included, one after the other in the same run: ours,
 *   `evtxexport`, `evtx_dump.py`; megabytes of file a second of wall time. `files` are the larger ones of the corpus, one
 *   process each, where the start counts most; `concatenated` is one log of 64 MB made of their chunks, and of 8 MB for Python,
 *   which would take minutes for more.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeEvtx, eventToXml, parseEventXml } from '../index.ts';
import { buildEvtx, sealFileHeader } from './testing.ts';

const MEGABYTE = 1_000_000;
const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65_536;
/** Rounds over the corpus; the best counts, since other work on the machine only ever slows. */
const ROUNDS = 12;

const usedBytesOf = (chunk: Buffer): number =>
  chunk.toString('latin1', 0, 7) === 'ElfChnk' ? chunk.readUInt32LE(48) : 0;

const usedBytes = (bytes: Buffer): number => {
  let used = 0;
  for (let at = HEADER_BYTES; at + CHUNK_BYTES <= bytes.length; at += CHUNK_BYTES) {
    used += usedBytesOf(bytes.subarray(at, at + CHUNK_BYTES));
  }
  return used;
};

/** Processor milliseconds of one call. */
const processorMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const best = (work: () => void): number =>
  Math.min(...Array.from({ length: ROUNDS }, () => processorMs(work)));

const eventsOf = (bytes: Uint8Array): number => {
  let events = 0;
  for (const result of decodeEvtx(bytes)) events += result.events.length;
  return events;
};

const measureDecoding = (files: readonly Buffer[]): object => {
  const megabytes = files.reduce((sum, bytes) => sum + usedBytes(bytes), 0) / MEGABYTE;
  const events = files.reduce((sum, bytes) => sum + eventsOf(bytes), 0);
  const ms = best(() => {
    for (const bytes of files) eventsOf(bytes);
  });
  return {
    events,
    megabytes: Math.round(megabytes),
    megabytesPerSecond: Math.round((megabytes / ms) * 1000),
    eventsPerSecond: Math.round((events / ms) * 1000),
  };
};

const measureXml = (files: readonly Buffer[]): object => {
  const texts = files.flatMap((bytes) =>
    [...decodeEvtx(bytes)].flatMap((result) => result.events.map(eventToXml)),
  );
  const ms = best(() => texts.forEach(parseEventXml));
  return { events: texts.length, eventsPerSecond: Math.round((texts.length / ms) * 1000) };
};

/** Megabytes a second of wall time; `undefined` when the program is not there. */
const measureProcess = (
  paths: readonly string[],
  commandOf: (path: string) => readonly [string, ...string[]],
): number | undefined => {
  const megabytes = paths.reduce((sum, path) => sum + statSync(path).size, 0) / MEGABYTE;
  const from = performance.now();
  for (const path of paths) {
    const [command, ...args] = commandOf(path);
    const { error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    if (error) return undefined;
  }
  return Number(((megabytes / (performance.now() - from)) * 1000).toFixed(2));
};

const ourXml = (path: string): readonly [string, ...string[]] => [
  process.execPath,
  fileURLToPath(import.meta.url),
  '--xml',
  path,
];
const evtxexportXml = (path: string): readonly [string, ...string[]] => [
  'evtxexport',
  '-f',
  'xml',
  path,
];
const pythonXml = (path: string): readonly [string, ...string[]] => [
  '/usr/bin/python3',
  '/usr/bin/evtx_dump.py',
  path,
];

const ratio = (ours: number | undefined, theirs: number | undefined): number | undefined =>
  ours && theirs && Number((ours / theirs).toFixed(1));

const LARGE_BYTES = 1_000_000;

const measureFiles = (paths: readonly string[]): object => {
  const large = paths.filter((path) => statSync(path).size > LARGE_BYTES);
  const ours = measureProcess(large, ourXml);
  const evtxexport = measureProcess(large, evtxexportXml);
  const python = measureProcess(large, pythonXml);
  return {
    files: large.length,
    megabytesPerSecond: { ours, evtxexport, python },
    timesAsFast: { evtxexport: ratio(ours, evtxexport), python: ratio(ours, python) },
  };
};

const CONCATENATED_BYTES = 64 * 1024 * 1024;
/** Python takes a minute for what the others do in a second. */
const CONCATENATED_FOR_PYTHON_BYTES = 8 * 1024 * 1024;

/** One clean log of the sound chunks of all files, again and again up to a size as real logs have. */
const concatenate = (files: readonly Buffer[], size: number): Buffer => {
  const chunks = files.flatMap((bytes) =>
    Array.from({ length: bytes.readUInt16LE(42) }, (_, index) => {
      const at = HEADER_BYTES + index * CHUNK_BYTES;
      return bytes.subarray(at, at + CHUNK_BYTES);
    }).filter((chunk) => chunk.length === CHUNK_BYTES && usedBytesOf(chunk) > CHUNK_BYTES / 2),
  );
  const count = Math.ceil(size / CHUNK_BYTES);
  const header = buildEvtx([]);
  header.writeBigUInt64LE(BigInt(count - 1), 16);
  header.writeUInt16LE(count, 42);
  sealFileHeader(header);
  const repeated = Array.from(
    { length: count },
    (_, index) => chunks[index % chunks.length] as Buffer,
  );
  return Buffer.concat([header, ...repeated]);
};

const measureConcatenated = (files: readonly Buffer[]): object => {
  const folder = mkdtempSync(join(tmpdir(), 'witness-evtx-bench-'));
  try {
    const path = join(folder, 'large.evtx');
    const bytes = concatenate(files, CONCATENATED_BYTES);
    writeFileSync(path, bytes);
    const events = eventsOf(bytes);
    const ours = measureProcess([path], ourXml);
    const evtxexport = measureProcess([path], evtxexportXml);
    writeFileSync(path, concatenate(files, CONCATENATED_FOR_PYTHON_BYTES));
    const oursOfSmaller = measureProcess([path], ourXml);
    const python = measureProcess([path], pythonXml);
    return {
      events,
      megabytesPerSecond: { ours, evtxexport, oursOfSmaller, python },
      timesAsFast: { evtxexport: ratio(ours, evtxexport), python: ratio(oursOfSmaller, python) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Collector files, and the damaged one, are no measure of templates and are refused by the counterparts. */
const isTemplateBased = (path: string): boolean =>
  !/[/\\]evtx-parser[/\\]|ID1149-RDP_success_logins_to_multiple_hosts/.test(path);

const writeXml = (path: string): void => {
  for (const { events } of decodeEvtx(readFileSync(path))) {
    process.stdout.write(events.map(eventToXml).join('\n'));
  }
};

const runBench = (): void => {
  const corpora = process.env.WITNESS_CORPORA ?? '';
  if (corpora === '' || !existsSync(corpora)) {
    console.error('Set WITNESS_CORPORA to the folder of public events.');
    process.exitCode = 2;
    return;
  }
  const paths = globSync(join(corpora, '**/*.evtx')).sort().filter(isTemplateBased);
  const files = paths.map((path) => readFileSync(path));
  const figures = {
    decoding: measureDecoding(files),
    eventXml: measureXml(files),
    processes: { files: measureFiles(paths), concatenated: measureConcatenated(files) },
  };
  console.log(JSON.stringify(figures, undefined, 2));
};

const [, , flag, path] = process.argv;
if (flag === '--xml' && path !== undefined) writeXml(path);
else runBench();
