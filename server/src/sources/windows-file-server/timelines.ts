/** Activities by a key, in the order of time, for finding what happened close to a moment. */
import type { Activity } from './activity.ts';

export interface Timelines {
  readonly add: (key: string, activity: Activity) => void;
  /** The closest activity of the key that began within the window before or after, other than the given one. */
  readonly nearest: (key: string, to: Activity, windowMs: number) => Activity | undefined;
}

/** Index of the first activity that began at the time or later. */
const indexAt = (list: readonly Activity[], when: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.firstWhen ?? 0) < when) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Activities must be added in the order of time. */
export const createTimelines = (): Timelines => {
  const lists = new Map<string, Activity[]>();
  return {
    add: (key, activity) => {
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [activity]);
      else list.push(activity);
    },
    nearest: (key, to, windowMs) => {
      const list = lists.get(key);
      if (list === undefined) return undefined;
      const at = indexAt(list, to.firstWhen);
      const before = list[at - 1];
      const after = list[at] === to ? list[at + 1] : list[at];
      const gapBefore = before === undefined ? Infinity : to.firstWhen - before.firstWhen;
      const gapAfter = after === undefined ? Infinity : after.firstWhen - to.firstWhen;
      if (Math.min(gapBefore, gapAfter) > windowMs) return undefined;
      return gapAfter <= gapBefore ? after : before;
    },
  };
};
