/** A pipeline that remembers what it was given, and fails when told to. */
import { parseEventXml } from '../../../codecs/index.ts';
import type { RecordSink, SubmittedBatch } from '../../../pipeline/index.ts';

export interface RecordingSink extends RecordSink {
  readonly batches: SubmittedBatch[];
  /** Called with each batch before it is taken; what it throws is what the sender meets. */
  before: (batch: SubmittedBatch) => Promise<void> | void;
  /** Record ids of the events of a sender, in order. */
  recordIds(sender?: string): number[];
  /** Records the listener has made itself. */
  told(): readonly { readonly action: string; readonly what: string; readonly when: number }[];
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export const createRecordingSink = (): RecordingSink => {
  const batches: SubmittedBatch[] = [];
  const sink: RecordingSink = {
    batches,
    before: () => {},
    submit: async (batch) => {
      await sink.before(batch);
      batches.push(batch);
      return { added: 0, repeated: 0, rejected: 0 };
    },
    recordIds: (sender) =>
      batches
        .filter(
          ({ input, origin }) =>
            input === 'windows-event-xml' && (!sender || origin.sender === sender),
        )
        .flatMap(({ events }) => events.map((event) => parseEventXml(textOf(event)).recordId)),
    told: () =>
      batches
        .filter(({ input }) => input === 'activity-records-collected')
        .flatMap(({ events }) => events.flatMap((event) => JSON.parse(textOf(event)))),
  };
  return sink;
};
