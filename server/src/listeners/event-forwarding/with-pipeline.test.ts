/** Through the real pipeline into a store: what search finds in the end. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildEvents } from '../../codecs/testing.ts';
import { createPipeline } from '../../pipeline/index.ts';
import { RAW_INPUTS } from '../../sources/index.ts';
import { createMemoryStore } from '../../store/testing.ts';
import { eventXml, eventXmls } from './testing/event-xml.ts';
import { openTestForwarding, SUBSCRIPTION } from './testing/open-test-forwarding.ts';
import { nextMessageId, openWindowsClient } from './testing/windows-client.ts';

test('replayed bodies add nothing, hostile events are rejected alone, foreign ones are marked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-forwarding-'));
  const store = createMemoryStore();
  try {
    await using pipeline = await createPipeline({
      folder,
      store,
      inputs: RAW_INPUTS,
      emit: () => {},
      clock: Date.now,
      randomBytes,
      limits: { interpreterThreads: 0 },
    });
    await using server = await openTestForwarding({ sink: pipeline });
    using one = await openWindowsClient(server);
    using two = await openWindowsClient({ ...server, machine: 'pc2.example.org' });
    const hostile = [
      '<!DOCTYPE a [<!ENTITY b "c">]><Event>&b;</Event>',
      `<Event>${'<a>'.repeat(200)}`,
      eventXml({ recordId: 99 }).replace('</System>', ''),
      'no XML at all',
    ];
    const body = buildEvents({
      to: '',
      machineId: one.machine,
      messageId: nextMessageId(),
      identifier: SUBSCRIPTION.id,
      events: [
        ...eventXmls(20),
        ...hostile,
        ...eventXmls(5, 21),
        ...eventXmls(1, 7, 'dc1.example.org'),
      ],
    });
    const statuses = await Promise.all([
      one.post(body),
      two.send(eventXmls(10, 1, 'pc2.example.org')),
      one.post(body),
    ]);
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal((await one.post(body)).status, 200);
    await pipeline.drained();

    const { records } = await store.enumerate({ visible: 'everything', limit: 1000 });
    const of = (where: string) =>
      records.filter((record) => record.where === where && record.dataSource === 'Event Log');
    assert.equal(of('pc1.example.org').length, 25);
    assert.equal(of('pc2.example.org').length, 10);
    assert.deepEqual(
      of('dc1.example.org').map(({ item }) => item),
      [{ name: 'pc1.example.org', type: 'Unverified sender' }],
    );
    assert.ok(of('pc1.example.org').every(({ item }) => item === undefined));
    const told = records.filter(({ objectType }) => objectType === 'Completeness');
    assert.deepEqual(
      told.map(({ action, what }) => [action, what]),
      [['Sender not verified', 'Events of dc1.example.org delivered by pc1.example.org']],
    );
    const rejected = records.filter(({ action }) => action === 'Rejected');
    assert.equal(rejected.length, hostile.length);
    assert.ok(rejected.every(({ where }) => where === 'pc1.example.org'));
    assert.equal((await store.summary()).rejected, hostile.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
