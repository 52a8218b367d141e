/** The part of the conformance suite about collecting: where events are written, and what makes Windows write them. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { WindowsEvent } from '../codecs/index.ts';
import { auditSubcategoryGuid } from '../windows-events/index.ts';
import type { SourceDeclaration, WindowsEventClaim } from './source.ts';
import type { WindowsSetup } from './windows-setup.ts';

const claims = ({ provider, eventIds, when }: WindowsEventClaim, event: WindowsEvent): boolean =>
  eventIds.includes(event.eventId) &&
  (provider.endsWith('*')
    ? event.provider.startsWith(provider.slice(0, -1))
    : event.provider === provider) &&
  (when === undefined || when(event));

const REASON = /^\S.*[^.\s]$/;

const assertSetup = (setup: WindowsSetup, channels: ReadonlySet<string>): void => {
  const { computers, auditPolicy = [], logs, auditEntries = [], registry = [], steps = [] } = setup;
  assert.match(computers, REASON);
  const needs = [...auditPolicy, ...logs, ...auditEntries, ...registry, ...steps];
  for (const { reason } of needs) assert.match(reason, REASON);
  for (const { subcategory } of auditPolicy) {
    assert.ok(auditSubcategoryGuid(subcategory) !== undefined, subcategory);
  }
  assert.deepEqual(new Set(logs.map(({ log }) => log)), channels);
  for (const { sizeBytes } of logs) assert.equal(sizeBytes % 65_536, 0);
  for (const { script } of auditEntries) assert.ok(script.length > 0);
  for (const { key } of registry) assert.match(key, /^HKLM\\/);
};

/** Runs on a source with the events of its golden cases; within a `describe`. */
export const describeCollection = (
  { windowsEvents = [], windowsSetup }: SourceDeclaration,
  cases: readonly WindowsEvent[],
): void => {
  if (windowsEvents.length === 0) return;

  it('says which event log its events are written to', () => {
    for (const event of cases) {
      const channels = windowsEvents
        .filter((claim) => claims(claim, event))
        .flatMap(({ channel }) => channel);
      assert.ok(channels.includes(event.channel), `${event.provider} ${event.eventId}`);
    }
  });

  it('says what an administrator sets, and why', () => {
    assert.ok(windowsSetup !== undefined);
    assertSetup(windowsSetup, new Set(windowsEvents.flatMap(({ channel }) => channel)));
  });
};
