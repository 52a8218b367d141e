/** Input made to exhaust or mislead the reader: bounded work, no exception, damage that says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvtx, type EvtxDamage } from '../index.ts';
import { buildEvtx, type ContentSpec, type ElementSpec, eventSpec, utf16 } from './testing.ts';

/** Bound on the time of one case; a case takes milliseconds unless something is unbounded. */
const CASE_MS_MAX = 5_000;

const check = (bytes: Buffer, code: string): readonly EvtxDamage[] => {
  const from = performance.now();
  const damage = [...decodeEvtx(bytes)].flatMap((result) => result.damage);
  assert.ok(performance.now() - from < CASE_MS_MAX);
  assert.ok(
    damage.some((found) => found.code === code),
    JSON.stringify(damage.slice(0, 3)),
  );
  return damage;
};

const nested = (depth: number): ElementSpec => ({
  name: 'e',
  content: depth > 0 ? [nested(depth - 1)] : ['x'],
});

test('elements nested beyond the limit', () => {
  const within = eventSpec([{ name: 'UserData', content: [nested(50)] }]);
  assert.equal([...decodeEvtx(buildEvtx([[{ id: 1, root: within }]]))][0]?.events.length, 1);
  const beyond = eventSpec([{ name: 'UserData', content: [nested(100)] }]);
  check(buildEvtx([[{ id: 1, root: beyond }]]), 'EVTX_RECORD_LIMIT');
});

test('a template that contains an instance of itself', () => {
  const template = { name: 'Event', content: [] as ContentSpec[] };
  template.content.push({ template, values: [] });
  check(buildEvtx([[{ id: 1, root: { template, values: [] } }]]), 'EVTX_RECORD_LIMIT');
});

test('a value of binary XML that names the template it fills', () => {
  const template = eventSpec([{ value: 0 }]);
  const inner = {
    template,
    values: [[0x21, { template, values: [[0x00, '']] as const }]] as const,
  };
  const [result] = decodeEvtx(buildEvtx([[{ id: 1, root: inner }]]));
  assert.equal(result?.events.length, 1);
});

test('one long value repeated by a template', () => {
  const places = Array.from(
    { length: 1200 },
    (): ContentSpec => ({
      name: 'Data',
      content: [{ value: 0 }],
    }),
  );
  const template = eventSpec([{ name: 'EventData', content: places }]);
  const values = [[0x01, utf16('x'.repeat(15_000))]] as const;
  const records = [1, 2].map((id) => ({ id, root: { template, values: id === 1 ? values : [] } }));
  check(buildEvtx([records]), 'EVTX_RECORD_LIMIT');
});

test('an array of bytes repeated by a template', () => {
  const places = Array.from(
    { length: 500 },
    (): ContentSpec => ({
      name: 'Data',
      content: ['-', { value: 0 }],
    }),
  );
  const template = eventSpec([{ name: 'EventData', content: places }]);
  const values = [[0x84, '01'.repeat(20_000)]] as const;
  check(buildEvtx([[{ id: 1, root: { template, values } }]]), 'EVTX_RECORD_LIMIT');
});

const DAMAGED_AT: readonly (readonly [what: string, at: number, hex: string])[] = [
  ['number of values', 24 + 4 + 10 + 24, 'ffffffff'],
  ['offset of the definition far away', 24 + 4 + 6, 'ffffffff'],
  ['offset of the definition into the header', 24 + 4 + 6, '10000000'],
  ['offset of the definition on itself', 24 + 4 + 6, '18020000'],
  ['size of the definition', 24 + 4 + 10 + 20, 'f0ffffff'],
  ['name offset', 24 + 4 + 10 + 24 + 4 + 7, 'ffffff7f'],
];

test('lengths and offsets that lead out of the chunk', () => {
  const template = eventSpec([
    { name: 'EventData', content: [{ name: 'Data', content: [{ value: 0 }] }] },
  ]);
  for (const [, at, hex] of DAMAGED_AT) {
    const bytes = buildEvtx([[{ id: 1, root: { template, values: [[0x01, utf16('v')]] } }]]);
    bytes.write(hex, 4096 + 512 + at, 'hex');
    check(bytes, 'EVTX_RECORD_BINXML');
  }
});

test('names that are no names', () => {
  for (const name of ['a b', '<', '', '1a', 'x"']) {
    check(buildEvtx([[{ id: 1, root: { name } }]]), 'EVTX_RECORD_BINXML');
  }
  check(
    buildEvtx([[{ id: 1, root: eventSpec([{ entity: 'constructor' }]) }]]),
    'EVTX_RECORD_BINXML',
  );
});

test('names of object members are data like any other', () => {
  const root = eventSpec([
    { name: 'constructor' },
    {
      name: 'UserData',
      content: [{ name: '__proto__', attributes: { __proto__x: '1', constructor: '2' } }],
    },
  ]);
  const [result] = decodeEvtx(buildEvtx([[{ id: 1, root }]]));
  assert.deepEqual(result?.events[0]?.userData, {
    name: '__proto__',
    attributes: { __proto__x: '1', constructor: '2' },
  });
});
