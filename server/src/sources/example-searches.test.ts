/** A source's example searches find something in its own cases, and nothing of another source. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ActivityRecord, contentHash, createRid } from '@witness/record';
import { parseSearch } from '../search-language/index.ts';
import type { AuditStore } from '../store/index.ts';
import { createMemoryStore } from '../store/testing.ts';
import { type Interpreter, interpretTogether } from './interpret-together.ts';
import { SOURCES } from './registry.generated.ts';
import { goldenCases } from './testing.ts';
import { interpretWindowsEvent, joinWindowsFragments } from './windows-routing.ts';

const CONTEXT = { receivedAt: 0 };
const TOGETHER: Interpreter = {
  interpret: (event) => interpretWindowsEvent(event, CONTEXT),
  join: (fragments) => joinWindowsFragments(fragments, CONTEXT),
};

const recordsOfCases = (): ActivityRecord[] =>
  SOURCES.flatMap(({ id }) =>
    goldenCases(new URL(`./${id}/testdata/`, import.meta.url)).flatMap(({ events }) =>
      interpretTogether(TOGETHER, events).drafts.map(
        ({ identity, session: _, whoSid: __, ...content }): ActivityRecord => ({
          ...content,
          rid: createRid(content.when, contentHash(content, identity)),
        }),
      ),
    ),
  );

const filledStore = async (): Promise<AuditStore> => {
  const store = createMemoryStore();
  const records = recordsOfCases().map((record, i) => ({ record, sequence: BigInt(i + 1) }));
  await store.insert({ token: 'cases', records, mayRepeat: false });
  return store;
};

it('finds what every example search promises', async () => {
  const store = await filledStore();
  for (const source of SOURCES) {
    if (!('interpretWindowsEvent' in source)) continue;
    for (const { search } of source.examples) {
      const where = parseSearch(search, { now: Date.UTC(2026, 1, 1) });
      assert.ok(where, search);
      let found = 0;
      for await (const records of store.search({ where, visible: 'everything' })) {
        for (const { dataSource } of records) assert.equal(dataSource, source.title, search);
        found += records.length;
      }
      assert.ok(found > 0, `nothing found: ${search}`);
    }
  }
});
