/** Hands large bodies to a worker thread, one after the other; the thread ends when there are none for a while, or when one is too much for it. */
import { Worker } from 'node:worker_threads';
import { apiError } from './errors.ts';
import type { RecordReader } from './record-reader.ts';
import { type FromWorker, type ToWorker, toWitnessError } from './worker-protocol.ts';

/** A thread keeps its heap; after a burst it is given back. */
const IDLE_MS = 15_000;

type Thread = (request: ToWorker, moved: readonly ArrayBuffer[]) => Promise<FromWorker>;

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const ask =
  (worker: Worker): Thread =>
  (request, moved) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        worker.off('message', take).off('error', fail).off('exit', end);
      };
      const take = (reply: FromWorker): void => {
        stop();
        if (reply.kind === 'failed') reject(toWitnessError(reply.error));
        else resolve(reply);
      };
      const fail = (cause: unknown): void => {
        stop();
        const code = isOutOfMemory(cause)
          ? 'INTEGRATION_API_BODY_TOO_COMPLEX'
          : 'INTEGRATION_API_NOT_STORED';
        reject(apiError(code, {}, { cause }));
      };
      const end = (): void => fail(undefined);
      // -1 once the thread has ended; nothing would ever be heard of it.
      if (worker.threadId < 0) return end();
      worker.on('message', take).on('error', fail).on('exit', end);
      worker.postMessage(request, moved);
    });

export const createWorkerReader = (heapMib: number): RecordReader => {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let idle: NodeJS.Timeout | undefined;

  const startWorker = (): Worker => {
    const started = new Worker(new URL('./read-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMib },
    });
    started.on('exit', () => {
      if (worker === started) worker = undefined;
    });
    // The one who asks reports it; without a listener it would end the process.
    started.on('error', () => {});
    return started;
  };

  const stopWorker = async (): Promise<void> => {
    clearTimeout(idle);
    const stopping = worker;
    worker = undefined;
    await stopping?.terminate();
  };

  const stopLater = (): void => {
    waiting -= 1;
    if (waiting === 0) idle = setTimeout(stopWorker, IDLE_MS).unref();
  };

  const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    waiting += 1;
    clearTimeout(idle);
    const result = queue.then(run);
    queue = result.then(stopLater, stopLater);
    return result;
  };

  return {
    read: (bytes, format, findPlaces) =>
      inTurn(async () => {
        worker ??= startWorker();
        const thread = ask(worker);
        const parsed = await thread({ kind: 'parse', bytes, format }, [bytes.buffer]);
        if (parsed.kind !== 'parsed') throw apiError('INTEGRATION_API_FAILED');
        const places = await findPlaces(parsed.destinations);
        const placed = await thread({ kind: 'place', places }, []);
        if (placed.kind !== 'placed') throw apiError('INTEGRATION_API_FAILED');
        return { count: parsed.count, events: placed.events };
      }),
    [Symbol.asyncDispose]: stopWorker,
  };
};
