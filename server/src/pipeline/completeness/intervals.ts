/** Sets of whole numbers as sorted, separate, inclusive intervals. Pure. */
export type Interval = readonly [from: number, to: number];

export const countNumbers = (set: readonly Interval[]): number =>
  set.reduce((sum, [from, to]) => sum + to - from + 1, 0);

export const union = (a: readonly Interval[], b: readonly Interval[]): Interval[] => {
  const sorted = [...a, ...b].sort((one, other) => one[0] - other[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
};

export const intersect = (a: readonly Interval[], b: readonly Interval[]): Interval[] => {
  const common: Interval[] = [];
  let [i, j] = [0, 0];
  for (let one = a[i], other = b[j]; one && other; one = a[i], other = b[j]) {
    const from = Math.max(one[0], other[0]);
    const to = Math.min(one[1], other[1]);
    if (from <= to) common.push([from, to]);
    if (one[1] < other[1]) i += 1;
    else j += 1;
  }
  return common;
};

/** The numbers strictly between neighbouring intervals. */
export const holesOf = (set: readonly Interval[]): Interval[] =>
  set.flatMap(([from], index): Interval[] => {
    const before = set[index - 1];
    return before ? [[before[1] + 1, from - 1]] : [];
  });

export const subtract = (a: readonly Interval[], b: readonly Interval[]): Interval[] => {
  const everything: Interval[] = union(b, [
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ]);
  return intersect(a, holesOf(everything));
};

/** `101-150, 160`, at most so many. */
export const formatIntervals = (set: readonly Interval[], countMax: number): string =>
  set
    .slice(0, countMax)
    .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
    .join(', ');
