import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isActorExplained, unknownActor } from './index.ts';

test('an unknown actor is Unknown and says why and what would help', () => {
  const { detail, ...who } = unknownActor('The event names no account.', 'Enable auditing.');
  assert.deepEqual(who, { who: 'Unknown', whoKnownBy: 'unknown' });
  assert.deepEqual(detail, {
    property: 'Who',
    message: 'The event names no account. Enable auditing.',
  });
  assert.equal(isActorExplained({ ...who, details: [detail] }), true);
});

test('isActorExplained refuses an unknown actor without a reason, or with a name', () => {
  const check = (who: string, details: Parameters<typeof isActorExplained>[0]['details']): void =>
    assert.equal(isActorExplained({ who, whoKnownBy: 'unknown', details }), false);
  check('Unknown', []);
  check('Unknown', [{ property: 'Who' }]);
  check('Unknown', [{ property: 'Who', message: '' }]);
  check('Unknown', [{ property: 'Reason', message: 'x' }]);
  check('System', [{ property: 'Who', message: 'x' }]);
});

test('isActorExplained has nothing to say about known actors', () => {
  assert.equal(isActorExplained({ who: 'Unknown', whoKnownBy: 'client', details: [] }), true);
  assert.equal(isActorExplained({ who: 'a', whoKnownBy: 'event', details: [] }), true);
});
