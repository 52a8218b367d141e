import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvtx } from '../index.ts';
import { buildEvtx, EVENT_HEAD, eventSpec, utf16 } from './testing.ts';

/** The Data texts that a value of this type and these bytes gives. */
const check = (type: number, hex: string, expected: string | readonly string[]): void => {
  const data = { name: 'EventData', content: [{ name: 'Data', content: [{ value: 0 }] }] };
  const root = { template: eventSpec([data]), values: [[type, hex] as const] };
  const [result] = decodeEvtx(buildEvtx([[{ id: 1, root }]]));
  const texts = typeof expected === 'string' ? [expected] : expected;
  assert.deepEqual(result?.damage, []);
  assert.deepEqual(result?.events, [{ ...EVENT_HEAD, data: texts.map((value) => ({ value })) }]);
};

const SID = '010500000000000515000000010000000200000003000000f4010000';

test('strings', () => {
  check(0x01, utf16('Grüße, 世界'), 'Grüße, 世界');
  check(0x01, utf16('plain'), 'plain');
  check(0x01, utf16('ends\0\0'), 'ends');
  check(0x01, utf16('in\0side'), 'in\0side');
  check(0x01, '3dd8', '\ufffd');
  check(0x01, utf16('x'.repeat(500)), 'x'.repeat(500));
  check(0x01, '', '');
  check(0x02, '80e4f600', '€äö');
  check(0x23, utf16('<a/>'), '<a/>');
});

test('integers', () => {
  check(0x03, 'ff', '-1');
  check(0x04, 'ff', '255');
  check(0x05, '0080', '-32768');
  check(0x06, 'ffff', '65535');
  check(0x07, '00000080', '-2147483648');
  check(0x08, 'ffffffff', '4294967295');
  check(0x09, '0000000000000080', '-9223372036854775808');
  check(0x0a, 'ffffffffffffffff', '18446744073709551615');
  check(0x08, '0102', '513');
  check(0x08, '010203', '010203');
});

test('real numbers', () => {
  check(0x0b, '0000c03f', '1.5');
  check(0x0b, 'cdcccc3d', '0.1');
  check(0x0c, '9a9999999999b93f', '0.1');
  check(0x0c, '000000000000f07f', '1.#INF');
  check(0x0c, '000000000000f0ff', '-1.#INF');
  check(0x0c, '000000000000f87f', '-1.#IND');
  check(0x0c, '00', '00');
});

test('booleans, whatever way true is written', () => {
  check(0x0d, '00000000', 'false');
  check(0x0d, '01000000', 'true');
  check(0x0d, 'ffffffff', 'true');
  check(0x0d, '01', 'true');
});

test('binary, GUID, SID', () => {
  check(0x0e, 'deadbeef', 'DEADBEEF');
  check(
    0x0f,
    '25968454785494 49a5ba3e3b0328c30d'.replace(' ', ''),
    '{54849625-5478-4994-a5ba-3e3b0328c30d}',
  );
  check(0x0f, '0011', '0011');
  check(0x13, '010100000000000512000000', 'S-1-5-18');
  check(0x13, SID, 'S-1-5-21-1-2-3-500');
  check(0x13, '0101ffffffffffff01000000', 'S-1-0xffffffffffff-1');
  check(0x13, '0105000000000005', '0105000000000005');
});

test('hexadecimal numbers and sizes', () => {
  check(0x14, 'e7030000', '0x3e7');
  check(0x14, '00000000', '0x0');
  check(0x15, 'e703000000000000', '0x3e7');
  check(0x15, '0000000000002080', '0x8020000000000000');
  check(0x15, '0100000001000000', '0x100000001');
  check(0x10, '10000000', '0x10');
  check(0x10, '1000000000000000', '0x10');
  check(0x20, '0a00000000000000', '0xa');
});

test('times', () => {
  check(0x11, '0000000000000000', '1601-01-01T00:00:00.0000000Z');
  check(0x11, '0080c7a5a0a9da01', '2024-05-19T03:57:20.2027520Z');
  check(0x11, 'ffffffffffffff7f', '30828-09-14T02:48:05.4775807Z');
  check(0x12, 'e90701000500 1f0009000c0021007b00'.replace(' ', ''), '2025-01-31T09:12:33.123Z');
});

test('NULL and unknown types', () => {
  check(0x00, '', '');
  check(0x00, 'ffff', '');
  check(0x7f, 'abcd', 'ABCD');
});

test('arrays repeat their element', () => {
  check(0x81, utf16('one\0two\0'), ['one', 'two']);
  check(0x81, utf16('one\0\0three'), ['one', '', 'three']);
  check(0x82, '61006200', ['a', 'b']);
  check(0x84, '0102ff', ['1', '2', '255']);
  check(0x86, '0100ffff', ['1', '65535']);
  check(0x88, '01000000ffffffff', ['1', '4294967295']);
  check(0x8d, '0100000000000000', ['true', 'false']);
  check(0x8f, '00'.repeat(32), Array(2).fill('{00000000-0000-0000-0000-000000000000}'));
  check(0x93, `010100000000000512000000${SID}`, ['S-1-5-18', 'S-1-5-21-1-2-3-500']);
  check(0x95, '01000000000000000200000000000000', ['0x1', '0x2']);
  check(0x81, '', ['']);
  check(0x8e, 'abcd', ['ABCD']);
});
