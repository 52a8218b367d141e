import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ActivityRecord } from '@witness/record';
import { REJECTED_OBJECT_TYPE } from '../interpret/rejected-event.ts';
import { contentBatch, type Fixture, openFixture, things } from '../testing/fixture.ts';
import { RAW_INPUTS, type TestEvent } from '../testing/inputs.ts';

type Options = NonNullable<Parameters<typeof openFixture>[0]>;

const THREADS: Options = {
  inputsModule: new URL('../testing/inputs.ts', import.meta.url).href,
  limits: {
    interpreterThreads: 2,
    inlineBytesMax: 0,
    jobTimeoutMs: 20_000,
    eventTimeoutMs: 20_000,
    interpreterHeapMegabytes: 32,
  },
};

const WAYS: Readonly<Record<string, Options>> = {
  'on the calling thread': {},
  'in one job of a thread': THREADS,
  'cut into several jobs': { ...THREADS, limits: { ...THREADS.limits, jobEventsMax: 2 } },
};

const whatOf = ({ what, objectType }: ActivityRecord): string =>
  objectType === REJECTED_OBJECT_TYPE ? 'rejected' : what;

const whatsOf = async (one: Fixture): Promise<string[]> => (await one.records()).map(whatOf);

const part = (what: string, ...joins: string[]): TestEvent => ({ what, joins });

for (const [way, options] of Object.entries(WAYS)) {
  describe(`fragments ${way}`, () => {
    const check = async (events: readonly TestEvent[], expected: readonly string[]) => {
      await using one = await openFixture(options);
      await one.pipeline.submit(contentBatch(events));
      assert.deepEqual((await whatsOf(one)).sort(), [...expected].sort());
      return await one.records();
    };

    test('of one key are joined, in the order of the events', async () => {
      await check(
        [part('a', 'x'), part('b', 'y'), ...things(2), part('c', 'x'), part('d', 'x')],
        ['a+c+d', 'b', 'thing 0', 'thing 1'],
      );
    });

    test('of one event go to each of their groups, as different records', async () => {
      const records = await check([part('a', 'x', 'y', 'z'), part('b', 'y')], ['a', 'a+b', 'a']);
      assert.equal(new Set(records.map(({ rid }) => rid)).size, 3);
    });

    test('that cannot be joined leave their events as rejected, each once', async () => {
      const records = await check(
        [part('a', 'x', 'y'), { ...part('b', 'x', 'y'), joinFault: 'throw' }, part('c', 'z')],
        ['rejected', 'rejected', 'c'],
      );
      const rejected = records.filter((record) => whatOf(record) === 'rejected');
      for (const { details } of rejected) {
        assert.equal(details.find(({ property }) => property === 'Code')?.after, 'TEST_EVENT_BAD');
      }
    });

    test('belong to the plan of the batch', async () => {
      const plan = { id: '{00000000-0000-0000-0000-000000000001}', name: 'Domain' };
      await using one = await openFixture(options);
      await one.pipeline.submit(contentBatch([part('a', 'x'), part('b', 'x')], { plan }));
      assert.deepEqual((await one.records()).map(whatOf), ['a+b']);
      assert.deepEqual((await one.records())[0]?.plan, plan);
    });
  });
}

test('fragments give the same records wherever they are joined', async () => {
  const events = [...things(3), part('a', 'x', 'y'), part('b', 'x'), ...things(3, 'more')];
  const seen = await Promise.all(
    Object.values(WAYS).map(async (options) => {
      await using one = await openFixture(options);
      await one.pipeline.submit(contentBatch(events, { batchId: 'ab'.repeat(16) }));
      return await one.records();
    }),
  );
  assert.equal(seen[0]?.length, 8);
  assert.deepEqual(seen[1], seen[0]);
  assert.deepEqual(seen[2], seen[0]);
});

test('fragments of different batches stay apart', async () => {
  await using one = await openFixture();
  await one.pipeline.submit(contentBatch([part('a', 'x')]));
  await one.pipeline.submit(contentBatch([part('b', 'x')]));
  assert.deepEqual((await whatsOf(one)).sort(), ['a', 'b']);
});

test('the same batch again is the same records', async () => {
  await using one = await openFixture();
  const events = [part('a', 'x'), part('b', 'x')];
  await one.pipeline.submit(contentBatch(events));
  assert.deepEqual(await one.pipeline.submit(contentBatch(events)), {
    added: 0,
    repeated: 1,
    rejected: 0,
  });
});

test('the raw event of the first fragment is kept beside the record', async () => {
  await using one = await openFixture({ keepRawEvents: true });
  await one.pipeline.submit(contentBatch([part('a', 'x'), part('b', 'x')]));
  const [record] = await one.records();
  const raw = await one.store.rawEvent(record?.rid ?? '');
  assert.match(Buffer.from(raw?.bytes ?? []).toString(), /"what":"a"/);
});

test('fragments that make a thread hang are rejected, the others are joined', async () => {
  const limits = { ...THREADS.limits, jobTimeoutMs: 1_500, eventTimeoutMs: 1_500 };
  await using one = await openFixture({ ...THREADS, limits });
  const culprits: TestEvent[] = [part('b', 'y'), { ...part('c', 'y'), joinFault: 'hang' }];
  await one.pipeline.submit(contentBatch([part('a', 'x'), ...culprits, part('d', 'x')]));
  assert.deepEqual((await whatsOf(one)).sort(), ['a+d', 'rejected', 'rejected']);
});

test('fragments of an input that cannot join are rejected', async () => {
  const input = RAW_INPUTS['test-event'];
  assert.ok(input);
  const { join: _, ...unable } = input;
  await using one = await openFixture({ inputs: { 'test-event': unable } });
  const receipt = await one.pipeline.submit(contentBatch([part('a', 'x'), ...things(1)]));
  assert.deepEqual(receipt, { added: 1, repeated: 0, rejected: 1 });
});
