import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { SOURCES } from './registry.generated.ts';
import type { SourceDeclaration } from './source.ts';
import { describeSource, goldenCases } from './testing.ts';
import { claimantsOf, interpretWindowsEvent, sourceOf } from './windows-routing.ts';

const testdataOf = ({ id }: SourceDeclaration): URL =>
  new URL(`./${id}/testdata/`, import.meta.url);

for (const source of SOURCES) describeSource(source, testdataOf(source));

describe('all sources together', () => {
  const cases = SOURCES.flatMap((source) =>
    goldenCases(testdataOf(source)).map(({ name, event }) => ({ source, name, event })),
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
    for (const { name, event } of cases) {
      const moved = [{ ...event, computer: 'CONTOSO' }, { ...event, computer: 'other' }, event];
      for (const one of moved) assert.ok(claimantsOf(one).length <= 1, name);
    }
  });

  it('get the events of their own cases', () => {
    for (const { source, name, event } of cases) assert.equal(sourceOf(event).id, source.id, name);
  });

  it('give each event one identity', () => {
    const identities = cases.flatMap(({ event }) =>
      interpretWindowsEvent(event, { receivedAt: 0 }).drafts.map((draft) => draft.identity),
    );
    assert.equal(new Set(identities).size, identities.length);
  });
});
