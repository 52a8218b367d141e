import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivityRecord } from '@witness/record';
import { recordText } from './record-text.ts';

const RECORD: ActivityRecord = {
  rid: '20250131091233123AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  who: 'CONTOSO\\admin',
  whoKnownBy: 'event',
  action: 'Added',
  what: 'CONTOSO\\j.doe',
  when: Date.UTC(2025, 0, 31, 9, 12, 33),
  where: 'dc1.contoso.test',
  objectType: 'user',
  workstation: 'WS7',
  dataSource: 'Active Directory',
  details: [{ property: 'Display name', after: 'J. Doe' }],
};

const check = (change: Partial<ActivityRecord>, ...expected: string[]) =>
  assert.equal(recordText({ ...RECORD, ...change }), expected.join('\n'));

const HEAD = '2025-01-31 09:12:33 UTC  CONTOSO\\admin  Added user  CONTOSO\\j.doe';
const PLACE = '    on dc1.contoso.test from WS7, Active Directory';

test('a record as a person reads it', () => {
  check({}, HEAD, PLACE, '    Display name: now J. Doe');
  check(
    {
      details: [
        { property: 'State', before: 'closed', after: 'open' },
        { property: 'Note', before: 'x', after: '' },
        { property: 'Gone', before: '' },
        { property: 'Said', message: 'by phone' },
        { property: 'Bare' },
      ],
    },
    HEAD,
    PLACE,
    '    State: was closed, now open',
    '    Note: was x, now (empty)',
    '    Gone: was (empty)',
    '    Said: by phone',
    '    Bare',
  );
});

test('how the actor is known is said where it is not plain', () => {
  const who = (whoKnownBy: ActivityRecord['whoKnownBy']) =>
    recordText({ ...RECORD, whoKnownBy, details: [] }).split('\n')[0];
  assert.equal(who('client'), HEAD);
  assert.ok(who('lookup')?.includes('CONTOSO\\admin (found by its identifier)  Added'));
  assert.ok(who('unknown')?.includes('CONTOSO\\admin (nobody can tell)  Added'));
});

test('hostile values stay in their line', () => {
  const text = recordText({
    ...RECORD,
    who: 'a\nb',
    action: '\u001b[1m',
    what: 'c\rd',
    where: 'e\u0000',
    workstation: 'f\n',
    dataSource: 'g\t',
    details: [{ property: 'h\n', before: '\u202e', after: 'i\n', message: 'j\n' }],
  });
  assert.equal(text.split('\n').length, 3);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u202e]/);
});
