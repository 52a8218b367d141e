/**
 * A process with the listener, the real pipeline and a store that is a file; killed by the test at any moment. Prints
 * `port <number>` when it listens; with `drain` it ends when all is stored. Arguments: folder, mode.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createPipeline } from '../../../pipeline/index.ts';
import { RAW_INPUTS } from '../../../sources/index.ts';
import { createEventForwarding, openBookmarkStore } from '../index.ts';
import { openFileStore } from './file-store.ts';
import { SUBSCRIPTION } from './open-test-forwarding.ts';

const [folder = '', mode = 'drain'] = process.argv.slice(2);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const emit = (): void => {};

const pipeline = await createPipeline({
  folder: join(folder, 'spool'),
  store: openFileStore(join(folder, 'store.jsonl')),
  inputs: RAW_INPUTS,
  emit,
  clock: Date.now,
  randomBytes,
  limits: {
    interpreterThreads: 0,
    checkpointEveryMs: 15,
    segmentBytesMax: 20_000,
    freeBytesMin: 0,
  },
});

if (mode === 'drain') {
  await pipeline.drained();
  await pipeline[Symbol.asyncDispose]();
} else {
  const forwarding = createEventForwarding({
    settings: {
      https: {
        address: '127.0.0.1',
        port: 0,
        key: read('server.key'),
        cert: read('server.pem'),
        clientCa: read('ca.pem'),
        issuerThumbprints: [read('ca.thumbprint')],
      },
      serverName: 'localhost',
      heartbeatMs: 60_000,
      deliveryMaxMs: 1000,
      envelopeBytesMax: 512_000,
    },
    subscriptions: () => [SUBSCRIPTION],
    sink: pipeline,
    bookmarks: await openBookmarkStore({ folder: join(folder, 'bookmarks'), emit }),
    declaredForwarders: () => [],
    emit,
    clock: Date.now,
    randomBytes,
    selfAudit: () => {},
  });
  const [port] = await forwarding.listen();
  writeSync(1, `port ${port?.port}\n`);
}
