import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contentHash, createRid } from '@witness/record';
import { parseSearch } from '../../search-language/index.ts';
import { createMemoryStore } from '../../store/testing.ts';
import { activityRecordLineInput, integrationApi } from './index.ts';

const TESTDATA = new URL('./testdata/', import.meta.url);

/** Every record the lines of the golden pairs yield. */
const drafts = readdirSync(TESTDATA)
  .filter((file) => file.endsWith('.line.ndjson'))
  .flatMap((file) => {
    try {
      return activityRecordLineInput.interpret(readFileSync(new URL(file, TESTDATA)), {
        receivedAt: 0,
      }).drafts;
    } catch {
      return [];
    }
  });

test('the declaration names the port, the item type and the title that records carry', () => {
  assert.equal(integrationApi.id, 'integration-api');
  assert.equal(integrationApi.title, 'Netwrix API');
  assert.deepEqual(integrationApi.itemTypes, ['Integration']);
  assert.deepEqual(
    integrationApi.ports.map(({ direction, protocol, port }) => [direction, protocol, port]),
    [['inbound', 'tcp', '9699']],
  );
});

test('the documented actions are declared once each, and that there are others', () => {
  const { actions } = integrationApi;
  assert.equal(actions.length, 24);
  assert.equal(new Set(actions).size, actions.length);
  assert.ok(actions.includes('Discard check out'));
  assert.ok(actions.includes('*'));
  assert.ok(drafts.some(({ action }) => !actions.includes(action as (typeof actions)[number])));
});

test('settings: none, and unknown ones are refused', () => {
  assert.deepEqual(integrationApi.settings.parse({}), {});
  assert.throws(() => integrationApi.settings.parse({ port: 1 }), /port/);
});

const store = createMemoryStore();
await store.insert({
  token: 'testdata',
  mayRepeat: true,
  records: drafts.map(({ identity, session: _, whoSid: __, ...content }, index) => ({
    record: { ...content, rid: createRid(content.when, contentHash(content, identity)) },
    sequence: BigInt(index + 1),
  })),
});

const found = (search?: string): Promise<number> => {
  const where = search === undefined ? undefined : parseSearch(search, { now: 0 });
  return store.count({ visible: 'everything', ...(where && { where }) });
};

for (const { title, search } of integrationApi.examples) {
  test(`example search finds some and not all: ${title}`, async () => {
    const count = await found(search);
    assert.ok(count > 0 && count < (await found()), `${search}: ${count}`);
  });
}
