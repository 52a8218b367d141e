import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  addressOf,
  field,
  isLoopback,
  listOf,
  numberOf,
  rawField,
  shortHex,
  userDataField,
} from './index.ts';
import { securityEvent } from './testing.ts';

it('reads a value by name without blanks; empty and - are absent', () => {
  const check = (value: string, expected: string | undefined): void =>
    assert.equal(field(securityEvent(1, { Other: 'x', Name: value }), 'Name'), expected);
  check('jdoe', 'jdoe');
  check('Advapi  ', 'Advapi');
  check('\r\n\t\tSeDebugPrivilege', 'SeDebugPrivilege');
  check('\u00a0', undefined);
  check('Jürgen', 'Jürgen');
  check('ü', 'ü');
  check('-', undefined);
  check(' - ', undefined);
  check('', undefined);
  check('--', '--');
  assert.equal(field(securityEvent(1, {}), 'Name'), undefined);
});

it('gives the first of several values and the raw text on request', () => {
  const data = [{ value: 'unnamed' }, { name: 'A', value: ' 1 ' }, { name: 'A', value: '2' }];
  const event = securityEvent(1, {}, { data });
  assert.equal(field(event, 'A'), '1');
  assert.equal(rawField(event, 'A'), ' 1 ');
  assert.equal(rawField(event, 'B'), undefined);
});

it('reads children of UserData', () => {
  const userData = { name: 'LogFileCleared', children: [{ name: 'Channel', text: 'System' }] };
  assert.equal(userDataField(securityEvent(104, {}, { userData }), 'Channel'), 'System');
  assert.equal(userDataField(securityEvent(104, {}, { userData }), 'BackupPath'), undefined);
  assert.equal(userDataField(securityEvent(104, {}), 'Channel'), undefined);
});

it('writes hexadecimal numbers one way', () => {
  const check = (text: string, expected: string): void => assert.equal(shortHex(text), expected);
  check('0x00000000000003E7', '0x3e7');
  check('0X3E7', '0x3e7');
  check('0x0000', '0x0');
  check('0x', '0x');
  check('1000', '1000');
});

it('reads whole numbers in both notations', () => {
  const check = (text: string | undefined, expected: number | undefined): void =>
    assert.equal(numberOf(text), expected);
  check('10', 10);
  check('0x10', 16);
  check('', undefined);
  check('ten', undefined);
  check('1.5', undefined);
  check('99999999999999999999', undefined);
  check(undefined, undefined);
});

it('splits lists at blanks and commas', () => {
  assert.deepEqual(listOf('\n\t\t%%2080\n\t\t%%2082'), ['%%2080', '%%2082']);
  assert.deepEqual(listOf('%%8448, %%8450'), ['%%8448', '%%8450']);
  assert.deepEqual(listOf(' '), []);
});

it('shows IPv4 as IPv4 and knows the computer itself', () => {
  const check = (text: string | undefined, expected: string | undefined): void =>
    assert.equal(addressOf(text), expected);
  check('::ffff:10.1.2.3', '10.1.2.3');
  check('::ffff:abcd', '::ffff:abcd');
  check('fe80::1%4', 'fe80::1%4');
  check('LOCAL', undefined);
  check(undefined, undefined);
  assert.deepEqual(['::1', '127.0.0.1', '127.8.0.1', '10.0.0.1'].map(isLoopback), [
    true,
    true,
    true,
    false,
  ]);
});
