/** Entry: the command line, handed over to commands/. */
import { randomBytes } from 'node:crypto';
import { OUTPUT_CLOSED, runCommandLine } from './commands/index.ts';

/** A terminal's Ctrl+C reaches this process and those that started it, which pass it on: one wish, several signals. */
const SAME_WISH_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const ending = new AbortController();
let askedAt = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const now = performance.now();
    // Whoever asks twice does not want to wait for an orderly end.
    if (ending.signal.aborted && now - askedAt > SAME_WISH_MS) process.exit(1);
    if (!ending.signal.aborted) askedAt = now;
    ending.abort();
  });
}
// A reader that goes away (`| head`) ends the command, it is no fault.
process.stdout.on('error', () => ending.abort(OUTPUT_CLOSED));

// What is awaited at an end may hold nothing open itself; the process must not end under it.
const awake = setInterval(() => {}, LONGEST_TIMER_MS);
process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: process.stdout,
  error: process.stderr,
  env: process.env,
  clock: Date.now,
  randomBytes,
  signal: ending.signal,
});
clearInterval(awake);
