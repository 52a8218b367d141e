/** Waiting, replaceable so that a test decides when time passes. */
export interface Timers {
  /** Runs once after so many milliseconds, unless the returned function is called before. */
  after(delayMs: number, run: () => void): () => void;
  /** The same for work nobody waits for: it does not keep the process alive. */
  later(delayMs: number, run: () => void): () => void;
}

export const SYSTEM_TIMERS: Timers = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  later: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after the delay, or at once when the signal aborts. */
export const delay = (timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(delayMs, end);
    signal.addEventListener('abort', end, { once: true });
  });
