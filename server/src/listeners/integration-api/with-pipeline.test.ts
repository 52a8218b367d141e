/** The listener in front of the real pipeline: what is written is found, in the order and with the RIDs of the pipeline. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPipeline } from '../../pipeline/index.ts';
import { RAW_INPUTS } from '../../sources/index.ts';
import { createMemoryStore } from '../../store/testing.ts';
import { call, ENUM, find, page, record, WRITE, writeJson } from './testing/call.ts';
import { openTestApi } from './testing/open-test-api.ts';

test('6: written through the pipeline: visible, in order, archive-only records hidden', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'integration-api-'));
  const store = createMemoryStore();
  const events: string[] = [];
  try {
    await using pipeline = await createPipeline({
      folder,
      store,
      inputs: RAW_INPUTS,
      emit: ({ name }) => events.push(name),
      clock: Date.now,
      randomBytes,
    });
    await using api = await openTestApi({ store, sink: pipeline });
    const large = Array.from({ length: 1300 }, (_, index) =>
      record({ What: `${index}`, MonitoringPlan: { Name: 'Doors' }, Item: { Name: 'Badge feed' } }),
    );
    assert.equal((await writeJson(api, large)).status, 200);
    assert.equal((await writeJson(api, [record({ What: 'x', IsArchiveOnly: true })])).status, 200);
    const xml = Object.entries(record({ What: 'from XML' }))
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('');
    const body = `<ActivityRecordList><ActivityRecord>${xml}</ActivityRecord></ActivityRecordList>`;
    assert.equal((await call(api, WRITE, { body })).status, 200);
    const got = (await page(api, `${ENUM}?count=5000`)).ActivityRecordList;
    assert.deepEqual(
      got.map(({ What }) => What),
      [...large.map(({ What }) => What), 'from XML'],
    );
    assert.equal(new Set(got.map(({ RID }) => RID)).size, 1301);
    assert.equal((await find(api, { Item: { Equals: 'badge feed (integration)' } })).length, 1000);
    const summary = await store.summary();
    assert.deepEqual([summary.archiveOnly, summary.rejected], [1, 0]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
