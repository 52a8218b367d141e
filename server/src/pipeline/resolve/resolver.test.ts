import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentBatch, NOW, openFixture } from '../testing/fixture.ts';
import type { TestEvent } from '../testing/inputs.ts';
import { createBoundedMap } from './bounded-map.ts';

const session = { computer: 'DC1.contoso.test', logonId: '0x3AF10' };

/** A logon event: who and from where. */
const logon = (
  account: string,
  more: { when?: number; workstation?: string; address?: string } = {},
): TestEvent => {
  const { when = NOW, ...fact } = more;
  return { what: `logon ${account} ${when}`, when, logons: [{ ...session, account, ...fact }] };
};

const unknown = (more: Partial<TestEvent> = {}): TestEvent => ({
  what: 'change',
  when: NOW + 1_000,
  who: 'Unknown',
  whoKnownBy: 'unknown',
  details: [
    { property: 'Who', message: 'The event names no account.' },
    { property: 'Size', after: '1' },
  ],
  ...more,
});

/** Who, how known, workstation and details' names of the change after the batches. */
const check = (
  name: string,
  batches: readonly (readonly TestEvent[])[],
  expected: readonly unknown[],
) =>
  test(name, async () => {
    await using one = await openFixture();
    for (const events of batches) await one.pipeline.submit(contentBatch(events));
    const record = (await one.records()).find(({ what }) => what === 'change');
    assert.deepEqual(
      [
        record?.who,
        record?.whoKnownBy,
        record?.workstation,
        record?.details.map(({ property }) => property).join(),
      ],
      expected,
    );
  });

const JDOE = 'CONTOSO\\jdoe';
const RESOLVED = [JDOE, 'lookup', undefined, 'Size'];
const UNRESOLVED = ['Unknown', 'unknown', undefined, 'Who,Size'];
const SID = 'S-1-5-21-1-2-3-1104';

describe('who', () => {
  check('by the logon session', [[logon(JDOE)], [unknown({ session })]], RESOLVED);
  check('by a fact that stands later in the file', [[unknown({ session }), logon(JDOE)]], RESOLVED);
  check(
    'by the logon session, names without letter case',
    [[logon(JDOE)], [unknown({ session: { computer: 'dc1.CONTOSO.test', logonId: '0x3af10' } })]],
    RESOLVED,
  );
  check(
    'not by the same logon id of another computer',
    [[logon(JDOE)], [unknown({ session: { ...session, computer: 'DC2' } })]],
    UNRESOLVED,
  );
  check(
    'not by a session that began later: the id is another one then',
    [[logon(JDOE, { when: NOW + 60_000 })], [unknown({ session })]],
    UNRESOLVED,
  );
  check(
    'by the session of its own time when the id was used again',
    [[logon('CONTOSO\\later', { when: NOW + 60_000 }), logon(JDOE)], [unknown({ session })]],
    RESOLVED,
  );
  check(
    'by the SID',
    [
      [{ what: 'x', sids: [{ sid: SID, account: JDOE }] }],
      [unknown({ whoSid: SID.toLowerCase() })],
    ],
    RESOLVED,
  );
  check('not by a SID nobody named', [[unknown({ whoSid: SID })]], UNRESOLVED);
  check(
    'is left alone when the event names it',
    [[logon('CONTOSO\\other')], [unknown({ session, who: JDOE, whoKnownBy: 'event' })]],
    [JDOE, 'event', undefined, 'Who,Size'],
  );
});

describe('workstation', () => {
  const known = { session, who: JDOE, whoKnownBy: 'event' as const, details: [] };
  check(
    'from the session',
    [[logon(JDOE, { workstation: 'WS7' })], [unknown(known)]],
    [JDOE, 'event', 'WS7', ''],
  );
  check(
    'its address where it has no name',
    [[logon(JDOE, { address: '10.0.0.7' })], [unknown(known)]],
    [JDOE, 'event', '10.0.0.7', ''],
  );
});

test('RIDs are those of the content before resolving', async () => {
  const ridOf = async (batches: readonly TestEvent[][]) => {
    await using one = await openFixture();
    for (const events of batches) await one.pipeline.submit(contentBatch(events));
    return (await one.records()).find(({ what }) => what === 'change')?.rid;
  };
  const resolved = await ridOf([[logon(JDOE)], [unknown({ session })]]);
  assert.equal(resolved, await ridOf([[unknown({ session })]]));
});

test('sessions are known after a restart', async () => {
  await using one = await openFixture();
  await one.pipeline.submit(contentBatch([logon(JDOE, { workstation: 'WS7' })]));
  await one.reopen();
  await one.pipeline.submit(contentBatch([unknown({ session })]));
  const record = (await one.records()).find(({ what }) => what === 'change');
  assert.deepEqual([record?.who, record?.workstation], [JDOE, 'WS7']);
});

test('facts are bounded: what was not used for longest is forgotten', () => {
  const map = createBoundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.get('a');
  map.set('c', 3);
  assert.deepEqual(map.entries(), [
    ['a', 1],
    ['c', 3],
  ]);
});
