/** The bare engine for measuring against: the very table and rows of the store, without anything else of it. */
import type { SequencedRecord } from '../audit-store.ts';
import { startEngineProcess } from '../engine/engine-process.ts';
import { createEngineClient } from '../engine-client.ts';
import { INSERT_SETTINGS } from '../insert-batch.ts';
import { RECORD_COLUMNS, writeRecord } from '../record-rows.ts';
import { RowBinaryWriter } from '../row-binary-writer.ts';
import { migrate } from '../schema/migrate.ts';

const DATABASE = 'bare';
const MEMORY_BYTES_MAX = 3 * 1024 ** 3;

export interface BareTable extends AsyncDisposable {
  /** Rows ready to be inserted; a copy. */
  encode(records: readonly SequencedRecord[]): Uint8Array;
  insert(rows: Uint8Array): Promise<void>;
}

export const openBareActivityTable = async (folder: string): Promise<BareTable> => {
  const host = await startEngineProcess({
    folder,
    memoryBytesMax: MEMORY_BYTES_MAX,
    emit: () => {},
  });
  const client = createEngineClient({ socketPath: host.socketPath });
  await migrate(client, { database: DATABASE, clock: () => 0 });
  const writer = new RowBinaryWriter();
  return {
    encode: (records) => {
      writer.reset();
      for (const entry of records) writeRecord(writer, entry);
      return Uint8Array.from(writer.bytes());
    },
    insert: (rows) =>
      client.insert(`INSERT INTO ${DATABASE}.activity (${RECORD_COLUMNS})`, rows, {
        ...INSERT_SETTINGS,
      }),
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
};
