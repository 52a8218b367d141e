/**
 * A process with a pipeline over a store that is a file; killed by the test at any moment. Prints `ack <name>` for every
 * batch that was acknowledged. Arguments: folder, run number, `until-killed` or `drain`.
 */
import { appendFileSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditStore } from '../../store/index.ts';
import { createMemoryStore } from '../../store/testing.ts';
import { createPipeline, type SubmittedBatch } from '../index.ts';
import { createRandomBytes, NOW } from './fixture.ts';
import { RAW_INPUTS } from './inputs.ts';

const [folder = '', run = '0', mode = 'drain'] = process.argv.slice(2);
const path = join(folder, 'store.jsonl');

interface StoredLine {
  readonly key: string;
  readonly what: string;
  readonly sequence: string;
}

/** Lines of whole inserts; what a kill cut off is dropped, as an engine drops a part that is not committed. */
const openLines = (): StoredLine[] => {
  const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => JSON.parse(line) as StoredLine[]);
};

const openFileStore = (): AuditStore => {
  const lines = openLines();
  const keys = new Set(lines.map(({ key }) => key));
  let last = lines.reduce(
    (most, { sequence }) => (BigInt(sequence) > most ? BigInt(sequence) : most),
    0n,
  );
  return {
    ...createMemoryStore(),
    lastSequence: async () => last,
    insert: async (batch) => {
      const added: StoredLine[] = [];
      for (const { record, sequence } of batch.records) {
        const key = `${record.when} ${record.rid}`;
        if (batch.mayRepeat && keys.has(key)) continue;
        keys.add(key);
        added.push({ key, what: record.what, sequence: `${sequence}` });
        if (sequence > last) last = sequence;
      }
      appendFileSync(path, `${JSON.stringify(added)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { added: added.length, repeated: batch.records.length - added.length };
    },
  };
};

const randomBytes = createRandomBytes(`run ${run}`);

await using pipeline = await createPipeline({
  folder: join(folder, 'spool'),
  store: openFileStore(),
  inputs: RAW_INPUTS,
  emit: () => undefined,
  clock: Date.now,
  randomBytes,
  limits: {
    interpreterThreads: 0,
    checkpointEveryMs: 15,
    segmentBytesMax: 20_000,
    memoryBytesMax: 5_000,
    freeBytesMin: 0,
  },
});
writeSync(1, `ready ${pipeline.state().backlogBatches}\n`);

const send = async (writer: number): Promise<void> => {
  for (let round = 0; ; round += 1) {
    const name = `${run}.${writer}.${round}`;
    const events = [{ what: `${name}/0` }, { what: `${name}/1` }];
    const isNew = writer % 2 === 0;
    const batch: SubmittedBatch = {
      input: isNew ? 'test-records' : 'test-event',
      events: (isNew ? [events] : events).map((event) => Buffer.from(JSON.stringify(event))),
      receivedAt: NOW,
      origin: { listener: 'test', sender: `${writer}` },
      batchId: Buffer.from(randomBytes(16)).toString('hex'),
    };
    await pipeline.submit(batch, { waitFor: writer < 4 ? 'stored' : 'durable' });
    writeSync(1, `ack ${name}\n`);
    if (writer >= 4) await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

if (mode === 'until-killed') await Promise.all([0, 1, 2, 3, 4, 5].map(send));
await pipeline.drained();
