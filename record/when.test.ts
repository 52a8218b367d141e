import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatWhen, parseWhen, tryParseWhen, WitnessError } from './index.ts';

const check = (text: string, expected: string): void =>
  assert.equal(new Date(parseWhen(text)).toISOString(), expected, text);

const refuse = (text: string): void => {
  assert.equal(tryParseWhen(text), undefined, text);
  assert.throws(
    () => parseWhen(text),
    (error) => error instanceof WitnessError && error.code === 'RECORD_WHEN_INVALID',
    text,
  );
};

test('parseWhen reads the three documented forms', () => {
  check('2024-05-06T07:08:09Z', '2024-05-06T07:08:09.000Z');
  check('2024-05-06T09:08:09+02:00', '2024-05-06T07:08:09.000Z');
  check('2024-05-06T03:43:49-11:00', '2024-05-06T14:43:49.000Z');
  check('2024-05-06T00:00:00+00:00', '2024-05-06T00:00:00.000Z');
  check('2024-05-06T00:00:00-00:00', '2024-05-06T00:00:00.000Z');
  check('2024-05-06T12:00:00+14:00', '2024-05-05T22:00:00.000Z');
  check('2024-05-06T12:00:00+05:45', '2024-05-06T06:15:00.000Z');
});

test('parseWhen accepts fractions of any length and cuts them to milliseconds', () => {
  check('2024-05-06T07:08:09.1Z', '2024-05-06T07:08:09.100Z');
  check('2024-05-06T07:08:09.12Z', '2024-05-06T07:08:09.120Z');
  check('2024-05-06T07:08:09.123Z', '2024-05-06T07:08:09.123Z');
  check('2024-05-06T07:08:09.9999999Z', '2024-05-06T07:08:09.999Z');
  check('2024-05-06T07:08:09.0000000+02:00', '2024-05-06T05:08:09.000Z');
  check(`2024-05-06T07:08:09.${'1'.repeat(400)}Z`, '2024-05-06T07:08:09.111Z');
});

test('parseWhen knows the calendar', () => {
  check('2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z');
  check('2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z');
  check('0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z');
  check('0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z');
  check('1601-01-01T00:00:00Z', '1601-01-01T00:00:00.000Z');
  check('1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z');
  check('9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z');
  for (const text of [
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-00-10T00:00:00Z',
    '2024-13-10T00:00:00Z',
    '2024-05-00T00:00:00Z',
    '2024-05-32T00:00:00Z',
    '2024-05-06T24:00:00Z',
    '2024-05-06T23:60:00Z',
    '2024-05-06T23:59:60Z',
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
  ]) {
    refuse(text);
  }
});

test('parseWhen refuses every other form', () => {
  for (const text of [
    '',
    'yesterday',
    '2024-05-06',
    '2024-05-06T07:08:09',
    '2024-05-06T07:08Z',
    '2024-05-06 07:08:09Z',
    '2024-05-06t07:08:09Z',
    '2024-05-06T07:08:09z',
    ' 2024-05-06T07:08:09Z',
    '2024-05-06T07:08:09Z ',
    '2024-05-06T07:08:09ZZ',
    '2024-05-06T07:08:09.Z',
    '2024-05-06T07:08:09,5Z',
    '2024-05-06T07:08:09.5',
    '2024-05-06T07:08:09+0200',
    '2024-05-06T07:08:09+02',
    '2024-05-06T07:08:09+02:0',
    '2024-05-06T07:08:09+02:000',
    '2024-05-06T07:08:09+02:60',
    '2024-05-06T07:08:09+14:01',
    '2024-05-06T07:08:09+15:00',
    '2024-05-06T07:08:09+aa:00',
    '2024-05-06T07:08:09~02:00',
    '2024-05-06T07.08:09Z',
    '2024/05/06T07:08:09Z',
    '24-05-06T07:08:09Z',
    '+002024-05-06T07:08:09Z',
    '-2024-05-06T07:08:09Z',
    '2O24-05-06T07:08:09Z',
    '٢٠٢٤-05-06T07:08:09Z',
    '1714979289',
    '05/06/2024 07:08:09',
  ]) {
    refuse(text);
  }
});

test('a refused text is shown shortened', () => {
  assert.throws(() => parseWhen('x'.repeat(10_000)), /^WitnessError: "x{80}\.\.\." is not a date/);
});

test('formatWhen writes UTC without a fraction', () => {
  const checkFormat = (iso: string, expected: string): void =>
    assert.equal(formatWhen(Date.parse(iso)), expected);
  checkFormat('2024-05-06T07:08:09.000Z', '2024-05-06T07:08:09Z');
  checkFormat('2024-05-06T07:08:09.999Z', '2024-05-06T07:08:09Z');
  checkFormat('2024-12-31T23:59:59.000Z', '2024-12-31T23:59:59Z');
  checkFormat('1969-12-31T23:59:59.500Z', '1969-12-31T23:59:59Z');
  checkFormat('0000-01-01T00:00:00.000Z', '0000-01-01T00:00:00Z');
  checkFormat('0099-03-01T00:00:00.000Z', '0099-03-01T00:00:00Z');
  checkFormat('9999-12-31T23:59:59.000Z', '9999-12-31T23:59:59Z');
});

test('both agree with the platform on every day of five centuries', () => {
  const dayMs = 86_400_000;
  const start = Date.parse('1795-01-01T11:22:33Z');
  for (let day = 0; day < 500 * 366; day += 1) {
    const when = start + day * dayMs;
    const text = formatWhen(when);
    assert.equal(text, `${new Date(when).toISOString().slice(0, 19)}Z`);
    assert.equal(parseWhen(text), when);
  }
});
