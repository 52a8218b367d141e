import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decompressSldc, isSldc } from '../index.ts';
import {
  compressAsWindows,
  compressSldc,
  openPlainly,
  type SldcSymbol,
  writeSldc,
} from './sldc-testing.ts';

const LIMIT = { bytesMax: 1_000_000 };
const open = (bytes: Uint8Array): Buffer => Buffer.from(decompressSldc(bytes, LIMIT));
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** Symbols to the text they open to. */
const check = (symbols: readonly SldcSymbol[], expected: string): void =>
  assert.equal(open(writeSldc(symbols)).toString('latin1'), expected, JSON.stringify(symbols));

const refuse = (bytes: Uint8Array, message: RegExp, code = 'WSMAN_SLDC_INVALID'): void =>
  assert.throws(() => decompressSldc(bytes, LIMIT), { code, message });

const literals1 = (text: string): SldcSymbol[] =>
  [...Buffer.from(text, 'latin1')].map((literal1) => ({ literal1 }));
const literals2 = (text: string): SldcSymbol[] =>
  [...Buffer.from(text, 'latin1')].map((literal2) => ({ literal2 }));

test('the published vector opens, and is what scheme 2 writes', () => {
  const vector = hex('ffb3a32b9ba1039ba3934b733ffd0000');
  assert.equal(open(vector).toString(), 'test string');
  assert.deepEqual(Buffer.from(compressSldc(Buffer.from('test string'), 2)), vector);
});

test('literals and matches', () => {
  check(['reset1', 'endOfRecord'], '');
  check(['reset1', ...literals1('ab'), 'endOfRecord'], 'ab');
  check(['reset2', ...literals2('a\xffb\xff\xff'), 'endOfRecord'], 'a\xffb\xff\xff');
  check(['reset1', ...literals1('ab\xff'), { match: [2, 0] }, 'endOfRecord'], 'ab\xffab');
  for (const count of [2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 33, 159, 160, 270, 271]) {
    const expected = 'ab'.repeat(count).slice(0, count + 2);
    check(['reset1', ...literals1('ab'), { match: [count, 0] }, 'endOfRecord'], expected);
    check(
      ['reset1', { literal1: 65 }, { match: [count, 0] }, 'endOfRecord'],
      'A'.repeat(count + 1),
    );
  }
});

test('the history is a ring of 1,024 bytes that a reset begins anew', () => {
  const long = Array.from({ length: 1024 }, (_, at) => String.fromCharCode(97 + (at % 23))).join(
    '',
  );
  const symbols = literals1(long);
  check(['reset1', ...symbols, { match: [3, 0] }, 'endOfRecord'], long + long.slice(0, 3));
  check(
    ['reset1', ...symbols, { match: [3, 1023] }, 'endOfRecord'],
    `${long}${long[1023]}${long[1023]}${long[1023]}`,
  );
  check(
    ['reset1', ...symbols, ...literals1('XY'), { match: [4, 0] }, 'endOfRecord'],
    `${long}XYXYXY`,
  );
  check(
    ['reset1', ...literals1('abc'), 'reset1', ...literals1('de'), { match: [2, 0] }, 'endOfRecord'],
    'abcdede',
  );
  refuse(writeSldc(['reset1', { match: [2, 0] }, 'endOfRecord']), /before the history/);
  refuse(
    writeSldc(['reset1', ...literals1('ab'), { match: [2, 2] }, 'endOfRecord']),
    /before the history/,
  );
  refuse(
    writeSldc([
      'reset1',
      ...literals1('abc'),
      'reset1',
      { literal1: 1 },
      { match: [2, 1] },
      'endOfRecord',
    ]),
    /before the history/,
  );
});

test('schemes change in the middle and share the history', () => {
  check(
    [
      'reset2',
      ...literals2('ab'),
      'scheme1',
      { match: [3, 0] },
      'scheme2',
      ...literals2('c'),
      'endOfRecord',
    ],
    'abab' + 'ac',
  );
  check(['reset1', { literal1: 97 }, 'flush', 'pad', { literal1: 98 }, 'endOfRecord'], 'ab');
  check(
    ['reset1', { literal1: 97 }, 'fileMark', 'pad', 'scheme2', { literal2: 98 }, 'endOfRecord'],
    'ab',
  );
  check(['reset1', { literal1: 97 }, 'endMarker'], 'a');
});

test('what follows the record does not matter: Windows puts the length there', () => {
  const body = Buffer.from('one two one two', 'utf16le');
  assert.deepEqual(open(compressAsWindows(body)), body);
  assert.deepEqual(open(Buffer.concat([compressSldc(body), hex('ff800000')])), body);
});

test('damage is refused at its bit', () => {
  refuse(hex(''), /ends early/);
  refuse(hex('ff'), /ends early/);
  refuse(hex('00000000'), /before a scheme/);
  refuse(writeSldc(['flush', 'pad', 'endMarker']).subarray(0, 4), /ends early/);
  refuse(writeSldc(['reset1', ...literals1('abc')]), /ends early/);
  refuse(writeSldc(['reset2', ...literals2('abc')]), /ends early/);
  refuse(hex('ffb80000'), /control symbol 7/);
  const whole = compressSldc(Buffer.from('abcabcabcabcabc'.repeat(9)));
  for (let length = 0; length < whole.length - 4; length += 1) {
    refuse(whole.subarray(0, length), /ends early|before a scheme/);
  }
  assert.throws(() => open(writeSldc(['reset1', { match: [2, 0] }])), { location: 'bit 13' });
});

test('output is bounded, to the byte', () => {
  const bomb = writeSldc([
    'reset1',
    { literal1: 0 },
    ...Array.from({ length: 10_000 }, (): SldcSymbol => ({ match: [271, 0] })),
    'endOfRecord',
  ]);
  refuse(bomb, /larger than 1000000 bytes/, 'WSMAN_BODY_LIMIT');
  for (const scheme of [1, 2] as const) {
    const bytes = compressSldc(Buffer.from('x'.repeat(500)), scheme);
    assert.equal(decompressSldc(bytes, { bytesMax: 500 }).length, 500);
    assert.throws(() => decompressSldc(bytes, { bytesMax: 499 }), { code: 'WSMAN_BODY_LIMIT' });
    assert.throws(() => decompressSldc(bytes, { bytesMax: 0 }), { code: 'WSMAN_BODY_LIMIT' });
  }
});

test('every length and kind of data comes back, as plain decoding has it', () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 60; round += 1) {
    const alphabet = 1 + random(256);
    const bytes = Buffer.from(Array.from({ length: random(4000) }, () => 255 - random(alphabet)));
    for (const scheme of [1, 2] as const) {
      const compressed = compressSldc(bytes, scheme);
      assert.deepEqual(open(compressed), bytes);
      assert.deepEqual(openPlainly(compressed), bytes);
    }
  }
});

test('SLDC is told from text by its beginning', () => {
  const isIt = (text: string): boolean => isSldc(hex(text));
  assert.deepEqual(['ffab', 'ffb3', 'ff88', 'ff90'].map(isIt), [true, true, true, true]);
  assert.deepEqual(['fffe', 'fffe3c00', '3c00', '', 'ff', 'ff7f', 'ffff'].map(isIt), [
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});
