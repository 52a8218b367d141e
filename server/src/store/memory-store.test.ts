import { createMemoryStore, describeStore } from './testing.ts';

describeStore({ name: 'memory', isLasting: false }, async () => {
  const store = createMemoryStore();
  return { store, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]() };
});
