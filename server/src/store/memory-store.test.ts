import { createMemoryStore, describeStore } from './testing.ts';

describeStore('memory', async () => {
  const store = createMemoryStore();
  return { store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]() };
});
