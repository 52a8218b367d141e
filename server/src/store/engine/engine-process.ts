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

/** Resolves with the port when the host answers; rejects when it ends before that. */
const untilReady = async (child: ChildProcess): Promise<number> => {
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
  const answered = (async () => {
    if (!child.stdout) throw storeError('STORE_ENGINE_START_FAILED', { reason: 'no output' });
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      if (line.startsWith('{"ready":true')) {
        lines.close();
        child.stdout.resume();
        return (JSON.parse(line) as { port?: number }).port ?? 0;
      }
    }
    return ended;
  })();
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
    };
    const startedAt = performance.now();
    const started = spawn(process.execPath, [HOST, JSON.stringify(hostOptions)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(THREAD_POOL_SIZE) },
    });
    // The pipe to a host that just died breaks; its exit says so already.
    started.stdin.on('error', () => {});
    child = started;
    port = await untilReady(started);
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
