import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, plural } from './format.ts';
import { createProgressBar, progressLine } from './progress-bar.ts';

const records = (amount: number): string => plural(amount, 'record');

test('a line', () => {
  const MB = 1024 * 1024;
  assert.equal(
    progressLine({ done: 12 * MB, total: 36 * MB, records: 8_422 }, 2_000, formatBytes),
    '[########----------------]   33 %  12.0 MB of 36.0 MB  4,211 records/s  4 s left',
  );
  assert.equal(
    progressLine({ done: 500, total: 1_000, records: 500 }, 1_000, records),
    '[############------------]   50 %  500 records of 1,000 records  500 records/s  1 s left',
  );
});

test('a line at its ends', () => {
  const line = (done: number, total: number) =>
    progressLine({ done, total, records: 0 }, 0, formatBytes);
  assert.equal(line(0, 10), '[------------------------]    0 %  0 B of 10 B  0 records/s');
  assert.match(line(10, 10), /^\[#{24}\] {2}100 %/);
  assert.match(line(12, 10), /^\[#{24}\] {2}100 %/, 'a file that grew');
  assert.match(line(0, 0), /^\[#{24}\] {2}100 %/, 'nothing to do is done');
});

interface Terminal {
  readonly texts: string[];
  readonly bar: ReturnType<typeof createProgressBar>;
  advance(ms: number): void;
}

/** To the beginning of the line, and erase it. */
const CLEARED = '\r\u001b[K';

const terminal = (isTTY: boolean, columns?: number): Terminal => {
  const texts: string[] = [];
  let now = 0;
  const stream = {
    write: (text: string) => texts.push(text),
    isTTY,
    ...(columns === undefined ? {} : { columns }),
  };
  const bar = createProgressBar(stream, { clock: () => now, formatAmount: formatBytes });
  return {
    texts,
    bar,
    advance: (ms) => {
      now += ms;
    },
  };
};

test('on a terminal it is drawn now and then, no wider than the terminal, and removed', () => {
  const { texts, bar, advance } = terminal(true, 30);
  bar.clear();
  assert.equal(texts.length, 0, 'nothing to remove yet');
  for (let index = 0; index < 10; index += 1) {
    bar.update({ done: index, total: 10, records: index });
    advance(20);
  }
  assert.equal(texts.length, 2);
  for (const text of texts) {
    assert.ok(text.startsWith(CLEARED));
    assert.equal(text.length, CLEARED.length + 29);
  }
  bar.clear();
  assert.equal(texts.at(-1), CLEARED);
});

test('elsewhere it is silent', () => {
  const { texts, bar } = terminal(false);
  bar.update({ done: 1, total: 2, records: 1 });
  bar.clear();
  assert.deepEqual(texts, []);
});
