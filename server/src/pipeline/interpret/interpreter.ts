/** Decides where a batch is interpreted. */
import type { RawInput } from '../../sources/index.ts';
import type { Emit } from '../../telemetry/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import type { SubmittedBatch } from '../raw-batch.ts';
import { interpretInTurns } from './interpret-events.ts';
import { type InterpretJob, rejectionOf } from './interpret-job.ts';
import {
  emptyInterpretation,
  type InterpretedEvents,
  joinInterpretations,
} from './interpretation.ts';
import { createInterpreterPool, toJoiningJob } from './interpreter-pool.ts';

export interface Interpreter {
  /** Never rejects for what the events contain. */
  interpret(
    batch: SubmittedBatch,
    how: { readonly isReplay: boolean; readonly bytes: number },
  ): Promise<InterpretedEvents>;
  close(): Promise<void>;
}

interface InterpreterOptions {
  readonly inputs: Readonly<Record<string, RawInput>>;
  /** Inputs of the pipeline itself; always on the calling thread. */
  readonly ownInputs: Readonly<Record<string, RawInput>>;
  readonly inputsModule: string;
  readonly limits: PipelineLimits;
  readonly emit: Emit;
}

/** Cuts a batch into jobs of bounded size. */
export const toJobs = (
  batch: SubmittedBatch,
  limits: Pick<PipelineLimits, 'jobEventsMax' | 'jobBytesMax'>,
): InterpretJob[] => {
  const jobs: InterpretJob[] = [];
  let from = 0;
  let bytes = 0;
  const cut = (to: number): void => {
    const isWhole = from === 0 && to === batch.events.length;
    const events = batch.events.slice(from, to);
    if (to > from) jobs.push({ ...batch, events, firstEvent: from, isWhole });
    from = to;
    bytes = 0;
  };
  for (const [index, event] of batch.events.entries()) {
    const isFull =
      index - from >= limits.jobEventsMax || bytes + event.byteLength > limits.jobBytesMax;
    if (isFull) cut(index);
    bytes += event.byteLength;
  }
  cut(batch.events.length);
  return jobs;
};

export const createInterpreter = (options: InterpreterOptions): Interpreter => {
  const { inputs, ownInputs, limits } = options;
  const pool = createInterpreterPool(options);

  const inline = (input: RawInput, batch: SubmittedBatch): Promise<InterpretedEvents> =>
    interpretInTurns(input, { ...batch, firstEvent: 0, isWhole: true }, limits.inlineRunMsMax);

  const onThreads = async (input: RawInput, batch: SubmittedBatch): Promise<InterpretedEvents> => {
    const parts = await Promise.all(toJobs(batch, limits).map(pool.interpret));
    const done = parts.filter((part) => part !== undefined);
    if (done.length < parts.length) return await inline(input, batch);
    const whole = joinInterpretations(done);
    if (whole.fragments.length === 0) return whole;
    const joined = await pool.interpret(toJoiningJob(batch, whole));
    return joined ? joinInterpretations([whole, joined]) : await inline(input, batch);
  };

  return {
    interpret: async (batch, { isReplay, bytes }) => {
      const own = ownInputs[batch.input];
      if (own) return await inline(own, batch);
      const input = inputs[batch.input];
      if (!input) return rejectAll(batch);
      // What is replayed may be what ended the last process.
      const isInline =
        limits.interpreterThreads === 0 ||
        (!isReplay && (batch.parsed !== undefined || bytes <= limits.inlineBytesMax));
      return await (isInline ? inline(input, batch) : onThreads(input, batch));
    },
    close: pool.close,
  };
};

/** The spool holds a batch of an input that this version does not have. */
const rejectAll = (batch: SubmittedBatch): InterpretedEvents => {
  const error = pipelineError('PIPELINE_INPUT_UNKNOWN', { input: batch.input });
  return {
    ...emptyInterpretation(),
    rejections: batch.events.map((_, event) => rejectionOf(event, error)),
  };
};
