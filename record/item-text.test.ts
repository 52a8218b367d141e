import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatItem, parseItem } from './index.ts';

test('an item is written with its type and read back', () => {
  const check = (name: string, type: string, text: string): void => {
    assert.equal(formatItem({ name, type }), text);
    assert.deepEqual(parseItem(text), { name, type });
  };
  check('Badge feed', 'Integration', 'Badge feed (Integration)');
  check('Badge feed (old)', 'Integration', 'Badge feed (old) (Integration)');
  check('dc1.example.test', 'Computer', 'dc1.example.test (Computer)');
  check('vc', 'VMware ESX/ESXi/vCenter', 'vc (VMware ESX/ESXi/vCenter)');
  check('', 'Domain', ' (Domain)');
});

test('a name without a type is an Integration item', () => {
  for (const name of ['Badge feed', '', '(x)', 'a (', 'a ()', 'a (b', 'a(b)']) {
    assert.deepEqual(parseItem(name), { name, type: 'Integration' });
  }
});
