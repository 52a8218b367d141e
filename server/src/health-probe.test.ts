import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealthProbe } from './health-probe.ts';
import { createTelemetry, readyzAnswer } from './telemetry/index.ts';

interface Parts {
  ping: () => Promise<void>;
  state: { reason?: string; storeTrouble?: string };
  now: number;
}

const createBench = () => {
  const parts: Parts = { ping: async () => {}, state: {}, now: 0 };
  let pings = 0;
  const { health } = createTelemetry({
    level: 'error',
    destination: { write: () => {} },
    clock: () => 0,
  });
  const records = {
    store: {
      ping: () => {
        pings += 1;
        return parts.ping();
      },
    },
    pipeline: { state: () => parts.state },
  };
  const probe = createHealthProbe(records as never, { health, clock: () => parts.now });
  return {
    parts,
    pings: () => pings,
    /** Status, and the reasons of what is not ready. */
    look: async () => {
      parts.now += 1_000;
      await probe.look();
      const { status, body } = readyzAnswer(health.components());
      return [status, ...(body.components ?? []).flatMap(({ reason }) => reason ?? [])];
    },
    lookAgain: probe.look,
  };
};

test('readiness follows the store and the pipeline, both ways', async () => {
  const { parts, look } = createBench();
  assert.deepEqual(await look(), [200]);
  parts.state = { reason: 'the disk is full' };
  assert.deepEqual(await look(), [503, 'the disk is full']);
  parts.state = { storeTrouble: 'it takes no batch' };
  assert.deepEqual(await look(), [503, 'it takes no batch']);
  parts.state = {};
  parts.ping = async () => {
    throw new Error('no answer');
  };
  assert.deepEqual(await look(), [503, 'no answer']);
  parts.ping = async () => {};
  assert.deepEqual(await look(), [200]);
});

test('a store that never answers is not waited for', async (t) => {
  const { parts, look } = createBench();
  parts.ping = () => new Promise(() => {});
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const looked = look();
  t.mock.timers.tick(3_000);
  assert.deepEqual(await looked, [503, 'no answer within 3 seconds']);
});

test('asking often costs nothing', async () => {
  const { parts, look, lookAgain, pings } = createBench();
  await look();
  await Promise.all(Array.from({ length: 100 }, lookAgain));
  assert.equal(pings(), 1);
  parts.now += 1_000;
  await Promise.all(Array.from({ length: 100 }, lookAgain));
  assert.equal(pings(), 2);
});
