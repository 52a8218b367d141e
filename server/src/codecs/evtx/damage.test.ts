/** Files damaged on purpose: each says what is wrong and where, and all that can be read is read. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeEvtx, type EvtxDamage, type WindowsEvent } from '../index.ts';
import {
  buildEvtx,
  eventSpec,
  type RecordSpec,
  sealChunk,
  sealFileHeader,
  utf16,
} from './testing.ts';

const CHUNK_BYTES = 65_536;
const CHUNK_1 = 4096;
const CHUNK_2 = CHUNK_1 + CHUNK_BYTES;

const template = eventSpec([
  {
    name: 'EventData',
    content: [{ name: 'Data', attributes: { Name: 'N' }, content: [{ value: 0 }] }],
  },
]);

const record = (id: number): RecordSpec => ({
  id,
  root: { template, values: [[0x01, utf16(`record ${id}`)]] },
});

/** Two chunks of four records each, numbered 1 to 8. */
const file = (): Buffer => buildEvtx([[1, 2, 3, 4].map(record), [5, 6, 7, 8].map(record)]);

/** Where the records of the chunk at `chunkAt` begin. */
const recordsAt = (bytes: Buffer, chunkAt: number): number[] => {
  const places: number[] = [];
  for (
    let at = chunkAt + 512;
    bytes.readUInt32LE(at) === 0x2a2a;
    at += bytes.readUInt32LE(at + 4)
  ) {
    places.push(at);
  }
  return places;
};

interface Reading {
  readonly events: readonly WindowsEvent[];
  readonly damage: readonly EvtxDamage[];
}

const read = (bytes: Uint8Array): Reading => {
  const results = [...decodeEvtx(bytes)];
  return {
    events: results.flatMap(({ events }) => events),
    damage: results.flatMap(({ damage }) => damage),
  };
};

/** `change` gets a good file; `ids` are the records still read, `damage` code and offset of what is reported. */
const check = (
  change: (bytes: Buffer) => Buffer | undefined,
  ids: readonly number[],
  damage: readonly (readonly [code: string, offset: number])[],
): void => {
  const bytes = file();
  const reading = read(change(bytes) ?? bytes);
  assert.deepEqual(
    reading.damage.map(({ code, offset }) => [code, offset]),
    damage,
  );
  assert.deepEqual(
    reading.events.map(({ data }) => Number(data[0]?.value.slice('record '.length))),
    ids,
  );
};

const ALL = [1, 2, 3, 4, 5, 6, 7, 8];

test('a good file has no damage', () => {
  check(() => undefined, ALL, []);
});

test('the file header', () => {
  check((bytes) => void bytes.write('BadFile'), ALL, [['EVTX_FILE_SIGNATURE', 0]]);
  check((bytes) => void bytes.writeUInt8(1, 60), ALL, [['EVTX_FILE_CHECKSUM', 0]]);
  check((bytes) => void bytes.writeUInt32LE(0, 124), ALL, [['EVTX_FILE_CHECKSUM_MISSING', 0]]);
  const seal = (at: number, value: number) => (bytes: Buffer) => {
    bytes.writeUInt16LE(value, at);
    sealFileHeader(bytes);
    return bytes;
  };
  check(seal(38, 4), ALL, [['EVTX_FILE_VERSION', 0]]);
  check(seal(120, 1), ALL, [['EVTX_FILE_DIRTY', 0]]);
  check(seal(42, 1), ALL, [['EVTX_FILE_MORE_CHUNKS', CHUNK_2]]);
  check(seal(42, 3), ALL, [['EVTX_FILE_FEWER_CHUNKS', CHUNK_2 + CHUNK_BYTES]]);
});

test('a truncated file', () => {
  check((bytes) => bytes.subarray(0, CHUNK_2), [1, 2, 3, 4], [['EVTX_FILE_FEWER_CHUNKS', CHUNK_2]]);
  check(
    (bytes) => bytes.subarray(0, (recordsAt(bytes, CHUNK_2)[2] ?? 0) + 40),
    [1, 2, 3, 4, 5, 6],
    [
      ['EVTX_FILE_TRUNCATED', CHUNK_2],
      ['EVTX_RECORD_HEADER', recordsAt(file(), CHUNK_2)[2] ?? 0],
      ['EVTX_CHUNK_RECORD_COUNT', CHUNK_2],
    ],
  );
  check((bytes) => bytes.subarray(0, CHUNK_2 + 60_000), ALL, [['EVTX_FILE_TRUNCATED', CHUNK_2]]);
  check(
    (bytes) => bytes.subarray(0, 1000),
    [],
    [
      ['EVTX_FILE_TRUNCATED', 0],
      ['EVTX_FILE_FEWER_CHUNKS', CHUNK_1],
    ],
  );
});

test('chunks: zeroed, without signature, with flipped bytes in the header', () => {
  check((bytes) => bytes.fill(0, CHUNK_1, CHUNK_2), [5, 6, 7, 8], [['EVTX_CHUNK_EMPTY', CHUNK_1]]);
  check((bytes) => void bytes.write('ElfXxxx', CHUNK_1), ALL, [['EVTX_CHUNK_SIGNATURE', CHUNK_1]]);
  check((bytes) => void bytes.writeUInt8(9, CHUNK_1 + 200), ALL, [
    ['EVTX_CHUNK_HEADER_CHECKSUM', CHUNK_1],
  ]);
  check((bytes) => void bytes.writeUInt32LE(99_999, CHUNK_1 + 48), ALL, [
    ['EVTX_CHUNK_HEADER', CHUNK_1],
  ]);
  check(
    (bytes) => {
      bytes.writeUInt32LE(0, CHUNK_1 + 52);
      bytes.writeUInt32LE(0, CHUNK_1 + 124);
      return bytes;
    },
    ALL,
    [['EVTX_CHUNK_CHECKSUM_MISSING', CHUNK_1]],
  );
});

test('a record whose header, size or content is damaged costs only itself', () => {
  const places = recordsAt(file(), CHUNK_1);
  const second = places[1] ?? 0;
  const sum = ['EVTX_CHUNK_DATA_CHECKSUM', CHUNK_1 + 512] as const;
  const count = ['EVTX_CHUNK_RECORD_COUNT', CHUNK_1] as const;
  const others = [1, 3, 4, 5, 6, 7, 8];
  check((bytes) => void bytes.writeUInt8(0, second), others, [
    sum,
    ['EVTX_RECORD_HEADER', second],
    count,
  ]);
  check((bytes) => void bytes.writeUInt32LE(0xffffffff, second + 4), others, [
    sum,
    ['EVTX_RECORD_HEADER', second],
    count,
  ]);
  check((bytes) => void bytes.writeUInt32LE(1, second + 4), others, [
    sum,
    ['EVTX_RECORD_HEADER', second],
    count,
  ]);
  check((bytes) => void bytes.writeUInt8(0x3f, second + 24), others, [
    sum,
    ['EVTX_RECORD_BINXML', second],
  ]);
  check((bytes) => void bytes.writeUInt16LE(0xffff, second + 42), others, [
    sum,
    ['EVTX_RECORD_BINXML', second],
  ]);
  const third = places[2] ?? 0;
  check((bytes) => void bytes.writeUInt32LE(7, third - 4), ALL, [
    sum,
    ['EVTX_RECORD_SIZE_COPY', second],
  ]);
});

test('damage names its length', () => {
  const bytes = file();
  const [, second = 0, third = 0] = recordsAt(bytes, CHUNK_1);
  bytes.writeUInt8(0, second);
  const gap = read(bytes).damage.find(({ code }) => code === 'EVTX_RECORD_HEADER');
  assert.deepEqual([gap?.length, gap?.isLoss], [third - second, true]);
});

test('a chunk that lost its template reads by that of an earlier chunk', () => {
  const [fifth = 0] = recordsAt(file(), CHUNK_2);
  const definition = fifth + 24 + 4 + 10;
  check(
    (bytes) => {
      bytes.fill(0, definition + 20, definition + 60);
      return bytes;
    },
    [1, 2, 3, 4, 6, 7, 8],
    [
      ['EVTX_CHUNK_DATA_CHECKSUM', CHUNK_2 + 512],
      ['EVTX_RECORD_BINXML', fifth],
      ['EVTX_CHUNK_TEMPLATES_BORROWED', CHUNK_2],
    ],
  );
});

test('a dirty file holds records behind the end its chunk header names', () => {
  const places = recordsAt(file(), CHUNK_2);
  const stale = (isDirty: boolean) => (bytes: Buffer) => {
    bytes.writeUInt32LE((places[2] ?? 0) - CHUNK_2, CHUNK_2 + 48);
    bytes.writeBigUInt64LE(6n, CHUNK_2 + 32);
    sealChunk(bytes.subarray(CHUNK_2));
    bytes.writeUInt32LE(isDirty ? 1 : 0, 120);
    return bytes;
  };
  check(stale(false), [1, 2, 3, 4, 5, 6], []);
  check(stale(true), ALL, [
    ['EVTX_FILE_DIRTY', 0],
    ['EVTX_CHUNK_UNLISTED_RECORDS', places[2] ?? 0],
  ]);
});

test('records that are no events of the usual shape', () => {
  const shapes = [
    { name: 'Other', content: [] },
    { name: 'Event', content: [] },
    { name: 'Event', content: [{ name: 'System', content: [] }] },
    eventSpec([], 'many'),
  ];
  for (const root of shapes) {
    const { events, damage } = read(buildEvtx([[{ id: 1, root }]]));
    assert.deepEqual(
      [events, damage.map(({ code, offset }) => [code, offset])],
      [[], [['EVTX_RECORD_NOT_AN_EVENT', CHUNK_1 + 512]]],
    );
  }
});

const CORPORA = process.env.WITNESS_CORPORA ?? '';
const isAbsent = CORPORA === '' || !existsSync(CORPORA);
const skip = isAbsent
  ? 'corpora absent: set WITNESS_CORPORA to the folder of public events'
  : false;

/** Damages one chunk of a real file; gives the number of its events that may be lost. */
type Mutation = (bytes: Buffer, chunkAt: number) => void;

const MUTATIONS: Readonly<
  Record<string, readonly [change: Mutation, code: string, isAllRead: boolean]>
> = {
  'flipped byte in the chunk header': [
    (bytes, at) => void bytes.writeUInt8(bytes.readUInt8(at + 140) ^ 0xff, at + 140),
    'EVTX_CHUNK_HEADER_CHECKSUM',
    true,
  ],
  'bad chunk signature': [
    (bytes, at) => void bytes.fill(0x58, at, at + 8),
    'EVTX_CHUNK_SIGNATURE',
    true,
  ],
  'bad file signature': [(bytes) => void bytes.fill(0x58, 0, 8), 'EVTX_FILE_SIGNATURE', true],
  'free space beyond the chunk': [
    (bytes, at) => void bytes.writeUInt32LE(0x7fffffff, at + 48),
    'EVTX_CHUNK_HEADER',
    true,
  ],
  'zeroed chunk': [
    (bytes, at) => void bytes.fill(0, at, at + CHUNK_BYTES),
    'EVTX_CHUNK_EMPTY',
    false,
  ],
  'zeros over the first record': [
    (bytes, at) => void bytes.fill(0, at + 512, at + 560),
    'EVTX_RECORD_HEADER',
    false,
  ],
  'flipped bytes in the middle of the chunk': [
    (bytes, at) => void bytes.fill(0xff, at + 3000, at + 3100),
    'EVTX_CHUNK_DATA_CHECKSUM',
    false,
  ],
};

test('real files damaged in memory', { skip }, () => {
  const paths = globSync(join(CORPORA, '**/{security,smb-password-guessing-security}.evtx')).sort();
  assert.ok(paths.length > 0);
  for (const path of paths) {
    const good = readFileSync(path);
    const clean = read(good);
    for (const [name, [change, code, isAllRead]] of Object.entries(MUTATIONS)) {
      const bytes = Buffer.from(good);
      change(bytes, CHUNK_2);
      const { events, damage } = read(bytes);
      const label = `${path}: ${name}`;
      assert.ok(
        damage.some((found) => found.code === code),
        `${label}: ${JSON.stringify(damage)}`,
      );
      if (isAllRead) assert.deepEqual(events, clean.events, label);
      else assert.ok(events.length > 0 && events.length <= clean.events.length, label);
      const known = new Set(clean.events.map((event) => JSON.stringify(event)));
      const changed = events.filter((event) => !known.has(JSON.stringify(event)));
      assert.ok(changed.length <= 2, `${label}: ${changed.length} events changed`);
    }
  }
});
