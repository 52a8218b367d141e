import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PipelineLimits } from '../pipeline-limits.ts';
import { contentBatch, newBatch, openFixture, things } from '../testing/fixture.ts';

const inputsModule = new URL('../testing/inputs.ts', import.meta.url).href;

/** Short, yet long enough for a harmless event on a busy machine. */
const IMPATIENT = { jobTimeoutMs: 1_500, eventTimeoutMs: 1_500 };

const threaded = (limits: Partial<PipelineLimits> = {}): Parameters<typeof openFixture>[0] => ({
  inputsModule,
  limits: {
    interpreterThreads: 2,
    inlineBytesMax: 0,
    jobTimeoutMs: 20_000,
    eventTimeoutMs: 20_000,
    interpreterHeapMegabytes: 32,
    ...limits,
  },
});

describe('interpreter threads', () => {
  test('give the same records as the calling thread, in the same order', async () => {
    const seen = await Promise.all(
      [threaded({ jobEventsMax: 7 }), {}].map(async (options) => {
        await using one = await openFixture(options);
        const events = things(50).map((thing, index) =>
          index === 20 ? { fault: 'throw' as const } : thing,
        );
        await one.pipeline.submit(contentBatch(events));
        await one.pipeline.submit(newBatch(things(5), { batchId: 'ab'.repeat(16) }));
        return await one.records();
      }),
    );
    assert.equal(seen[0]?.length, 55);
    assert.deepEqual(seen[0], seen[1]);
  });

  test('the event loop goes on while they work', async () => {
    await using one = await openFixture(threaded());
    let turns = 0;
    const counter = setInterval(() => {
      turns += 1;
    }, 1);
    await one.pipeline.submit(contentBatch(things(20_000)));
    clearInterval(counter);
    assert.ok(turns > 3, `${turns} turns`);
  });

  for (const [fault, code, limits] of [
    ['hang', 'PIPELINE_INTERPRET_TIMEOUT', IMPATIENT],
    ['memory', 'PIPELINE_INTERPRET_CRASHED', {}],
  ] as const) {
    test(`an event that makes one ${fault} is rejected, the others are stored`, async () => {
      await using one = await openFixture(threaded(limits));
      const events = [...things(3), { what: 'culprit', fault }, ...things(3, 'more')];
      const receipt = await one.pipeline.submit(contentBatch(events));
      assert.deepEqual(receipt, { added: 6, repeated: 0, rejected: 1 });
      const rejected = (await one.records()).find(
        ({ objectType }) => objectType === 'Rejected event',
      );
      const event = await one.store.rejectedEvent(rejected?.rid ?? '');
      assert.equal(event?.code, code);
      assert.match(Buffer.from(event?.bytes ?? []).toString(), /culprit/);
      assert.deepEqual(
        one.events
          .filter(({ name }) => name === 'pipeline.interpreter-died')
          .map(({ level }) => level),
        ['warn', 'error'],
      );
      assert.equal((await one.pipeline.submit(contentBatch(things(2, 'after')))).added, 2);
    });
  }

  test('replayed batches go there, whatever their size: they may have ended the last process', async () => {
    await using one = await openFixture(
      threaded({ ...IMPATIENT, inlineBytesMax: 1e6, checkpointEveryMs: 1e9 }),
    );
    const parsed = [{ what: 'harmless' }];
    await one.pipeline.submit({ ...contentBatch([{ what: 'poison', fault: 'hang' }]), parsed });
    await one.crash();
    assert.ok(one.names().includes('pipeline.interpreter-died'));
    assert.equal((await one.store.summary()).rejected, 1);
  });

  for (const [name, module] of [
    ['cannot be started', 'data:text/javascript,throw new Error("no")'],
    ['do not know the input', 'data:text/javascript,export const RAW_INPUTS = {}'],
  ] as const) {
    test(`that ${name}: the calling thread does it`, async () => {
      await using one = await openFixture({ ...threaded(), inputsModule: module });
      assert.equal((await one.pipeline.submit(contentBatch(things(5)))).added, 5);
    });
  }
});

test('a batch of an input that is gone is rejected when it is replayed', async () => {
  await using one = await openFixture({ limits: { checkpointEveryMs: 1e9 } });
  await one.pipeline.submit(contentBatch(things(2)));
  await one.crash({ inputs: {} });
  const summary = await one.store.summary();
  assert.deepEqual([summary.records, summary.rejected], [4, 2]);
});
