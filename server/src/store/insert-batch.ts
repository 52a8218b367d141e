/** Writes a batch so that a crash at any point is made whole by the same batch again with `mayRepeat`. */
import type { RejectedEvent, SequencedRecord, StoreBatch, StoreReceipt } from './audit-store.ts';
import type { EngineClient, QuerySettings } from './engine-client.ts';
import { storeError } from './errors.ts';
import { RECORD_COLUMNS, writeRecord } from './record-rows.ts';
import { ridTime } from './rid-time.ts';
import { RowBinaryWriter } from './row-binary-writer.ts';

/** Keys asked for in one query. */
const KEYS_PER_QUERY = 10_000;
/** Tokens of this process: the engine would swallow a repeat of one in silence, and the receipt would be wrong. */
const TOKENS_REMEMBERED = 10_000;
/** A buffer that once held a huge batch is not kept. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * One batch, one block: a batch in several blocks would be remembered, and might be seen, in parts. The text index is left
 * to merges: on the small parts of inserts it costs a third of the insert and would be made again at once.
 */
export const INSERT_SETTINGS: QuerySettings = {
  async_insert: 0,
  max_insert_block_size: 1_000_000_000,
  min_insert_block_size_rows: 1_000_000_000,
  min_insert_block_size_bytes: 0,
  max_partitions_per_insert_block: 0,
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
};

const keyOf = (when: number, rid: string): string => `${when} ${rid}`;

export interface BatchWriter {
  /** Lowest sequence of a batch that is being stored, or whose insert failed and was not repeated yet. */
  unfinishedFrom(): bigint | undefined;
  insert(batch: StoreBatch): Promise<StoreReceipt>;
}

export const createBatchWriter = (options: {
  readonly client: EngineClient;
  readonly database: string;
  readonly keepRawEvents: boolean;
  readonly settings: QuerySettings;
}): BatchWriter => {
  const { client, database } = options;
  const tokens = new Set<string>();
  let rows = new RowBinaryWriter();
  let writer = new RowBinaryWriter();

  /** Which of these records are stored: found by primary key, so only the granules they would be in are read. */
  const storedKeys = async (
    table: string,
    entries: readonly SequencedRecord[],
  ): Promise<Set<string>> => {
    const found = new Set<string>();
    for (let start = 0; start < entries.length; start += KEYS_PER_QUERY) {
      const records = entries.slice(start, start + KEYS_PER_QUERY).map(({ record }) => record);
      const rows = await client.rows<[number, number, string]>(
        `SELECT toUnixTimestamp64Milli(ts), rid_delta, hex(rid_hash) FROM ${database}.${table}
         WHERE ts IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)}), 'UTC'))
           AND rid_hash IN (SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))`,
        {
          parameters: {
            times: [...new Set(records.map(({ when }) => when))],
            hashes: records.map(({ rid }) => rid.slice(17)),
          },
          settings: options.settings,
        },
      );
      for (const [when, delta, hash] of rows) found.add(`${when} ${delta} ${hash}`);
    }
    return found;
  };

  const missing = async (
    table: string,
    entries: readonly SequencedRecord[],
  ): Promise<readonly SequencedRecord[]> => {
    const stored = await storedKeys(table, entries);
    const seen = new Set<string>();
    return entries.filter(({ record: { when, rid } }) => {
      const key = keyOf(when, rid);
      const isNew =
        !seen.has(key) && !stored.has(`${when} ${ridTime(rid) - when} ${rid.slice(17)}`);
      seen.add(key);
      return isNew;
    });
  };

  const send = async <Row>(
    into: { readonly table: string; readonly columns: string },
    rows: readonly Row[],
    how: { readonly write: (row: Row) => void; readonly settings: QuerySettings },
  ): Promise<void> => {
    if (rows.length === 0) return;
    writer.reset();
    for (const row of rows) how.write(row);
    try {
      await client.insert(
        `INSERT INTO ${database}.${into.table} (${into.columns})`,
        writer.bytes(),
        how.settings,
      );
    } finally {
      if (writer.length > KEPT_BYTES_MAX) writer = new RowBinaryWriter();
    }
  };

  const remember = (token: string): void => {
    tokens.add(token);
    const [oldest] = tokens;
    if (tokens.size > TOKENS_REMEMBERED && oldest !== undefined) tokens.delete(oldest);
  };

  const missingEvents = async (
    events: readonly RejectedEvent[],
  ): Promise<readonly RejectedEvent[]> => {
    if (events.length === 0) return events;
    const rows = await client.rows<[string]>(
      `SELECT rid FROM ${database}.rejected_event WHERE rid IN (SELECT arrayJoin({rids:Array(String)}))`,
      { parameters: { rids: events.map(({ rid }) => rid) }, settings: options.settings },
    );
    const stored = new Set(rows.map(([rid]) => rid));
    return events.filter(({ rid }) => !stored.has(rid));
  };

  const sendCompanions = async (
    batch: StoreBatch,
    { isRepeat, settings }: { readonly isRepeat: boolean; readonly settings: QuerySettings },
  ): Promise<void> => {
    const rejected = batch.rejected ?? [];
    const archiveOnly = batch.archiveOnly ?? [];
    const raws = options.keepRawEvents
      ? [...batch.records, ...archiveOnly].filter(({ raw }) => raw !== undefined)
      : [];
    await send({ table: 'raw_event', columns: 'ts, rid, input, bytes' }, raws, {
      write: ({ record, raw }) => {
        writer.int64(record.when);
        writer.string(record.rid);
        writer.string(raw?.input ?? '');
        writer.byteString(raw?.bytes ?? new Uint8Array());
      },
      settings,
    });
    await send(
      { table: 'rejected_event', columns: 'ts, rid, input, code, reason, bytes' },
      isRepeat ? await missingEvents(rejected) : rejected,
      {
        write: (event) => {
          if (!Number.isInteger(event.when)) {
            throw storeError('STORE_RECORD_INVALID', { reason: `rejected event at ${event.when}` });
          }
          writer.int64(event.when);
          writer.string(event.rid);
          writer.string(event.input);
          writer.string(event.code);
          writer.string(event.reason);
          writer.byteString(event.bytes);
        },
        settings,
      },
    );
    await send(
      { table: 'archive_only', columns: RECORD_COLUMNS },
      isRepeat ? await missing('archive_only', archiveOnly) : archiveOnly,
      { write: (entry) => writeRecord(writer, entry), settings },
    );
  };

  const insertNow = async (batch: StoreBatch): Promise<StoreReceipt> => {
    const isRepeat = batch.mayRepeat || tokens.has(batch.token);
    // A failed attempt may have stored a part, and a token must not hide the rest: what is there decides.
    remember(batch.token);
    const settings: QuerySettings = {
      ...INSERT_SETTINGS,
      ...(isRepeat ? { insert_deduplicate: 0 } : { insert_deduplication_token: batch.token }),
    };
    const records = isRepeat ? await missing('activity', batch.records) : batch.records;
    // Written out before anything is sent: a record that cannot be stored keeps its whole batch out.
    rows.reset();
    for (const entry of records) writeRecord(rows, entry);
    await sendCompanions(batch, { isRepeat, settings });
    await send({ table: 'arrival', columns: 'sequence, ts' }, records, {
      write: ({ sequence, record }) => {
        writer.uint64(sequence);
        writer.int64(record.when);
      },
      settings,
    });
    // Last, because a record that can be found must have its raw event beside it and be enumerated.
    if (records.length > 0) {
      await client.insert(
        `INSERT INTO ${database}.activity (${RECORD_COLUMNS})`,
        rows.bytes(),
        settings,
      );
    }
    if (rows.length > KEPT_BYTES_MAX) rows = new RowBinaryWriter();
    return { added: records.length, repeated: batch.records.length - records.length };
  };

  let unfinished: bigint | undefined;
  const lowestOf = (batch: StoreBatch): bigint | undefined =>
    batch.records.reduce<bigint | undefined>(
      (lowest, { sequence }) => (lowest === undefined || sequence < lowest ? sequence : lowest),
      undefined,
    );
  const insertGuarded = async (batch: StoreBatch): Promise<StoreReceipt> => {
    // Batches come in order: the first that succeeds after a failure is the failed one again.
    unfinished ??= lowestOf(batch);
    const receipt = await insertNow(batch);
    unfinished = undefined;
    return receipt;
  };

  // One after the other: they share a buffer, and asking what is stored must see the batch before.
  let last: Promise<unknown> = Promise.resolve();
  return {
    unfinishedFrom: () => unfinished,
    insert: (batch) => {
      const next = last.then(() => insertGuarded(batch));
      last = next.catch(() => {});
      return next;
    },
  };
};
