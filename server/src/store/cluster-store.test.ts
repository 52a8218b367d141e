/** The cluster's path: the same client over TCP. A ClickHouse server is not at hand; the engine host answers as one. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { WitnessError } from '@witness/record';
import { startEngineProcess } from './engine/engine-process.ts';
import { openAuditStore } from './index.ts';
import { describeStore } from './testing.ts';

const MEMORY_BYTES = 1024 ** 3;

describeStore({ name: 'cluster', isLasting: true }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'witness-store-'));
  const host = await startEngineProcess({
    folder,
    memoryBytesMax: MEMORY_BYTES,
    overTcp: true,
    emit: () => {},
  });
  const open = () =>
    openAuditStore({
      engine: {
        kind: 'cluster',
        url: `http://127.0.0.1:${host.port()}`,
        database: 'audit',
        username: 'default',
        password: '',
      },
      emit: () => {},
      clock: () => 0,
      keepRawEvents: true,
    });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store[Symbol.asyncDispose]();
      store = await open();
      return store;
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

it('refuses addresses and names that cannot be', async () => {
  const cluster = {
    kind: 'cluster',
    url: 'http://127.0.0.1:1',
    database: 'audit',
    username: '',
    password: '',
  } as const;
  const check = async (changed: object, code: string) => {
    const engine = { ...cluster, ...changed };
    await assert.rejects(
      openAuditStore({ engine, emit: () => {}, clock: () => 0 }),
      (error) => error instanceof WitnessError && error.code === code,
    );
  };
  await check({ database: 'a; DROP TABLE b' }, 'STORE_ADDRESS_INVALID');
  await check({ cluster: "x'" }, 'STORE_ADDRESS_INVALID');
  await check({ url: 'file:///etc/passwd' }, 'STORE_ADDRESS_INVALID');
  await check({}, 'STORE_ENGINE_AWAY');
});
