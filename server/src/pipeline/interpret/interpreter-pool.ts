/**
 * A few threads that interpret, so that a large batch never holds up the listeners. A thread that dies or does not
 * answer in time costs no events: those of its job are tried one by one, and only the culprit is rejected.
 */
import { Worker } from 'node:worker_threads';
import type { Emit } from '../../telemetry/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import { type InterpretJob, rejectionOf } from './interpret-job.ts';
import {
  emptyInterpretation,
  type InterpretedEvents,
  joinInterpretations,
} from './interpretation.ts';
import { packJob } from './job-message.ts';
import { createFragmentRejecter, groupFragments } from './join-fragments.ts';

export interface InterpreterPool {
  /**
   * Resolves for whatever the events do. Undefined when the threads cannot do it: they cannot be started, or know no
   * such input.
   */
  interpret(job: InterpretJob): Promise<InterpretedEvents | undefined>;
  close(): Promise<void>;
}

interface PoolOptions {
  /** URL of a module that exports `RAW_INPUTS`. */
  readonly inputsModule: string;
  readonly limits: Pick<
    PipelineLimits,
    'interpreterThreads' | 'jobTimeoutMs' | 'eventTimeoutMs' | 'interpreterHeapMegabytes'
  >;
  readonly emit: Emit;
}

interface Thread {
  readonly worker: Worker;
  /** Input ids; rejects when the thread ends before it is ready. */
  readonly ready: Promise<ReadonlySet<string>>;
  /** Resolves with the reason when the thread has ended. */
  readonly ended: Promise<string>;
}

const ENTRY = new URL('./interpreter-thread.ts', import.meta.url);

const startThread = (options: PoolOptions): Thread => {
  const worker = new Worker(ENTRY, {
    workerData: { inputsModule: options.inputsModule },
    resourceLimits: { maxOldGenerationSizeMb: options.limits.interpreterHeapMegabytes },
  });
  const ended = new Promise<string>((resolve) => {
    worker.once('error', (error) =>
      resolve(error instanceof Error ? error.message : String(error)),
    );
    worker.once('exit', (code) => resolve(`it ended with code ${code}`));
  });
  const ready = Promise.race([
    new Promise<ReadonlySet<string>>((resolve) => {
      worker.once('message', ({ inputs }: { inputs: string[] }) => resolve(new Set(inputs)));
    }),
    ended.then((reason) => {
      throw pipelineError('PIPELINE_INTERPRET_CRASHED', { reason });
    }),
  ]);
  ready.catch(() => undefined);
  return { worker, ready, ended };
};

type Outcome =
  | { readonly kind: 'answer'; readonly json: string }
  | { readonly kind: 'ended'; readonly error: Error };

/** One job on one thread. The thread is of no use any more when the outcome is `ended`. */
const ask = async (thread: Thread, job: InterpretJob, timeoutMs: number): Promise<Outcome> => {
  const { worker } = thread;
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<Outcome>((resolve) => {
    worker.once('message', (json: string) => resolve({ kind: 'answer', json }));
  });
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      const error = pipelineError('PIPELINE_INTERPRET_TIMEOUT', { limitMs: timeoutMs });
      resolve({ kind: 'ended', error });
    }, timeoutMs);
  });
  const died = thread.ended.then(
    (reason): Outcome => ({
      kind: 'ended',
      error: pipelineError('PIPELINE_INTERPRET_CRASHED', { reason }),
    }),
  );
  const message = packJob(job);
  worker.postMessage(message, [message.bytes.buffer]);
  const outcome = await Promise.race([answered, late, died]);
  clearTimeout(timer);
  if (outcome.kind === 'ended') await worker.terminate();
  return outcome;
};

/** One job for each event, and for each group of fragments when there are no events. */
const splitJob = (job: InterpretJob): InterpretJob[] =>
  job.events.length > 0
    ? job.events.map((event, index) => ({
        ...job,
        events: [event],
        firstEvent: job.firstEvent + index,
        isWhole: false,
      }))
    : groupFragments(job.fragments ?? []).map((fragments) => ({ ...job, fragments }));

const rejectJob = (job: InterpretJob, cause: unknown): InterpretedEvents => {
  const into = emptyInterpretation();
  if (job.events.length > 0) into.rejections.push(rejectionOf(job.firstEvent, cause));
  else createFragmentRejecter(into)(job.fragments ?? [], cause);
  return into;
};

/** Takes the fragments out of what other jobs found, and joins them. */
export const toJoiningJob = (
  batch: Omit<InterpretJob, 'firstEvent' | 'isWhole'>,
  found: InterpretedEvents,
): InterpretJob => {
  const { parsed: _, ...rest } = batch;
  return {
    ...rest,
    events: [],
    firstEvent: 0,
    isWhole: true,
    fragments: found.fragments.splice(0),
  };
};

export const createInterpreterPool = (options: PoolOptions): InterpreterPool => {
  const { limits, emit } = options;
  const idle: Thread[] = [];
  const waiting: ((thread: Thread) => void)[] = [];
  const threads = new Set<Thread>();
  let isUnusable = false;

  const start = (): Thread => {
    const thread = startThread(options);
    threads.add(thread);
    return thread;
  };

  const acquire = async (): Promise<Thread> => {
    const free = idle.pop();
    // Only a thread with work keeps the process alive.
    free?.worker.ref();
    if (free) return free;
    if (threads.size < limits.interpreterThreads) return start();
    return await new Promise((resolve) => waiting.push(resolve));
  };

  const release = (thread: Thread): void => {
    const next = waiting.shift();
    if (next) {
      next(thread);
      return;
    }
    thread.worker.unref();
    idle.push(thread);
  };

  const replace = (thread: Thread): void => {
    threads.delete(thread);
    const next = waiting.shift();
    if (next) next(start());
  };

  /** Undefined as `interpret` says. */
  const run = async (job: InterpretJob, timeoutMs: number): Promise<Outcome | undefined> => {
    const thread = await acquire();
    const inputs = await thread.ready.catch((error) => {
      reportUnusable(error);
      return undefined;
    });
    if (!inputs) {
      replace(thread);
      return undefined;
    }
    if (!inputs.has(job.input)) {
      release(thread);
      return undefined;
    }
    const outcome = await ask(thread, job, timeoutMs);
    if (outcome.kind === 'answer') release(thread);
    else replace(thread);
    return outcome;
  };

  const reportUnusable = (error: unknown): void => {
    isUnusable = true;
    emit({
      name: 'pipeline.interpreter-unusable',
      level: 'error',
      message:
        'Interpreter threads cannot be started; everything is interpreted on the main thread',
      error,
    });
  };

  const interpret = async (job: InterpretJob): Promise<InterpretedEvents | undefined> => {
    if (isUnusable) return undefined;
    const smaller = splitJob(job);
    const isOne = smaller.length <= 1;
    const outcome = await run(job, isOne ? limits.eventTimeoutMs : limits.jobTimeoutMs);
    if (!outcome) return undefined;
    if (outcome.kind === 'answer') return JSON.parse(outcome.json) as InterpretedEvents;
    emit({
      name: 'pipeline.interpreter-died',
      level: isOne ? 'error' : 'warn',
      message: isOne
        ? 'A raw event made its interpreter thread fail and is rejected'
        : 'An interpreter thread failed; its events are tried one by one',
      fields: { input: job.input, events: job.events.length },
      error: outcome.error,
    });
    return isOne ? rejectJob(job, outcome.error) : await interpretParts(job, smaller);
  };

  const interpretParts = async (
    job: InterpretJob,
    smaller: readonly InterpretJob[],
  ): Promise<InterpretedEvents | undefined> => {
    const parts: InterpretedEvents[] = [];
    for (const one of smaller) {
      const part = await interpret(one);
      if (!part) return undefined;
      parts.push(part);
    }
    const whole = joinInterpretations(parts);
    if (!job.isWhole || whole.fragments.length === 0) return whole;
    const joined = await interpret(toJoiningJob(job, whole));
    return joined && joinInterpretations([whole, joined]);
  };

  return {
    interpret,
    close: async () => {
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
};
