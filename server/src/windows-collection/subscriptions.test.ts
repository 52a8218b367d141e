import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseXmlTree } from '@witness/record';
import { type EventSelection, toQueryList } from '../codecs/index.ts';
import { SOURCES, type SourceDeclaration, sourceOf } from '../sources/index.ts';
import { subscriptionsOf } from './index.ts';
import { planOf } from './testing.ts';

const ALL: readonly SourceDeclaration[] = SOURCES;
const SECURITY = {
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
} as const;

const check = (
  sources: readonly string[],
  expected: readonly EventSelection[] | undefined,
): void => {
  const [subscription, ...more] = subscriptionsOf([planOf('Plan', sources)], SOURCES);
  assert.deepEqual(more, []);
  assert.deepEqual(subscription?.selections, expected);
};

describe('selections', () => {
  test('of one source, with what completes its records', () =>
    check(['group-policy'], [{ ...SECURITY, eventIds: [4624, 5136, 5137, 5138, 5139, 5141] }]));

  test('of a log that only one product writes', () =>
    check(
      ['exchange'],
      [{ channel: 'MSExchange Management', provider: 'MSExchange CmdletLogs', eventIds: [1, 6] }],
    ));

  test('by event id alone where the provider has the name of an instance', () => {
    const eventIds = [15457, 18453, 18454, 18455, 18456, 33205];
    check(
      ['sql-server'],
      [
        { channel: 'Application', eventIds },
        { channel: 'Application', provider: 'MSSQLSERVER', eventIds },
        { channel: 'Security', eventIds },
        { channel: 'Security', provider: 'MSSQLSERVER$AUDIT', eventIds },
      ],
    );
  });

  test('of a provider that writes to several logs', () => {
    const [subscription] = subscriptionsOf([planOf('Plan', ['windows-server'])], SOURCES);
    const ofLogService = subscription?.selections.filter(
      ({ provider }) => provider === 'Microsoft-Windows-Eventlog',
    );
    assert.deepEqual(
      ofLogService?.map(({ channel, eventIds }) => [channel, eventIds]),
      [
        ['Security', [1100, 1101, 1102]],
        ['System', [104]],
      ],
    );
  });

  test('of several sources: each event once', () => {
    const [subscription] = subscriptionsOf(
      [planOf('Plan', ['logon-activity', 'group-policy', 'active-directory'])],
      SOURCES,
    );
    assert.deepEqual(
      subscription?.selections.map(({ channel }) => channel),
      ['Security'],
    );
    const ids = subscription?.selections[0]?.eventIds ?? [];
    assert.deepEqual([...new Set(ids)], ids);
    assert.ok([4624, 4720, 5136].every((id) => ids.includes(id)));
  });
});

describe('no subscription', () => {
  test('of sources that Windows events do not feed', () =>
    check(['integration-api', 'event-log', 'no-such-source'], undefined));
  test('of a plan or source that is disabled', () => {
    const disabled = planOf('Off', ['group-policy'], { isEnabled: false });
    const [part] = planOf('Part', ['group-policy']).dataSources;
    assert.ok(part);
    const without = planOf('Part', [], { dataSources: [{ ...part, isEnabled: false }] });
    assert.deepEqual(subscriptionsOf([disabled, without], SOURCES), []);
  });
});

describe('identity', () => {
  const [one] = subscriptionsOf([planOf('Plan', ['group-policy', 'exchange'])], SOURCES);

  test('is the same in every run', () =>
    assert.deepEqual(
      [one?.id, one?.name, one?.contentFormat, one?.planId],
      [
        '3D0C15C9-4018-4E1E-B929-FDFC71BC1E31',
        'Plan',
        'Events',
        '{00000000-0000-4000-8000-0000506c616e}',
      ],
    ));

  test('revision follows the query, not the order of the plan', () => {
    const [turned] = subscriptionsOf([planOf('Plan', ['exchange', 'group-policy'])], SOURCES);
    assert.deepEqual(turned, one);
  });

  test('the id stays and the revision changes when the plan audits more', () => {
    const more = ['group-policy', 'exchange', 'ad-fs'];
    const [changed] = subscriptionsOf([planOf('Plan', more)], SOURCES);
    assert.equal(changed?.id, one?.id);
    assert.notEqual(changed?.revision, one?.revision);
  });

  test('every plan has its own', () => {
    const both = subscriptionsOf(
      ['A', 'B'].map((name) => planOf(name, ['exchange'])),
      SOURCES,
    );
    assert.equal(new Set(both.map(({ id }) => id)).size, 2);
    assert.equal(new Set(both.map(({ revision }) => revision)).size, 1);
  });
});

/** Windows refuses a Select with more comparisons. */
const COMPARISONS_MAX = 22;

test('the queries of every source, and of all together, are within the limits of Windows', () => {
  const plans = [
    ...ALL.map(({ id }) => planOf(id, [id])),
    planOf(
      'All',
      ALL.map(({ id }) => id),
    ),
  ];
  const subscriptions = subscriptionsOf(plans, SOURCES);
  assert.equal(subscriptions.length, 9);
  for (const { name, selections } of subscriptions) {
    const queries = parseXmlTree(toQueryList(selections)).children;
    assert.ok(queries.length > 0);
    for (const { children } of queries) {
      for (const { text } of children) {
        const comparisons = text.match(/[<>]?=/g)?.length ?? 0;
        assert.ok(comparisons <= COMPARISONS_MAX, `${name}: ${text}`);
      }
    }
  }
});

test('what a plan asks for reaches its sources', () => {
  for (const source of ALL) {
    const [subscription] = subscriptionsOf([planOf(source.id, [source.id])], SOURCES);
    for (const { provider, channel, eventIds, when } of source.windowsEvents ?? []) {
      const name = provider.replace('*', 'SALES');
      for (const one of [channel].flat()) {
        for (const eventId of eventIds) {
          const isAskedFor = subscription?.selections.some(
            (selection) =>
              selection.channel === one &&
              (selection.provider ?? name) === name &&
              selection.eventIds?.includes(eventId),
          );
          assert.ok(isAskedFor, `${source.id}: ${provider} ${eventId}`);
          if (when !== undefined) continue;
          const event = {
            provider: name,
            eventId,
            channel: one,
            computer: 'x',
            recordId: 1,
            when: 0,
            systemTime: '1970-01-01T00:00:00Z',
            data: [],
          };
          assert.equal(sourceOf(event).id, source.id);
        }
      }
    }
  }
});
