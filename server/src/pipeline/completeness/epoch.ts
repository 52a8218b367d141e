/** The record ids seen of one log between two clears, with the holes that were reported. */
import { holesOf, type Interval, intersect, subtract, union } from './intervals.ts';

/** Consecutive ids, with the times of the first and the last of them. */
interface Range {
  from: number;
  to: number;
  fromWhen: number;
  toWhen: number;
}

export interface Epoch {
  /** Time and id of the clear it began with; absent for what came before the first known clear. */
  readonly clear?: { readonly when: number; readonly recordId: number };
  /** Ascending, apart from each other. */
  ranges: Range[];
  reported: Interval[];
  /** Time of the newest event that came into a reported hole. */
  filledWhen?: number;
}

/** Index of the first range that begins behind the id. */
const rangeBehind = (ranges: readonly Range[], id: number): number => {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.from ?? 0) > id) high = middle;
    else low = middle + 1;
  }
  return low;
};

export const addId = (epoch: Epoch, id: number, when: number): void => {
  const { ranges } = epoch;
  const last = ranges.at(-1);
  if (last && id === last.to + 1) {
    last.to = id;
    last.toWhen = when;
    return;
  }
  const index = rangeBehind(ranges, id);
  const before = ranges[index - 1];
  const behind = ranges[index];
  if (before && id <= before.to) return;
  if (epoch.reported.some(([from, to]) => id >= from && id <= to)) {
    epoch.filledWhen = Math.max(epoch.filledWhen ?? when, when);
  }
  const joinsBefore = before !== undefined && before.to + 1 === id;
  const joinsBehind = behind !== undefined && behind.from - 1 === id;
  if (joinsBefore && joinsBehind) {
    before.to = behind.to;
    before.toWhen = behind.toWhen;
    ranges.splice(index, 1);
  } else if (joinsBefore) {
    before.to = id;
    before.toWhen = when;
  } else if (joinsBehind) {
    behind.from = id;
    behind.fromWhen = when;
  } else {
    ranges.splice(index, 0, { from: id, to: id, fromWhen: when, toWhen: when });
  }
};

const intervalsOf = ({ ranges }: Epoch): Interval[] => ranges.map(({ from, to }) => [from, to]);

/** Time of the event right behind the last of the holes. */
const whenBehind = ({ ranges }: Epoch, holes: readonly Interval[]): number => {
  const end = holes.at(-1)?.[1] ?? 0;
  return ranges.find(({ from }) => from === end + 1)?.fromWhen ?? 0;
};

export interface Gaps {
  readonly ranges: readonly Interval[];
  readonly when: number;
}

/** Holes nobody was told about yet, and reported ones that are none any more. */
export const changesOf = (epoch: Epoch): { found?: Gaps; filled?: Gaps } => {
  const holes = holesOf(intervalsOf(epoch));
  const found = subtract(holes, epoch.reported);
  const filled = subtract(epoch.reported, holes);
  return {
    ...(found.length > 0 && { found: { ranges: found, when: whenBehind(epoch, found) } }),
    ...(filled.length > 0 && {
      filled: { ranges: filled, when: epoch.filledWhen ?? epoch.ranges.at(-1)?.toWhen ?? 0 },
    }),
  };
};

export const markReported = (epoch: Epoch, ranges: readonly Interval[]): void => {
  // Not beyond what the epoch spans: it may have been parted at a clear meanwhile.
  const span: Interval[] = [[epoch.ranges[0]?.from ?? 0, epoch.ranges.at(-1)?.to ?? 0]];
  epoch.reported = union(epoch.reported, intersect(ranges, span));
};

export const markFilled = (epoch: Epoch, ranges: readonly Interval[]): void => {
  epoch.reported = subtract(epoch.reported, ranges);
  delete epoch.filledWhen;
};

/** Forgets the lowest holes, reported as they are, so that no more ranges than the bound are kept. */
export const forgetLowest = (epoch: Epoch, rangesMax: number): void => {
  const excess = epoch.ranges.length - rangesMax;
  if (excess <= 0) return;
  const [first, last] = [epoch.ranges[0], epoch.ranges[excess]];
  if (!first || !last) return;
  const joined = { from: first.from, to: last.to, fromWhen: first.fromWhen, toWhen: last.toWhen };
  epoch.ranges.splice(0, excess + 1, joined);
  epoch.reported = subtract(epoch.reported, [[joined.from, joined.to]]);
};

/**
 * Parts an epoch at a clear that became known later than events behind it: by time, and by id for a range that spans
 * the time (numbers that go on over a clear join ranges).
 */
export const splitEpoch = (
  epoch: Epoch,
  clear: { readonly when: number; readonly recordId: number },
): [before: Epoch, after: Epoch] => {
  const before: Epoch = { ...epoch, ranges: [] };
  const after: Epoch = { clear, ranges: [], reported: [] };
  for (const range of epoch.ranges) {
    if (range.toWhen < clear.when) before.ranges.push(range);
    else if (range.fromWhen >= clear.when) after.ranges.push(range);
    else if (range.from < clear.recordId && clear.recordId <= range.to) {
      before.ranges.push({ ...range, to: clear.recordId - 1, toWhen: clear.when });
      after.ranges.push({ ...range, from: clear.recordId, fromWhen: clear.when });
    } else before.ranges.push(range);
  }
  before.reported = intersect(epoch.reported, holesOf(intervalsOf(before)));
  after.reported = intersect(epoch.reported, holesOf(intervalsOf(after)));
  return [before, after];
};
