import assert from 'node:assert/strict';
import { it } from 'node:test';
import { prunePattern } from './prune-pattern.ts';

it('asks the index only for what every match contains', () => {
  const check = (value: string, expected: string | undefined) =>
    assert.equal(prunePattern(value), expected, value);
  check('', undefined);
  check('abc', undefined);
  check('Budget', '%budget%');
  check('ОТЧЁТ', '%отчёт%');
  check('100%_\\', '%100\\%\\_\\\\%');
  // Final sigma and letters that lower-case to several characters are left open.
  check('ΟΔΥΣΣΕΥΣ', undefined);
  check('report İstanbul', '%report %stanbul%');
  check('abc\u03a3abc', undefined);
  check('😀😀😀😀', '%😀😀😀😀%');
});
