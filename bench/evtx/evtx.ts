/** Decoding of event logs against independent decoders; the measurement itself stands beside the decoder. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..', '..');

export const measureEvtx = async (): Promise<object> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'server', 'src', 'codecs', 'evtx', 'evtx.bench.ts')],
    {
      env: {
        ...process.env,
        WITNESS_CORPORA: process.env.WITNESS_CORPORA ?? resolve(ROOT, '..', 'shared', 'testdata'),
      },
      maxBuffer: 1024 * 1024,
    },
  );
  return JSON.parse(stdout) as object;
};
