import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { WindowsEvent } from '../codecs/index.ts';
import { interpretTogether } from './interpret-together.ts';
import { SOURCES } from './registry.generated.ts';
import type { Fragment, SourceDeclaration } from './source.ts';
import { describeSource, goldenCases } from './testing.ts';
import {
  claimantsOf,
  interpretWindowsEvent,
  joinWindowsFragments,
  sourceOf,
} from './windows-routing.ts';

const testdataOf = ({ id }: SourceDeclaration): URL =>
  new URL(`./${id}/testdata/`, import.meta.url);

for (const source of SOURCES) describeSource(source, testdataOf(source));

describe('all sources together', () => {
  const cases = SOURCES.flatMap((source) =>
    goldenCases(testdataOf(source)).map(({ name, events }) => ({ source, name, events })),
  );

  const events = cases.flatMap(({ events: together, ...rest }) =>
    together.map((event) => ({ ...rest, event })),
  );

  it('have different ids and titles', () => {
    assert.equal(new Set(SOURCES.map(({ id }) => id)).size, SOURCES.length);
    assert.equal(new Set(SOURCES.map(({ title }) => title)).size, SOURCES.length);
  });

  it('explain themselves in a README', () => {
    for (const { id } of SOURCES) {
      assert.ok(existsSync(new URL(`./${id}/README.md`, import.meta.url)), id);
    }
  });

  it('never claim the same event twice', () => {
    for (const { name, event } of events) {
      const moved = [{ ...event, computer: 'CONTOSO' }, { ...event, computer: 'other' }, event];
      for (const one of moved) assert.ok(claimantsOf(one).length <= 1, name);
    }
  });

  it('need events of others only where a source reads them', () => {
    const all: readonly SourceDeclaration[] = SOURCES;
    const claimed = all.flatMap(({ windowsEvents = [] }) => windowsEvents);
    const needs = all.flatMap(({ needsEvents = [] }) => needsEvents);
    assert.ok(needs.length > 0);
    for (const { provider, channel, eventIds } of needs) {
      for (const eventId of eventIds) {
        const claim = claimed.find(
          (one) => one.provider === provider && one.eventIds.includes(eventId),
        );
        assert.ok(claim !== undefined && [claim.channel].flat().includes(channel), `${eventId}`);
      }
    }
  });

  it('get the events of their own cases', () => {
    for (const { source, name, event } of events) assert.equal(sourceOf(event).id, source.id, name);
  });

  it('give each event one identity', () => {
    const context = { receivedAt: 0 };
    const all = {
      interpret: (event: WindowsEvent) => interpretWindowsEvent(event, context),
      join: (fragments: readonly Fragment[]) => joinWindowsFragments(fragments, context),
    };
    const identities = cases.flatMap((one) =>
      interpretTogether(all, one.events).drafts.map((draft) => draft.identity),
    );
    assert.equal(new Set(identities).size, identities.length);
  });
});
