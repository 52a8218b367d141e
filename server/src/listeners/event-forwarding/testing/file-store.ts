/** A store that is a file, so that it outlives a killed process: one line for each insert, records by their identity. */
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import type { AuditStore } from '../../../store/index.ts';
import { createMemoryStore } from '../../../store/testing.ts';

interface StoredRecord {
  readonly key: string;
  readonly sequence: string;
  readonly details: readonly { readonly after?: string }[];
}

/** Whole inserts; what a kill cut off is dropped, as an engine drops a part that is not committed. */
export const readStored = (path: string): StoredRecord[] => {
  const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' });
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line): StoredRecord[] => JSON.parse(line));
};

export const openFileStore = (path: string): AuditStore => {
  const stored = readStored(path);
  const text = readFileSync(path, 'utf8');
  truncateSync(path, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
  const keys = new Set(stored.map(({ key }) => key));
  let last = stored.reduce(
    (most, { sequence }) => (BigInt(sequence) > most ? BigInt(sequence) : most),
    0n,
  );
  return {
    ...createMemoryStore(),
    lastSequence: async () => last,
    insert: async ({ records, mayRepeat }) => {
      const added: StoredRecord[] = [];
      for (const { record, sequence } of records) {
        const key = `${record.when} ${record.rid}`;
        if (mayRepeat && keys.has(key)) continue;
        keys.add(key);
        added.push({ key, sequence: `${sequence}`, details: record.details });
        if (sequence > last) last = sequence;
      }
      appendFileSync(path, `${JSON.stringify(added)}\n`);
      return { added: added.length, repeated: records.length - added.length };
    },
  };
};
