/** What holds of every .evtx file of the public corpora, by our own means; `peers.test.ts` compares with others. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  decodeEvtx,
  eventFromJson,
  eventToJson,
  eventToXml,
  parseEventXml,
  type WindowsEvent,
} from '../index.ts';
import { parseFragment } from './binxml-parser.ts';
import { createChunkContext } from './chunk-context.ts';
import { decodeEvtxBy } from './decode-evtx.ts';
import { planOf, readPlannedEvent } from './planned-event.ts';
import { readInstance } from './template-instance.ts';
import { createTemplateLibrary } from './template-library.ts';

const CORPORA = process.env.WITNESS_CORPORA ?? '';
const isAbsent = CORPORA === '' || !existsSync(CORPORA);
const skip = isAbsent
  ? 'corpora absent: set WITNESS_CORPORA to the folder of public events'
  : false;
const files = isAbsent ? [] : globSync(join(CORPORA, '**/*.evtx')).sort();

const eventsOf = (path: string): WindowsEvent[] =>
  [...decodeEvtx(readFileSync(path))].flatMap(({ events }) => events);

test('the short way through plans gives what the general way through trees gives', { skip }, () => {
  for (const path of files) {
    const bytes = readFileSync(path);
    assert.deepEqual([...decodeEvtxBy('plan', bytes)], [...decodeEvtxBy('tree', bytes)], path);
  }
});

/** Rows of the tables that the collectors of the corpus wrote: file name, path, number of events. */
const listedCounts = (folder: string): Map<string, number> => {
  const source = join(folder, 'SOURCE.md');
  const text = existsSync(source) ? readFileSync(source, 'utf8') : '';
  const rows = text.matchAll(/^\| (\S+\.evtx) \|[^|]*\| (\d+) \|/gm);
  return new Map([...rows].map(([, name = '', count]) => [name, Number(count)]));
};

/** Where we read more than the publisher's list: see `peers.test.ts`. */
const MORE_THAN_LISTED: Readonly<Record<string, number>> = {
  'sample_with_a_bad_chunk_magic.evtx': 381,
};

test('as many events as the lists beside the files say', { skip }, () => {
  let listed = 0;
  for (const path of files) {
    const count = listedCounts(dirname(path)).get(basename(path));
    if (count === undefined) continue;
    listed += 1;
    assert.equal(eventsOf(path).length, MORE_THAN_LISTED[basename(path)] ?? count, path);
  }
  assert.ok(listed > 100, `only ${listed} files are listed`);
});

const EXPECTED_DAMAGE = [
  'Application_no_crc32.evtx: EVTX_CHUNK_CHECKSUM_MISSING EVTX_FILE_CHECKSUM_MISSING',
  'sample_with_a_bad_chunk_magic.evtx: EVTX_CHUNK_DATA_CHECKSUM EVTX_CHUNK_EMPTY EVTX_CHUNK_RECORD_COUNT EVTX_CHUNK_SIGNATURE EVTX_CHUNK_TEMPLATES_BORROWED EVTX_FILE_DIRTY EVTX_RECORD_HEADER EVTX_RECORD_NOT_AN_EVENT EVTX_RECORD_SIZE_COPY',
  'sample-with-irregular-bool-values.evtx: EVTX_FILE_DIRTY',
  'sysmon.evtx: EVTX_FILE_DIRTY EVTX_FILE_MORE_CHUNKS',
  '2-vss_7-System.evtx: EVTX_FILE_DIRTY EVTX_FILE_MORE_CHUNKS',
  'security.evtx: EVTX_FILE_DIRTY',
];

test('damage is reported for the files known to be damaged and for no other', { skip }, () => {
  const found = files.flatMap((path) => {
    const codes = [...decodeEvtx(readFileSync(path))].flatMap(({ damage }) => damage);
    const names = [...new Set(codes.map(({ code }) => code))].sort();
    return names.length > 0 ? [`${basename(path)}: ${names.join(' ')}`] : [];
  });
  assert.deepEqual(found, EXPECTED_DAMAGE);
});

/** XML cannot hold these; `eventToXml` writes U+FFFD. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const asXmlHolds = (event: WindowsEvent): WindowsEvent =>
  JSON.parse(JSON.stringify(event), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(NOT_IN_XML, '\ufffd') : value,
  ) as WindowsEvent;

test('every event survives event XML and JSON', { skip }, () => {
  let events = 0;
  for (const path of files) {
    for (const event of eventsOf(path)) {
      events += 1;
      assert.deepEqual(eventFromJson(eventToJson(event)), event, path);
      assert.deepEqual(parseEventXml(eventToXml(event)), asXmlHolds(event), path);
    }
  }
  assert.ok(events > 10_000, `only ${events} events`);
});

/**
 * Independent of any decoder: a collector stores values as text, so every value is in the file as it is, but for the
 * characters that XML escapes, which are stored as references.
 */
test('what is read of collector files is in them', { skip }, () => {
  const paths = files.filter((path) => /evtx-parser.evtx-to-mitre-attack/.test(path));
  assert.equal(paths.length, isAbsent ? 0 : 5);
  for (const path of paths) {
    const bytes = readFileSync(path);
    const events = eventsOf(path);
    const values = events.flatMap(({ provider, computer, channel, systemTime, data }) => [
      provider,
      computer,
      channel,
      // Two more zeros may follow in the file.
      systemTime.replace('Z', ''),
      ...data.map(({ value }) => value),
    ]);
    assert.ok(values.length > events.length * 4);
    for (const text of new Set(values.flatMap((value) => value.split(/[&<>"']/)))) {
      assert.ok(bytes.includes(Buffer.from(text, 'utf16le')), text);
    }
  }
});

test('nearly every event goes the short way', { skip }, () => {
  let [planned, records] = [0, 0];
  for (const path of files.filter((file) => !file.includes('evtx-parser'))) {
    const bytes = readFileSync(path);
    const chunk = bytes.subarray(4096, 4096 + 65_536);
    const ctx = createChunkContext(chunk, createTemplateLibrary());
    for (let at = 512; chunk.readUInt32LE(at) === 0x2a2a; at += chunk.readUInt32LE(at + 4)) {
      records += 1;
      const end = at + chunk.readUInt32LE(at + 4) - 4;
      const root = parseFragment(ctx, { start: at + 24, end, hasDependency: false });
      if (root?.kind !== 'instance') continue;
      const { template, values } = readInstance(ctx, root, 0);
      const plan = planOf(template);
      if (plan?.kind === 'event' && readPlannedEvent(ctx, values, plan)) planned += 1;
    }
  }
  assert.ok(planned > records * 0.9, `${planned} of ${records}`);
});
