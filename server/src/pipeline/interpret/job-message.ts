/** A job on its way to an interpreter thread: one buffer that is handed over, not copied again. */
import type { InterpretJob } from './interpret-job.ts';

export interface JobMessage extends Omit<InterpretJob, 'events' | 'parsed'> {
  readonly lengths: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export const packJob = (job: InterpretJob): JobMessage => {
  const { events, parsed: _, ...rest } = job;
  const lengths = events.map((event) => event.byteLength);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const event of events) {
    bytes.set(event, at);
    at += event.byteLength;
  }
  return { ...rest, lengths, bytes };
};

export const unpackJob = ({ lengths, bytes, ...rest }: JobMessage): InterpretJob => {
  let at = 0;
  const events = lengths.map((length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
  return { ...rest, events };
};
