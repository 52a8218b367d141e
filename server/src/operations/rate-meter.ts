/** How many a second, over the last minute, in constant memory. */

export interface RateMeter {
  add(count: number): void;
  /** Over the last minute, or since the start when that was later. */
  perSecond(): number;
}

const WINDOW_SECONDS = 60;

export const createRateMeter = (clock: () => number): RateMeter => {
  const counts = new Float64Array(WINDOW_SECONDS);
  const startedSecond = Math.floor(clock() / 1000);
  let second = startedSecond;
  const advance = (): void => {
    const now = Math.floor(clock() / 1000);
    const passed = Math.min(now - second, WINDOW_SECONDS);
    for (let step = 1; step <= passed; step += 1) counts[(second + step) % WINDOW_SECONDS] = 0;
    second = Math.max(second, now);
  };
  return {
    add: (count) => {
      advance();
      const slot = second % WINDOW_SECONDS;
      counts[slot] = (counts[slot] ?? 0) + count;
    },
    perSecond: () => {
      advance();
      const seconds = Math.min(WINDOW_SECONDS, second - startedSecond + 1);
      return counts.reduce((sum, count) => sum + count, 0) / seconds;
    },
  };
};
