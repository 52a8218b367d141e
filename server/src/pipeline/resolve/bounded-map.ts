/** A map that forgets what was not used for longest. */
export interface BoundedMap<Value> {
  /** Counts as use. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Least recently used first. */
  entries(): [string, Value][];
  readonly size: number;
}

export const createBoundedMap = <Value>(sizeMax: number): BoundedMap<Value> => {
  const map = new Map<string, Value>();
  return {
    get: (key) => {
      const value = map.get(key);
      if (value !== undefined) {
        map.delete(key);
        map.set(key, value);
      }
      return value;
    },
    set: (key, value) => {
      map.delete(key);
      map.set(key, value);
      if (map.size <= sizeMax) return;
      const oldest = map.keys().next();
      if (!oldest.done) map.delete(oldest.value);
    },
    entries: () => [...map],
    get size() {
      return map.size;
    },
  };
};
