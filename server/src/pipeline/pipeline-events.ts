/** What telemetry is told of stored batches. */
import type { NamedEvent } from '../telemetry/index.ts';
import type { SubmitReceipt } from './raw-batch.ts';
import type { Ready } from './storing/gather.ts';

const sumBy = <Item>(items: readonly Item[], amount: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + amount(item), 0);

export const batchStored = (
  group: readonly Ready[],
  receipts: readonly SubmitReceipt[],
  tookMs: number,
): NamedEvent => {
  const byInput = Map.groupBy(group.entries(), ([, { pending }]) => pending.input);
  const perInput = (metric: string, amount: (receipt: SubmitReceipt) => number) =>
    [...byInput].flatMap(([input, entries]) => {
      const by = sumBy(entries, ([index]) => amount(receipts[index] ?? NO_RECEIPT));
      return by > 0 ? [{ metric, labels: { input }, by }] : [];
    });
  return {
    name: 'pipeline.batch-stored',
    level: 'debug',
    message: 'Batches are stored',
    fields: {
      batches: group.length,
      added: sumBy(receipts, ({ added }) => added),
      repeated: sumBy(receipts, ({ repeated }) => repeated),
      rejected: sumBy(receipts, ({ rejected }) => rejected),
      tookMs: Math.round(tookMs),
    },
    counts: [
      { metric: 'witness_batches_stored_total', by: group.length },
      ...perInput('witness_records_stored_total', ({ added }) => added),
      ...perInput('witness_records_repeated_total', ({ repeated }) => repeated),
    ],
  };
};

const NO_RECEIPT: SubmitReceipt = { added: 0, repeated: 0, rejected: 0 };

/** Undefined when none was. */
export const eventsRejected = (group: readonly Ready[]): NamedEvent | undefined => {
  const rejected = group.flatMap(({ rows }) => rows.flatMap((row) => row.rejected ?? []));
  const [first] = rejected;
  if (!first) return undefined;
  const kinds = Map.groupBy(rejected, ({ input, code }) => `${input}\0${code}`);
  return {
    name: 'pipeline.event-rejected',
    level: 'warn',
    message: 'Raw events could not be interpreted and are kept as rejected',
    fields: {
      events: rejected.length,
      input: first.input,
      code: first.code,
      reason: first.reason,
      rid: first.rid,
    },
    counts: [...kinds.values()].map((some) => ({
      metric: 'witness_records_rejected_total',
      labels: { input: some[0]?.input ?? '', code: some[0]?.code ?? '' },
      by: some.length,
    })),
  };
};
