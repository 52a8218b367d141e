import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitLines } from './split-lines.ts';

const LINE_BYTES_MAX = 64;

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all pieces, as a reader may do it.
  const shared = Buffer.alloc(size);
  for (let from = 0; from < bytes.length; from += size) {
    const length = bytes.copy(shared, 0, from, Math.min(from + size, bytes.length));
    yield shared.subarray(0, length);
  }
}

type Seen = readonly [text: string, offset: number, endOffset: number, isCut: boolean];

const split = async (bytes: Buffer, size: number): Promise<Seen[]> => {
  const seen: Seen[] = [];
  for await (const lines of splitLines(chunksOf(bytes, size), LINE_BYTES_MAX)) {
    for (const { bytes: text, offset, endOffset, isCut } of lines) {
      seen.push([Buffer.from(text).toString('latin1'), offset, endOffset, isCut]);
    }
  }
  return seen;
};

/** The same lines, however the bytes are cut into pieces. */
const check = async (text: string | Buffer, expected: readonly Seen[]): Promise<void> => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (const size of [1, 2, 3, 5, 7, 64, 4096]) {
    assert.deepEqual(await split(bytes, size), expected, `pieces of ${size}: ${text}`);
  }
};

test('lines with their places', async () => {
  await check('', []);
  await check('a', [['a', 0, 1, false]]);
  await check('a\n', [['a', 0, 2, false]]);
  await check('ab\ncd', [
    ['ab', 0, 3, false],
    ['cd', 3, 5, false],
  ]);
  await check('\n\n', [
    ['', 0, 1, false],
    ['', 1, 2, false],
  ]);
});

test('line breaks of Windows; a lone carriage return belongs to the line', async () => {
  await check('ab\r\ncd\r\n', [
    ['ab', 0, 4, false],
    ['cd', 4, 8, false],
  ]);
  await check('a\rb\n', [['a\rb', 0, 4, false]]);
  await check('\r\n', [['', 0, 2, false]]);
  await check('ab\r', [['ab', 0, 3, false]]);
});

test('a byte order mark is no part of the first line, and of that only', async () => {
  await check('\ufeffa\n', [['a', 0, 5, false]]);
  await check('\ufeff\r\na', [
    ['', 0, 5, false],
    ['a', 5, 6, false],
  ]);
  await check('a\n\ufeffb', [
    ['a', 0, 2, false],
    ['\u00ef\u00bb\u00bfb', 2, 6, false],
  ]);
  await check('\ufeff', [['', 0, 3, false]]);
});

test('bytes are not decoded', async () => {
  await check(Buffer.from([0xff, 0x00, 0x0a, 0xc3]), [
    ['\u00ff\u0000', 0, 3, false],
    ['\u00c3', 3, 4, false],
  ]);
});

test('a line that is too long is cut, and the next one is whole', async () => {
  const full = 'x'.repeat(LINE_BYTES_MAX);
  await check(`${full}\nb`, [
    [full, 0, 65, false],
    ['b', 65, 66, false],
  ]);
  await check(`${full}yz\nb\n`, [
    [full, 0, 67, true],
    ['b', 67, 69, false],
  ]);
  await check(`a\n${full}${full}`, [
    ['a', 0, 2, false],
    [full, 2, 130, true],
  ]);
});
