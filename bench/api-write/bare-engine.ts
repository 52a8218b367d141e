/** What the embedded engine takes when the same rows are handed to it ready-made, in its own format. */
import { contentHash, createRid } from '@witness/record';
import { openBareActivityTable } from '../../server/src/store/testing.ts';
import { createEstate } from '../estate/index.ts';

const BATCH_RECORDS = 20_000;
const BATCHES = 20;

/** Records a second. */
export const measureBareEngine = async (folder: string): Promise<number> => {
  await using table = await openBareActivityTable(folder);
  const estate = createEstate({
    seed: 7,
    endsAt: Date.now(),
    days: 1,
    records: BATCH_RECORDS * BATCHES,
  });
  const batches: Uint8Array[] = [];
  let sequence = 0n;
  for (const contents of estate.batches(BATCH_RECORDS)) {
    batches.push(
      table.encode(
        contents.map((content) => {
          sequence += 1n;
          const rid = createRid(content.when, contentHash(content, String(sequence)));
          return { record: { ...content, rid }, sequence };
        }),
      ),
    );
  }
  const [first, ...rest] = batches;
  // Not counted: it opens files and warms code.
  if (first) await table.insert(first);
  const startedAt = performance.now();
  for (const batch of rest) await table.insert(batch);
  return (rest.length * BATCH_RECORDS * 1000) / (performance.now() - startedAt);
};
