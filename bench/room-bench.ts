/** Runs a measurement that stands beside the code it measures, in a process of its own; it prints one JSON object. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');

export const measureRoom = (path: string) => async (): Promise<object> => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, path)], {
    env: {
      ...process.env,
      WITNESS_CORPORA: process.env.WITNESS_CORPORA ?? resolve(ROOT, '..', 'shared', 'testdata'),
    },
    maxBuffer: 1024 * 1024,
  });
  return JSON.parse(stdout) as object;
};
