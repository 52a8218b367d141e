/** A map that forgets what was set longest ago once it holds `limit` entries. */
export interface BoundedMap<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  /** Also makes the entry the youngest. */
  set(key: string, value: Value): void;
  delete(key: string): void;
  clear(): void;
  entries(): IterableIterator<[string, Value]>;
}

export const createBoundedMap = <Value>(limit: number): BoundedMap<Value> => {
  const map = new Map<string, Value>();
  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(key),
    set: (key, value) => {
      map.delete(key);
      const oldest = map.size >= limit ? map.keys().next() : undefined;
      if (oldest && !oldest.done) map.delete(oldest.value);
      map.set(key, value);
    },
    delete: (key) => {
      map.delete(key);
    },
    clear: () => map.clear(),
    entries: () => map.entries(),
  };
};
