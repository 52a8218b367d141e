import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sidOfHex } from './index.ts';

it('reads SIDs written as bytes', () => {
  const check = (hex: string, expected: string | undefined): void =>
    assert.equal(sidOfHex(hex), expected, hex);
  check('010100000000000512000000', 'S-1-5-18');
  check('01050000000000051500000001000000020000000300000050040000', 'S-1-5-21-1-2-3-1104');
  check('0101000000000005120000000000', 'S-1-5-18');
  check('0101000000000005120000000001', undefined);
  // The identifier of a SQL Server login is a GUID.
  check('ff3873c6bcf5c04f89e4773e8797f200', undefined);
  check('01050000000000051500000001', undefined);
  check('0110000000000005', undefined);
  check('01', undefined);
  check('0', undefined);
  check('', undefined);
  check('not hexadecimal', undefined);
});
