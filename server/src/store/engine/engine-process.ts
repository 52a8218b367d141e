/** Keeps the engine host running: starts it, starts it again with growing pauses when it dies, stops it in order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Emit } from '../../telemetry/index.ts';
import { storeError } from '../errors.ts';
import type { HostOptions } from './host.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));
/** A data folder of many parts takes its time to load. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const RESTART_DELAY_MS_MIN = 200;
const RESTART_DELAY_MS_MAX = 10_000;
/** A host that lived this long has recovered; the next pause is short again. */
const STABLE_AFTER_MS = 60_000;
const ERROR_TEXT_LENGTH_MAX = 4096;
const THREAD_POOL_SIZE = 16;

export interface EngineProcess extends AsyncDisposable {
  /** Set when the host listens on a unix socket. */
  readonly socketPath: string;
  /** Port on loopback; 0 when the host listens on its socket. */
  port(): number;
  pid(): number | undefined;
  isRunning(): boolean;
}

export interface EngineProcessOptions {
  readonly folder: string;
  readonly memoryBytesMax: number;
  /** Free space under which nothing is merged; 0 when absent. */
  readonly freeBytesMin?: number;
  /** For tests of the cluster's path: TCP on loopback, any port, instead of the socket. */
  readonly overTcp?: boolean;
  readonly emit: Emit;
}

/** Windows has no build of the engine at all. */
const assertSupported = (): void => {
  const isBuilt =
    ['linux', 'darwin'].includes(process.platform) && ['x64', 'arm64'].includes(process.arch);
  if (!isBuilt) {
    throw storeError('STORE_ENGINE_UNSUPPORTED', {
      platform: `${process.platform} ${process.arch}`,
    });
  }
};

interface HostLine {
  readonly ready?: true;
  readonly port?: number;
  /** Folders of parts that a full disk has damaged; the host ends after it. */
  readonly damaged?: readonly string[];
}

/** Resolves with the port when the host answers; rejects when it ends before that. */
const untilReady = async (
  child: ChildProcess,
  onDamage: (parts: readonly string[]) => void,
): Promise<number> => {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERROR_TEXT_LENGTH_MAX);
  });
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const ended = once(child, 'exit', { signal: timeout }).then(() => {
    const reason =
      /^(?:Code: \d+\. |.*Error: ).*$/m.exec(errors)?.[0] ?? errors.trim().split('\n').at(-1);
    throw storeError('STORE_ENGINE_START_FAILED', { reason: reason || 'it ended at once' });
  });
  const answered = new Promise<number>((resolve) => {
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (!text.startsWith('{"')) return;
      const { ready, port = 0, damaged } = JSON.parse(text) as HostLine;
      if (ready) resolve(port);
      if (damaged) onDamage(damaged);
    });
  });
  try {
    return await Promise.race([answered, ended]);
  } catch (cause) {
    if (!timeout.aborted) throw cause;
    throw storeError(
      'STORE_ENGINE_START_FAILED',
      { reason: 'it did not answer in time' },
      { cause },
    );
  }
};

export const startEngineProcess = async (options: EngineProcessOptions): Promise<EngineProcess> => {
  assertSupported();
  const runtimeFolder = await mkdtemp(join(tmpdir(), 'witness-engine-'));
  const socketPath = join(runtimeFolder, 'engine.sock');
  let child: ChildProcess | undefined;
  let port = 0;
  let isReady = false;
  let isStopping = false;
  let delayMs = RESTART_DELAY_MS_MIN;
  let timer: NodeJS.Timeout | undefined;

  const start = async (): Promise<void> => {
    const hostOptions: HostOptions = {
      folder: options.folder,
      // A restart keeps the port, so that its clients find it again.
      listen: options.overTcp ? port : socketPath,
      runtimeFolder,
      memoryBytesMax: options.memoryBytesMax,
      freeBytesMin: options.freeBytesMin ?? 0,
    };
    const startedAt = performance.now();
    const started = spawn(process.execPath, [HOST, JSON.stringify(hostOptions)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(THREAD_POOL_SIZE) },
    });
    // The pipe to a host that just died breaks; its exit says so already.
    started.stdin.on('error', () => {});
    child = started;
    port = await untilReady(started, (parts) =>
      options.emit({
        name: 'store.engine-damaged',
        level: 'error',
        message:
          'A full disk has damaged parts of the audit database; the engine is started again to get back what they were made of',
        fields: { parts: parts.join(' ') },
      }),
    );
    isReady = true;
    started.once('exit', (code, signal) => {
      isReady = false;
      if (isStopping) return;
      if (performance.now() - startedAt > STABLE_AFTER_MS) delayMs = RESTART_DELAY_MS_MIN;
      options.emit({
        name: 'store.engine-died',
        level: 'error',
        message: `The audit database engine ended (${signal ?? code}); it is started again`,
        fields: { delayMs },
      });
      again();
    });
    // Nothing but the pipe holds the server's own end back.
    started.unref();
  };

  const again = (): void => {
    timer = setTimeout(() => {
      start().catch((error: unknown) => {
        if (isStopping) return;
        options.emit({
          name: 'store.engine-start-failed',
          level: 'error',
          message: 'The audit database engine did not start; trying again',
          error,
        });
        again();
      });
    }, delayMs);
    delayMs = Math.min(delayMs * 2, RESTART_DELAY_MS_MAX);
  };

  try {
    await start();
  } catch (error) {
    child?.kill('SIGKILL');
    await rm(runtimeFolder, { recursive: true, force: true });
    throw error;
  }

  return {
    socketPath,
    port: () => port,
    pid: () => child?.pid,
    isRunning: () => isReady,
    [Symbol.asyncDispose]: async () => {
      if (isStopping) return;
      isStopping = true;
      clearTimeout(timer);
      if (child && child.exitCode === null && child.signalCode === null) {
        const stopping = child;
        const ended = once(stopping, 'exit');
        stopping.ref();
        stopping.stdin?.end();
        const force = setTimeout(() => stopping.kill('SIGKILL'), STOP_TIMEOUT_MS);
        await ended;
        clearTimeout(force);
      }
      await rm(runtimeFolder, { recursive: true, force: true });
    },
  };
};
