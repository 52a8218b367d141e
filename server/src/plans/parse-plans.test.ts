import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WitnessError } from '@witness/record';
import { nearestName } from './nearest-name.ts';
import { parsePlans } from './parse-plans.ts';
import { TEST_SOURCES } from './testing.ts';

const faultOf = (text: string): WitnessError => {
  try {
    parsePlans(text, TEST_SOURCES);
  } catch (cause) {
    assert.ok(cause instanceof WitnessError);
    return cause;
  }
  return assert.fail(`accepted: ${text}`);
};

const refuse = (
  text: string,
  [code, location, message]: readonly [string, string, RegExp],
): void => {
  const fault = faultOf(text);
  assert.equal(fault.code, code, `${text}\n${fault.message}`);
  assert.equal(fault.location, location, `${text}\n${fault.message}`);
  assert.match(`${fault.message} ${fault.advice}`, message);
};

const withSource = (lines: string): string =>
  `name: P\ndataSources:\n  - source: windows-server\n${lines}`;

test('one plan or a list of plans, with defaults', () => {
  const [plan, ...rest] = parsePlans('name: Northwind badges', TEST_SOURCES);
  assert.deepEqual(rest, []);
  assert.deepEqual(plan, {
    name: 'Northwind badges',
    isEnabled: true,
    dataSources: [],
    location: '1:7',
  });
  assert.deepEqual(
    parsePlans('plans:\n- name: A\n- name: B\n', TEST_SOURCES).map(({ name, location }) => [
      name,
      location,
    ]),
    [
      ['A', '2:9'],
      ['B', '3:9'],
    ],
  );
  assert.deepEqual(parsePlans('plans: []', TEST_SOURCES), []);
});

test('everything a plan can say', () => {
  const [plan] = parsePlans(
    `id: 0aa1b2c3-0000-4000-8000-00000000abcd
name: Full
folder: Customers/Northwind
isEnabled: false
retentionDays: 90
account: { name: 'NORTHWIND\\svc', secret: s3cret }
dataSources:
  - source: windows-server
    isEnabled: false
    settings: { intervalMinutes: 5, channels: [{ name: Security }], labels: { any: thing } }
    items:
      - { name: dc1.example.test, type: Computer }
      - { name: dc1.example.test, type: Domain, isEnabled: false }
`,
    TEST_SOURCES,
  );
  assert.deepEqual(plan, {
    id: '{0AA1B2C3-0000-4000-8000-00000000ABCD}',
    name: 'Full',
    folder: 'Customers/Northwind',
    isEnabled: false,
    retentionDays: 90,
    account: { name: 'NORTHWIND\\svc', secret: 's3cret' },
    dataSources: [
      {
        source: 'windows-server',
        isEnabled: false,
        settings: {
          intervalMinutes: 5,
          channels: [{ name: 'Security' }],
          labels: { any: 'thing' },
        },
        items: [
          { name: 'dc1.example.test', type: 'Computer', isEnabled: true },
          { name: 'dc1.example.test', type: 'Domain', isEnabled: false },
        ],
      },
    ],
    location: '2:7',
  });
});

test('unknown keys are refused where they stand, with the nearest known one', () => {
  const UNKNOWN = 'PLAN_KEY_UNKNOWN';
  refuse('name: P\nfoldr: x', [UNKNOWN, '2:1', /did you mean `folder`\?/]);
  refuse('name: P\nzzzzzz: x', [UNKNOWN, '2:1', /^Unknown key `zzzzzz` .*name, folder/]);
  refuse('name: P\ntoString: x', [UNKNOWN, '2:1', /toString/]);
  refuse('plans:\n- name: P\n  isenabled: no', [UNKNOWN, '3:3', /`isEnabled`/]);
  refuse('plan:\n- name: P', ['PLAN_FILE_FAULTS', '1:1', /Unknown key `plan`/]);
  refuse('plans: []\nname: P', [UNKNOWN, '2:1', /Keys allowed here: plans/]);
  refuse(withSource('    item: []'), [UNKNOWN, '4:5', /`items`/]);
  refuse(withSource('    items: [{name: a, type: Computer, enabled: true}]'), [
    UNKNOWN,
    '4:39',
    /`isEnabled`|Unknown key `enabled`/,
  ]);
  refuse(withSource('    settings:\n      intervalMinute: 5'), [
    UNKNOWN,
    '5:7',
    /`intervalMinutes`/,
  ]);
  refuse(
    withSource('    settings:\n      channels:\n        - name: a\n          isEnable: true'),
    [UNKNOWN, '7:11', /`isEnabled`/],
  );
  refuse('name: P\n"<<": {folder: x}', [UNKNOWN, '2:1', /<</]);
});

test('values are refused where they stand', () => {
  const INVALID = 'PLAN_VALUE_INVALID';
  refuse('', [INVALID, '1:1', /file/]);
  refuse('- name: P', [INVALID, '1:1', /file/]);
  refuse('folder: x', [INVALID, '1:1', /`name`/]);
  refuse('plans: 7', [INVALID, '1:8', /`plans`/]);
  refuse('plans:\n- name: A\n- folder: B', [INVALID, '3:3', /`plans\[1\]\.name`/]);
  refuse('name: 123', [INVALID, '1:7', /expected string/]);
  refuse('name: ""', [INVALID, '1:7', /empty/]);
  refuse('name: " P"', [INVALID, '1:7', /blank/]);
  refuse('name: "a\\nb"', [INVALID, '1:7', /control/]);
  refuse('name: "a\\u2028b"', [INVALID, '1:7', /control/]);
  refuse('name: "a\\0b"', [INVALID, '1:7', /control/]);
  refuse(`name: ${'x'.repeat(256)}`, [INVALID, '1:7', /255/]);
  refuse('name: P\nisEnabled: yes', [INVALID, '2:12', /expected boolean/]);
  refuse('name: P\nid: "{123}"', [INVALID, '2:5', /GUID/]);
  refuse('name: P\nretentionDays: 0', [INVALID, '2:16', /retentionDays/]);
  refuse('name: P\nretentionDays: 1.5', [INVALID, '2:16', /retentionDays/]);
  refuse('name: P\naccount: {name: a, secret: ""}', [INVALID, '2:28', /account\.secret/]);
  for (const folder of ['/a', 'a/', 'a//b', 'a/../b', '.', 'a / b']) {
    refuse(`name: P\nfolder: ${folder}`, [INVALID, '2:9', /path like/]);
  }
  refuse(withSource('    settings: {intervalMinutes: 0}'), [INVALID, '4:33', /intervalMinutes/]);
  refuse(withSource('    settings: 7'), [INVALID, '4:15', /settings/]);
});

test('sources and items must be ones that are declared', () => {
  refuse('name: P\ndataSources: [{source: windows-servre}]', [
    'PLAN_SOURCE_UNKNOWN',
    '2:24',
    /did you mean `windows-server`\?/,
  ]);
  refuse(withSource('    items: [{name: a, type: computer}]'), [
    'PLAN_ITEM_TYPE_UNKNOWN',
    '4:29',
    /did you mean `Computer`\?.*Computer, Domain, IP range/,
  ]);
  refuse(withSource('    items: [{name: a, type: Domain}, {name: A, type: Domain}]'), [
    'PLAN_ITEM_DUPLICATE',
    '4:38',
    /`A`/,
  ]);
  refuse(withSource('  - source: windows-server'), ['PLAN_SOURCE_DUPLICATE', '4:13', /twice/]);
});

test('all faults of a file come at once, each with its place', () => {
  const fault = faultOf('plans:\n- nam: A\n- name: 7\n  isEnabled: 1\n');
  assert.equal(fault.code, 'PLAN_FILE_FAULTS');
  assert.equal(fault.values.count, 4);
  for (const place of ['2:3 Unknown key', '3:9 `plans[1].name`', '4:14 `plans[1].isEnabled`']) {
    assert.ok(fault.message.includes(place), fault.message);
  }
  const many = faultOf(`plans:\n${'- name: 7\n'.repeat(500)}`);
  assert.match(many.message, /and 480 more$/);
});

test('the nearest name is offered only when it is near', () => {
  const known = ['name', 'folder', 'dataSources', 'retentionDays'];
  const table: readonly (readonly [string, string | undefined])[] = [
    ['nmae', 'name'],
    ['Name', 'name'],
    ['datasource', 'dataSources'],
    ['retention', undefined],
    ['x', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ];
  for (const [name, expected] of table) assert.equal(nearestName(name, known), expected, name);
});
