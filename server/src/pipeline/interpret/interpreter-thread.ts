/** Entry of an interpreter thread: loads the input table, then answers one job after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { RawInput } from '../../sources/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import { interpretEvents } from './interpret-events.ts';
import { type JobMessage, unpackJob } from './job-message.ts';

const { inputsModule } = workerData as { inputsModule: string };
const { RAW_INPUTS } = (await import(inputsModule)) as {
  RAW_INPUTS: Readonly<Record<string, RawInput>>;
};

const answer = (message: JobMessage): string => {
  const job = unpackJob(message);
  const input = RAW_INPUTS[job.input];
  if (!input) throw pipelineError('PIPELINE_INPUT_UNKNOWN', { input: job.input });
  // JSON crosses threads faster than cloned objects do.
  return JSON.stringify(interpretEvents(input, job));
};

parentPort?.on('message', (message: JobMessage) => {
  parentPort?.postMessage(answer(message));
});
parentPort?.postMessage({ inputs: Object.keys(RAW_INPUTS) });
