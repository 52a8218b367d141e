import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest-name.ts';

const COMMANDS = ['serve', 'import', 'search', 'user', 'plan', 'status', 'demo'];

test('the nearest name, when one is near', () => {
  const check = (name: string, expected: string | undefined) =>
    assert.equal(nearestName(name, COMMANDS), expected, name);
  check('serach', 'search');
  check('searhc', 'search');
  check('server', 'serve');
  check('SEARCH', 'search');
  check('users', 'user');
  check('plans', 'plan');
  check('imp', 'import');
  check('stat', 'status');
  check('statsu', 'status');
  check('ports', undefined);
  check('verify', undefined);
  check('x', undefined);
  check('', undefined);
  check('s'.repeat(100_000), undefined);
  assert.equal(nearestName('search', []), undefined);
});
