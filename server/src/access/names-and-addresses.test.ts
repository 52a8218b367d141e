import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoundedMap } from './bounded-map.ts';
import { toAddressKey } from './client-address.ts';
import { toUserKey, userNameFault } from './user-name.ts';

test('which names find the same user', () => {
  const same: readonly (readonly [string, string, boolean])[] = [
    ['admin', 'ADMIN', true],
    ['admin', '.\\Admin', true],
    ['admin', 'HOST\\admin', false],
    ['admin', 'CONTOSO\\admin', false],
    ['admin', 'admin@contoso.example', false],
    ['CONTOSO\\auditor', 'contoso\\AUDITOR', true],
    ['CONTOSO\\auditor', 'auditor', false],
    ['CONTOSO\\auditor', 'auditor@contoso', false],
    ['auditor@contoso.example', 'Auditor@CONTOSO.example', true],
    ['m\u00fcller', 'MU\u0308LLER', true],
  ];
  for (const [stored, sent, expected] of same) {
    assert.equal(toUserKey(stored) === toUserKey(sent), expected, `${stored} / ${sent}`);
  }
});

test('names that nobody can have', () => {
  const bad = [
    '',
    ' ',
    ' admin',
    'a:b',
    'a\nb',
    'a\0b',
    '\\admin',
    'CONTOSO\\',
    'A\\B\\c',
    '.\\',
    '.\\.\\admin',
    'x'.repeat(256),
    '\ud800',
  ];
  for (const name of bad) {
    assert.equal(toUserKey(name), undefined, JSON.stringify(name));
    assert.notEqual(userNameFault(name), undefined, JSON.stringify(name));
  }
  // Found as `admin`, but never stored in this form.
  assert.notEqual(userNameFault('.\\admin'), undefined);
  for (const name of ['a', 'x'.repeat(255), 'CONTOSO\\m.murray', 'a@b', 'Jürgen Groß']) {
    assert.equal(userNameFault(name), undefined, name);
  }
});

test('under which address attempts are counted', () => {
  const table: readonly (readonly [string, string])[] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
    ['x'.repeat(1_000), 'x'.repeat(255)],
  ];
  for (const [address, expected] of table) assert.equal(toAddressKey(address), expected);
});

test('a bounded map forgets what was set longest ago', () => {
  const map = createBoundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  assert.deepEqual(
    [...map.entries()],
    [
      ['a', 3],
      ['c', 4],
    ],
  );
  assert.equal(map.get('b'), undefined);
  map.set('c', 5);
  assert.equal(map.size, 2);
  map.delete('c');
  map.clear();
  assert.equal(map.size, 0);
});
