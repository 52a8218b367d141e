/**
 * Entry of the engine host: a process of its own that owns the data folder through chdb, because the library allows one
 * folder per process and a fault in it must not take the listeners down. It lives as long as its standard input.
 *
 * Argument: JSON of HostOptions. It writes a line of JSON to standard output when it answers, and one when it ends itself because a
 * full disk has damaged parts.
 */
import { existsSync, mkdirSync, rmSync, writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { Session } from 'chdb';
import { startDiskGuard } from './disk-guard.ts';
import { connectionArguments } from './engine-settings.ts';
import { createHttpInterface } from './http-interface.ts';
import { SessionPool } from './session-pool.ts';

export interface HostOptions {
  readonly folder: string;
  /** A socket path, or a port on loopback (0: any). */
  readonly listen: string | number;
  readonly runtimeFolder: string;
  readonly memoryBytesMax: number;
  /** Free space under which nothing is merged. */
  readonly freeBytesMin: number;
}

const SHARED_MEMORY = '/dev/shm';
const CONNECTIONS_MAX = 8;

const main = (options: HostOptions): void => {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  // The same name again after a restart, so that what a killed host left is found and removed.
  const scratchFolder = existsSync(SHARED_MEMORY)
    ? join(SHARED_MEMORY, basename(options.runtimeFolder))
    : join(options.runtimeFolder, 'scratch');
  rmSync(scratchFolder, { recursive: true, force: true });
  mkdirSync(scratchFolder, { mode: 0o700 });
  process.once('exit', () => rmSync(scratchFolder, { recursive: true, force: true }));
  const connectionArgs = connectionArguments(options);
  const pool = new SessionPool({
    open: () => new Session(options.folder, { connectionArgs }),
    connectionsMax: CONNECTIONS_MAX,
  });
  const server = createHttpInterface({ pool, scratchFolder });

  const stop = (): void => {
    server.close();
    pool.close();
    process.exit(0);
  };
  process.stdin.resume();
  // Only here: after any other end the server starts a host in the same folder again.
  const stopWithServer = (): void => {
    rmSync(options.runtimeFolder, { recursive: true, force: true });
    stop();
  };
  process.stdin.once('end', stopWithServer);
  process.stdin.once('close', stopWithServer);
  // Both reach the whole process group; the server decides when its engine ends, by closing the pipe.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  startDiskGuard({
    folder: options.folder,
    freeBytesMin: options.freeBytesMin,
    run: (sql) => pool.control(sql),
    onDamage: (parts) => {
      writeSync(process.stdout.fd, `${JSON.stringify({ damaged: parts })}\n`);
      // No orderly end: that would write to what is damaged.
      process.kill(process.pid, 'SIGKILL');
    },
  });

  if (typeof options.listen === 'string') rmSync(options.listen, { force: true });
  const onListening = () => {
    const address = server.address() as AddressInfo | string;
    const port = typeof address === 'string' ? undefined : address.port;
    process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
  };
  if (typeof options.listen === 'string') server.listen(options.listen, onListening);
  else server.listen(options.listen, '127.0.0.1', onListening);
};

main(JSON.parse(process.argv[2] ?? '{}') as HostOptions);
