/** A sink that turns batches of Activity Records straight into a store; stands in for the pipeline. */
import { createHash } from 'node:crypto';
import { createRid } from '@witness/record';
import type { RecordSink, SubmittedBatch } from '../../../pipeline/index.ts';
import type { PlacedRecord } from '../../../sources/integration-api/index.ts';
import type { AuditStore, SequencedRecord } from '../../../store/index.ts';

export interface StoreSink extends RecordSink {
  readonly batches: SubmittedBatch[];
  /** Thrown instead of storing, as long as it is there. */
  failure: Error | undefined;
  /** Awaited before storing. */
  pause: Promise<void> | undefined;
}

const parseEvent = (event: Uint8Array): readonly PlacedRecord[] =>
  JSON.parse(Buffer.from(event).toString('utf8'));

export const createStoreSink = (store: AuditStore): StoreSink => {
  let sequence = 0n;
  const sink: StoreSink = {
    batches: [],
    failure: undefined,
    pause: undefined,
    submit: async (batch) => {
      sink.batches.push(batch);
      await sink.pause;
      if (sink.failure) throw sink.failure;
      const placed = batch.events.flatMap(parseEvent).map((content, index) => {
        const { isArchiveOnly, ...record } = content;
        sequence += 1n;
        const hash = createHash('sha256').update(`${batch.batchId} ${index}`).digest('hex');
        const rid = createRid(batch.receivedAt, hash.slice(0, 32).toUpperCase());
        const entry: SequencedRecord = { record: { ...record, rid }, sequence };
        return { entry, isArchiveOnly };
      });
      return {
        ...(await store.insert({
          token: batch.batchId,
          records: placed.filter((one) => !one.isArchiveOnly).map((one) => one.entry),
          archiveOnly: placed.filter((one) => one.isArchiveOnly).map((one) => one.entry),
          mayRepeat: false,
        })),
        rejected: 0,
      };
    },
  };
  return sink;
};
