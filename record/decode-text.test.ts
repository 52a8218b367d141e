import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText, WitnessError } from './index.ts';

const check = (bytes: Uint8Array | readonly number[], expected: string): void =>
  assert.equal(decodeText(Uint8Array.from(bytes)), expected);

const utf16 = (text: string, isBigEndian: boolean): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
};

const refuse = (bytes: readonly number[], encoding: string): void =>
  assert.throws(
    () => decodeText(Uint8Array.from(bytes)),
    (error) =>
      error instanceof WitnessError &&
      error.code === 'TEXT_ENCODING_INVALID' &&
      error.message === `The bytes are not valid ${encoding}`,
  );

test('decodeText reads UTF-8 with and without a byte order mark', () => {
  check([], '');
  check(Buffer.from('Grüße 𝄞\r\n\t'), 'Grüße 𝄞\r\n\t');
  check(Buffer.from('\uFEFF<a/>'), '<a/>');
  check([0xef, 0xbb, 0xbf], '');
  check(Buffer.from('\uFEFF\uFEFFa'), '\uFEFFa');
  check([0x61, 0x00, 0x62], 'a\0b');
});

test('decodeText reads UTF-16 when a byte order mark says so', () => {
  check(utf16('Grüße 𝄞', false), 'Grüße 𝄞');
  check(utf16('Grüße 𝄞', true), 'Grüße 𝄞');
  check([0xff, 0xfe], '');
  check([0xfe, 0xff], '');
});

test('decodeText refuses bytes that are no text', () => {
  refuse([0x80], 'UTF-8');
  refuse([0xc3], 'UTF-8');
  refuse([0xc0, 0xaf], 'UTF-8');
  refuse([0xed, 0xa0, 0x80], 'UTF-8');
  refuse([0xf4, 0x90, 0x80, 0x80], 'UTF-8');
  refuse([...Buffer.from('Stra\xdfe', 'latin1')], 'UTF-8');
  refuse([0xff, 0xfe, 0x61], 'UTF-16LE');
  refuse([0xff, 0xfe, 0x00, 0xd8], 'UTF-16LE');
  refuse([0xfe, 0xff, 0xdc, 0x00], 'UTF-16BE');
});

test('decodeText reads a part of a larger buffer', () => {
  assert.equal(decodeText(Buffer.from('xx<a/>yy').subarray(2, 6)), '<a/>');
});
