/**
 * The same events and values as two independent decoders read: `evtxexport` of libevtx and the Python module Evtx.
 * Every difference is listed here with its reason: those of writing as exact rules, those of single files by file.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { decodeEvtx, parseEventXml, splitEventXml, type WindowsEvent } from '../index.ts';

const CORPORA = process.env.WITNESS_CORPORA ?? '';
const hasCorpora = CORPORA !== '' && existsSync(CORPORA);
const files = hasCorpora ? globSync(join(CORPORA, '**/*.evtx')).sort() : [];

const PYTHON = '/usr/bin/python3';

interface Output {
  readonly stdout: Buffer;
  readonly failed: boolean;
}

const run = (command: string, args: readonly string[]): Promise<Output> =>
  new Promise((resolve) => {
    const options = { maxBuffer: 1 << 30, encoding: 'buffer' } as const;
    execFile(command, args, options, (error, stdout) =>
      resolve({ stdout, failed: error !== null }),
    );
  });

/** Two at a time: the machine may have no more cores. */
const forEachFile = async (work: (path: string) => Promise<void>): Promise<void> => {
  const queue = [...files];
  const worker = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) await work(path);
  };
  await Promise.all([worker(), worker()]);
};

/** Whether to go on; without the tool a skip with the way to install it, under CI a failure. */
const isReady = async (
  t: TestContext,
  probe: Promise<Output>,
  debian: string,
): Promise<boolean> => {
  if (!hasCorpora) {
    t.skip('corpora absent: set WITNESS_CORPORA to the folder of public events');
    return false;
  }
  if (!(await probe).failed) return true;
  const how = `install the counterpart: apt-get install ${debian}`;
  if (process.env.CI) assert.fail(how);
  t.skip(how);
  return false;
};

interface Rule {
  readonly why: string;
  /** A member that one side lacks is `ABSENT`. */
  readonly holds: (ours: string, theirs: string) => boolean;
}

const ABSENT = '(absent)';

const GUID = /^\{[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}$/;

const SHARED_RULES = {
  hex: {
    why: 'they pad hexadecimal numbers with zeros to the size of the type; Windows does not',
    holds: (ours, theirs) =>
      /^0x[\da-f]+$/.test(ours) &&
      [8, 16].some((digits) => theirs === `0x${ours.slice(2).padStart(digits, '0')}`),
  },
  lineEnd: {
    why: 'they write CR LF unescaped, which reading XML turns into LF',
    holds: (ours, theirs) => theirs === ours.replaceAll('\r\n', '\n'),
  },
} as const satisfies Readonly<Record<string, Rule>>;

const EVTXEXPORT_RULES: Readonly<Record<string, Rule>> = {
  ...SHARED_RULES,
  guid: {
    why: 'it writes GUIDs in upper case; current Windows in lower case',
    holds: (ours, theirs) => GUID.test(ours) && theirs === ours.toUpperCase(),
  },
  lineEndOnly: {
    why: 'it leaves an element empty whose value is a lone line end',
    holds: (ours, theirs) => ours === '\n' && theirs === '',
  },
  fileTime: {
    why: 'it writes nine fractional digits of a second, the last two always zero',
    holds: (ours, theirs) => /T.*\.\d{7}Z$/.test(ours) && theirs === ours.replace('Z', '00Z'),
  },
};

/** Microseconds of ISO text; seven digits are cut to six. */
const microseconds = (text: string): number => {
  const match = /^(.{10})[T ](.{8})(?:\.(\d+))?Z?$/.exec(text);
  const [, date = '', time = '', fraction = ''] = match ?? [];
  return Date.parse(`${date}T${time}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
};

const PYTHON_RULES: Readonly<Record<string, Rule>> = {
  ...SHARED_RULES,
  time: {
    why: 'it writes microseconds, computed in floating point to some two of them, in another layout',
    holds: (ours, theirs) => Math.abs(microseconds(ours) - microseconds(theirs)) <= 2,
  },
  millisecond: {
    why: 'follows from its microseconds',
    holds: (ours, theirs) => /^\d{12,}$/.test(ours) && Math.abs(Number(ours) - Number(theirs)) <= 1,
  },
  base64: {
    why: 'it writes binary values in base64; our reading of its XML upper-cases Binary',
    holds: (ours, theirs) =>
      /^([\dA-F]{2})+$/.test(ours) &&
      theirs.toUpperCase() === Buffer.from(ours, 'hex').toString('base64').toUpperCase(),
  },
  boolean: {
    why: 'it writes True and False',
    holds: (ours, theirs) => /^(true|false)$/.test(ours) && theirs.toLowerCase() === ours,
  },
  control: {
    why: 'it leaves out control characters',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
    holds: (ours, theirs) => theirs === ours.replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, ''),
  },
  optional: {
    why: 'it keeps an element whose optional value is NULL, empty',
    holds: (ours, theirs) => ours === ABSENT && theirs === '',
  },
};

const flatten = (value: object, prefix = ''): [string, string][] =>
  Object.entries(value).flatMap(([key, member]): [string, string][] =>
    typeof member === 'object'
      ? flatten(member, `${prefix}${key}.`)
      : [[prefix + key, `${member}`]],
  );

/** Differences that no rule explains; counts the uses of each rule. */
const compare = (
  ours: WindowsEvent,
  theirs: WindowsEvent,
  { rules, used }: { rules: Readonly<Record<string, Rule>>; used: Map<string, number> },
): string[] => {
  const left = new Map(flatten(ours));
  const right = new Map(flatten(theirs));
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) => {
    const [mine = ABSENT, other = ABSENT] = [left.get(path), right.get(path)];
    if (mine === other) return [];
    const rule = Object.keys(rules).find((name) => rules[name]?.holds(mine, other));
    if (rule === undefined) return [`${path}: ${mine} | ${other}`];
    used.set(rule, (used.get(rule) ?? 0) + 1);
    return [];
  });
};

const eventsOf = (path: string): WindowsEvent[] =>
  [...decodeEvtx(readFileSync(path))].flatMap(({ events }) => events);

const parseAll = async (output: Buffer): Promise<WindowsEvent[]> => {
  const events: WindowsEvent[] = [];
  for await (const batch of splitEventXml(output)) {
    for (const { xml } of batch) events.push(parseEventXml(xml));
  }
  return events;
};

const COLLECTOR = 'stored by a collector, without templates: the counterpart refuses the file';

/** Files that the counterparts read nothing of, and the number of events we read. */
const ONLY_OURS: Readonly<Record<string, readonly [why: string, events: number]>> = {
  'ID1116-1117-Defender_threat_detected.evtx': [COLLECTOR, 6],
  'ID1151-Defender_health_status.evtx': [COLLECTOR, 455],
  'ID4622-New_SSP_loaded_in_LSA_(only_legitim).evtx': [COLLECTOR, 420],
  'ID2003-4950-Firewall_disabled.evtx': [COLLECTOR, 6],
  'ID131-RDP_brutforce_(no_user_info).evtx': [COLLECTOR, 154],
  'ID1149-RDP_success_logins_to_multiple_hosts.evtx': [COLLECTOR, 11],
};

/**
 * Chunks are zeroed and overwritten in the middle. evtxexport reads 267 events and recovers 81; the Python module 270;
 * we 381, since chunks without header and records behind gaps are searched as well. 50 of the recovered are not ours:
 * remains of a former use behind the end of a sound chunk, whose records the log had dropped when it was copied.
 */
const DAMAGED = 'sample_with_a_bad_chunk_magic.evtx';
const DAMAGED_COUNTS = { ours: 381, theirs: 348, remains: 50 };

/** For the damaged file, where the orders differ. */
const matching = (ours: readonly WindowsEvent[], theirs: WindowsEvent): WindowsEvent | undefined =>
  ours.find(({ recordId, when }) => recordId === theirs.recordId && when === theirs.when);

test('the same as evtxexport reads, in every file', { timeout: 120_000 }, async (t) => {
  if (!(await isReady(t, run('evtxexport', ['-V']), 'libevtx-utils'))) return;
  const used = new Map<string, number>();
  const onlyOurs: string[] = [];
  let compared = 0;
  await forEachFile(async (path) => {
    const name = basename(path);
    const ours = eventsOf(path);
    const mode = name === DAMAGED ? 'all' : 'items';
    const { stdout } = await run('evtxexport', ['-m', mode, '-f', 'xml', path]);
    const theirs = await parseAll(stdout);
    if (ONLY_OURS[name] !== undefined) {
      onlyOurs.push(name);
      assert.deepEqual([theirs.length, ours.length], [0, ONLY_OURS[name][1]], name);
      return;
    }
    const pairs = theirs.map(
      (event, index) => [name === DAMAGED ? matching(ours, event) : ours[index], event] as const,
    );
    const remains = pairs.filter(([mine]) => mine === undefined).length;
    const expected =
      name === DAMAGED
        ? DAMAGED_COUNTS
        : { ours: theirs.length, theirs: theirs.length, remains: 0 };
    assert.deepEqual({ ours: ours.length, theirs: theirs.length, remains }, expected, name);
    for (const [mine, event] of pairs) {
      if (mine === undefined) continue;
      const differences = compare(mine, event, { rules: EVTXEXPORT_RULES, used });
      assert.deepEqual(differences, [], `${name}: record ${event.recordId}`);
      compared += 1;
    }
  });
  assert.deepEqual(onlyOurs.sort(), Object.keys(ONLY_OURS).sort());
  assert.deepEqual([...used.keys()].sort(), Object.keys(EVTXEXPORT_RULES).sort());
  assert.ok(compared > 10_000, `only ${compared} events`);
  t.diagnostic(
    `${compared} events of ${files.length} files; rules used ${JSON.stringify([...used])}`,
  );
});

/** It decodes some 130 events a second, so it gets the first events of every file. */
const PYTHON_EVENTS_PER_FILE = 10;

const PYTHON_DUMP = `
import sys, json, itertools
import Evtx.Evtx as evtx
for path in sys.argv[2:]:
    with evtx.Evtx(path) as log:
        for record in itertools.islice(log.records(), int(sys.argv[1])):
            try:
                xml = record.xml()
            except Exception:
                xml = None
            print(json.dumps([path, xml]))
`;

const parsePythonLine = (line: string): readonly [path: string, xml: string | null] =>
  JSON.parse(line);

/** Texts by file; `null` where it failed. */
const dumpByPython = async (paths: readonly string[]): Promise<Map<string, (string | null)[]>> => {
  const args = ['-c', PYTHON_DUMP, `${PYTHON_EVENTS_PER_FILE}`, ...paths];
  const { stdout } = await run(PYTHON, args);
  const lines = stdout.toString().trim().split('\n').map(parsePythonLine);
  return new Map(
    [...Map.groupBy(lines, ([path]) => path)].map(([path, texts]) => [
      path,
      texts.map(([, xml]) => xml),
    ]),
  );
};

/** Its way to write an array, applied to ours. */
const joinArrays = (ours: WindowsEvent, theirs: WindowsEvent): WindowsEvent => {
  if (!theirs.data[0]?.value.startsWith('<string>')) return ours;
  const value = ours.data.map((datum) => `<string>${datum.value}</string>\n`).join('');
  return { ...ours, data: [{ value }] };
};

test('the same as the Python module Evtx reads, in every file', { timeout: 240_000 }, async (t) => {
  if (!(await isReady(t, run(PYTHON, ['-c', 'import Evtx.Evtx']), 'python3-evtx'))) return;
  const used = new Map<string, number>();
  const onlyOurs: string[] = [];
  let compared = 0;
  const paths = files.filter((path) => basename(path) !== DAMAGED);
  const halves = [0, 1].map((half) => paths.filter((_, index) => index % 2 === half));
  const texts = new Map((await Promise.all(halves.map(dumpByPython))).flatMap((map) => [...map]));
  for (const path of paths) {
    const name = basename(path);
    const xmls = texts.get(path) ?? [];
    const ours = eventsOf(path);
    assert.equal(xmls.length, Math.min(ours.length, PYTHON_EVENTS_PER_FILE), name);
    if (xmls.length > 0 && xmls.every((xml) => xml === null)) {
      onlyOurs.push(name);
      continue;
    }
    xmls.forEach((xml, index) => {
      const theirs = parseEventXml(xml ?? '');
      const mine = ours[index];
      assert.ok(mine, name);
      const differences = compare(joinArrays(mine, theirs), theirs, { rules: PYTHON_RULES, used });
      assert.deepEqual(differences, [], `${name}: record ${theirs.recordId}`);
      compared += 1;
    });
  }
  assert.deepEqual(onlyOurs.sort(), Object.keys(ONLY_OURS).sort());
  assert.ok(compared > 800, `only ${compared} events`);
  t.diagnostic(
    `${compared} events of ${paths.length} files; rules used ${JSON.stringify([...used])}`,
  );
});
