export type Exclusive = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs one piece of work at a time, in order of arrival. A failure reaches its own caller only. */
export const createMutex = (): Exclusive => {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = tail.then(work);
    tail = run.catch(() => undefined);
    return run;
  };
};
