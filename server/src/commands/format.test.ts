import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
  formatTime,
  plural,
  toTerminalText,
} from './format.ts';

test('bytes', () => {
  const check = (bytes: number, expected: string) => assert.equal(formatBytes(bytes), expected);
  check(0, '0 B');
  check(1023, '1023 B');
  check(1024, '1.0 KB');
  check(1536, '1.5 KB');
  check(100 * 1024, '100 KB');
  check(20.5 * 1024 ** 2, '20.5 MB');
  check(78.3 * 1024 ** 3, '78.3 GB');
  check(5000 * 1024 ** 4, '5000 TB');
});

test('counts', () => {
  const check = (count: number, expected: string) => assert.equal(formatCount(count), expected);
  check(0, '0');
  check(999, '999');
  check(1000, '1,000');
  check(1234567.6, '1,234,568');
  assert.equal(plural(1, 'record'), '1 record');
  assert.equal(plural(0, 'record'), '0 records');
  assert.equal(plural(12_000, 'event'), '12,000 events');
});

test('durations and times', () => {
  const check = (ms: number, expected: string) => assert.equal(formatDuration(ms), expected);
  check(-5, '0 s');
  check(499, '0 s');
  check(59_400, '59 s');
  check(59_600, '1 min 0 s');
  check(75_000, '1 min 15 s');
  check(3_600_000, '1 h 0 min');
  check(90_061_000, '25 h 1 min');
  assert.equal(formatTime(Date.UTC(2025, 0, 31, 9, 12, 33, 999)), '2025-01-31 09:12:33 UTC');
});

test('a table is as wide as its cells, without blanks at the end', () => {
  assert.equal(
    formatTable([
      ['a', 'bbb', 'c'],
      ['aaaa', 'b', ''],
    ]),
    'a     bbb  c\naaaa  b',
  );
  assert.equal(formatTable([]), '');
});

test('a hostile value neither moves the cursor nor forges a line', () => {
  const check = (text: string, expected: string) => assert.equal(toTerminalText(text), expected);
  check('CONTOSO\\j.doe Ä 日本', 'CONTOSO\\j.doe Ä 日本');
  check('a\nb\rc\td', 'a\\nb\\rc\\td');
  check('\u001b[2J\u0007', '\\u001b[2J\\u0007');
  check('\u009b31m\u007f', '\\u009b31m\\u007f');
  check('user\u202egnp.exe', 'user\\u202egnp.exe');
  check('\u2066x\u2069\u200f', '\\u2066x\\u2069\\u200f');
});
