/** Entry: the command line, handed over to commands/. */
import { randomBytes } from 'node:crypto';
import { runCommandLine } from './commands/index.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for an orderly end.
    if (ending.signal.aborted) process.exit(1);
    ending.abort();
  });
}
// A reader that goes away (`| head`) ends the command, it is no fault.
process.stdout.on('error', () => ending.abort());

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: process.stdout,
  error: process.stderr,
  env: process.env,
  clock: Date.now,
  randomBytes,
  signal: ending.signal,
});
