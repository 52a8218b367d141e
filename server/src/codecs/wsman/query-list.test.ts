import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXmlTree } from '@witness/record';
import { type EventSelection, toQueryList } from '../index.ts';

/** The XPaths of each channel. */
const selectsOf = (selections: readonly EventSelection[]): Record<string, string[]> => {
  const root = parseXmlTree(toQueryList(selections));
  return Object.fromEntries(
    root.children.map((query, index) => {
      assert.equal(query.attributes.Id, String(index));
      const paths = new Set(query.children.map(({ attributes }) => attributes.Path));
      assert.equal(paths.size, 1);
      return [[...paths][0] ?? '', query.children.map(({ text }) => text)];
    }),
  );
};

const check = (selections: readonly EventSelection[], expected: Record<string, string[]>): void =>
  assert.deepEqual(selectsOf(selections), expected);

/** Comparisons in an XPath. */
const comparisons = (xpath: string): number => xpath.match(/[=<>]=?\d|@Name=/g)?.length ?? 0;

test('ids in order, once each, three in a row as a range', () => {
  check([{ channel: 'Security', eventIds: [4625, 4624, 4624, 1102, 4720, 4721, 4722, 4723] }], {
    Security: [
      '*[System[(EventID=1102 or EventID=4624 or EventID=4625 or (EventID>=4720 and EventID<=4723))]]',
    ],
  });
  check([{ channel: 'S', eventIds: [0, 65_535] }], {
    S: ['*[System[(EventID=0 or EventID=65535)]]'],
  });
  check([{ channel: 'S', eventIds: [1, 2, 3] }], {
    S: ['*[System[((EventID>=1 and EventID<=3))]]'],
  });
});

test('selections of a channel are merged; channels keep their order', () => {
  check(
    [
      { channel: 'Security', eventIds: [1] },
      { channel: 'System', eventIds: [7] },
      { channel: 'Security', eventIds: [3] },
    ],
    {
      Security: ['*[System[(EventID=1 or EventID=3)]]'],
      System: ['*[System[(EventID=7)]]'],
    },
  );
});

test('providers, all events, and XPath of its own', () => {
  check(
    [
      { channel: 'Application', provider: 'MsiInstaller', eventIds: [1033, 1034] },
      { channel: 'Application', provider: "O'Neil" },
      { channel: 'Application', xpath: '*[System[Level<2]]' },
      { channel: 'Application', xpath: '*[System[Level<2]]' },
      { channel: 'AD FS/Admin & more' },
      { channel: 'AD FS/Admin & more', eventIds: [1] },
    ],
    {
      Application: [
        "*[System[Provider[@Name='MsiInstaller'] and (EventID=1033 or EventID=1034)]]",
        '*[System[Provider[@Name="O\'Neil"]]]',
        '*[System[Level<2]]',
      ],
      'AD FS/Admin & more': ['*'],
    },
  );
});

test('no XPath has more comparisons than Windows takes, and none is lost', () => {
  for (const provider of [undefined, 'P']) {
    for (const step of [1, 2, 3]) {
      const eventIds = Array.from({ length: 200 }, (_, index) => 4600 + index * step + (index % 5));
      const selection = { channel: 'S', eventIds, ...(provider !== undefined && { provider }) };
      const { S = [] } = selectsOf([selection]);
      assert.ok(
        S.every((xpath) => comparisons(xpath) <= 22),
        S.join('\n'),
      );
      const matched = eventIds.filter((id) =>
        S.some((xpath) =>
          [...xpath.matchAll(/EventID=(\d+)|EventID>=(\d+) and EventID<=(\d+)/g)].some(
            ([, one, first, last]) =>
              one === undefined ? id >= Number(first) && id <= Number(last) : id === Number(one),
          ),
        ),
      );
      assert.deepEqual(matched, eventIds);
    }
  }
  const full = Array.from({ length: 44 }, (_, index) => index * 2);
  assert.equal(selectsOf([{ channel: 'S', eventIds: full }]).S?.length, 2);
});

test('mark-up is escaped, quotes are left readable', () => {
  assert.equal(
    toQueryList([{ channel: 'a"b', xpath: "*[EventData[Data='<&>']]" }]),
    '<QueryList><Query Id="0"><Select Path="a&quot;b">*[EventData[Data=\'&lt;&amp;&gt;\']]</Select></Query></QueryList>',
  );
});

test('what cannot be asked for is refused', () => {
  const refuse = (selections: readonly EventSelection[], message: RegExp): void =>
    assert.throws(() => toQueryList(selections), { code: 'WSMAN_QUERY_INVALID', message });
  refuse([], /nothing is wanted/);
  refuse([{ channel: 'S', eventIds: [] }], /nothing is wanted of S/);
  refuse([{ channel: '' }], /a channel named/);
  refuse([{ channel: 'x'.repeat(257) }], /a channel named/);
  refuse([{ channel: 'S', eventIds: [-1] }], /an event id of -1/);
  refuse([{ channel: 'S', eventIds: [1.5] }], /an event id of 1.5/);
  refuse([{ channel: 'S', eventIds: [65_536] }], /an event id of 65536/);
  refuse([{ channel: 'S', eventIds: [1], xpath: '*' }], /by ids and by XPath/);
  refuse([{ channel: 'S', provider: `'"` }], /both kinds of quotes/);
});
