import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditStore } from './index.ts';
import { describeStore } from './testing.ts';

describeStore({ name: 'embedded', isLasting: true }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'witness-store-'));
  const open = () =>
    openAuditStore({
      engine: { kind: 'embedded', folder },
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
      await rm(folder, { recursive: true, force: true });
    },
  };
});
