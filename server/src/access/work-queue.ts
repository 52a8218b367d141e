import { error } from './errors.ts';

export interface WorkQueueLimits {
  /** Pieces of work under way at the same time. */
  readonly running: number;
  readonly waiting: number;
}

export type WorkQueue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs a bounded number at once, in order of arrival. Rejects with ACCESS_BUSY when too many wait already. */
export const createWorkQueue = ({
  running: runningMax,
  waiting: waitingMax,
}: WorkQueueLimits): WorkQueue => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax) throw error('ACCESS_BUSY');
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};
