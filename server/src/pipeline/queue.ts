/** First in, first out, with constant cost however long it gets. */
export interface Queue<Item> {
  push(item: Item): void;
  shift(): Item | undefined;
  peek(): Item | undefined;
  readonly size: number;
}

const COMPACT_AT = 1_024;

export const createQueue = <Item>(): Queue<Item> => {
  let items: (Item | undefined)[] = [];
  let head = 0;
  return {
    push: (item) => {
      items.push(item);
    },
    shift: () => {
      const item = items[head];
      if (head === items.length) return undefined;
      items[head] = undefined;
      head += 1;
      if (head >= COMPACT_AT && head * 2 >= items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    peek: () => items[head],
    get size() {
      return items.length - head;
    },
  };
};

/** Lets one loop sleep until another part of the program changed something. */
export interface Signal {
  /** Resolves when the condition holds; it is looked at again at every `wake`. */
  until(condition: () => boolean): Promise<void>;
  wake(): void;
}

export const createSignal = (): Signal => {
  let sleeping: { condition: () => boolean; resolve: () => void }[] = [];
  return {
    until: (condition) =>
      condition()
        ? Promise.resolve()
        : new Promise((resolve) => {
            sleeping.push({ condition, resolve });
          }),
    wake: () => {
      if (sleeping.length === 0) return;
      const [awake, asleep] = [
        sleeping.filter(({ condition }) => condition()),
        sleeping.filter(({ condition }) => !condition()),
      ];
      sleeping = asleep;
      for (const { resolve } of awake) resolve();
    },
  };
};
