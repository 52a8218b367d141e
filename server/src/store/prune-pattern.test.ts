import assert from 'node:assert/strict';
import { it } from 'node:test';
import { prunePattern } from './prune-pattern.ts';

it('asks the index only for what every match contains', () => {
  const check = (value: string, expected: string | undefined) =>
    assert.equal(prunePattern(value), expected, value);
  check('', undefined);
  check('abcd', undefined);
  check('abcde', '%abcde%');
  check('Budget', '%budget%');
  check('ОТЧЁТ', '%отчёт%');
  check('1000%_\\', '%1000\\%\\_\\\\%');
  // Final sigma and letters that lower-case to several characters are left open.
  check('ΟΔΥΣΣΕΥΣ', undefined);
  check('report İstanbul', '%report %stanbul%');
  check('abcd\u03a3abcd', undefined);
  check('😀😀😀😀😀', '%😀😀😀😀😀%');
});
