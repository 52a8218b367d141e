/** Files -> raw batches -> stored, with progress, resuming, and every unreadable place kept as a record. */
import { DATA_SOURCE_SELF_AUDIT, recordToJson } from '@witness/record';
import type { SubmitReceipt, SubmittedBatch } from '../pipeline/index.ts';
import type { ImportFile } from './import-file.ts';
import type { ImportJournal } from './import-journal.ts';
import { type ImportDamage, type ImportPiece, readImportFile } from './read-import-file.ts';

export interface ImportCounts {
  readonly bytes: number;
  readonly events: number;
  readonly added: number;
  readonly repeated: number;
  readonly rejected: number;
  /** Unreadable places because of which events may be missing. */
  readonly damage: number;
}

export interface ImportOptions {
  readonly files: readonly ImportFile[];
  readonly submit: (batch: SubmittedBatch) => Promise<SubmitReceipt>;
  readonly journal: ImportJournal;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Waits before a batch that was refused under back-pressure is sent again. */
  readonly wait: (ms: number) => Promise<void>;
  readonly onProgress?: (counts: ImportCounts) => void;
  readonly onDamage?: (file: ImportFile, damage: ImportDamage) => void;
  /** A batch is refused for a reason that may pass; called at every attempt. */
  readonly onWaiting?: (fault: unknown) => void;
  /** A file is stored as far as it could be read; the counts are its own. */
  readonly onFile?: (file: ImportFile, counts: ImportCounts) => void;
  readonly onResume?: (file: ImportFile, offset: number) => void;
  readonly signal?: AbortSignal;
}

const BATCH_EVENTS_MAX = 2_000;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
const IN_FLIGHT_MAX = 4;
const JOURNAL_EVERY_MS = 1_000;
const RETRY_MS = 500;
/** Nothing was stored for so long: whoever waits should know. What came so far is in the journal. */
const GIVE_UP_MS = 120_000;

const BATCH_DAMAGE_MAX = 100;

/** What is stored together: the journal advances over events and damage of the same stretch at once. */
interface Batch {
  input: string;
  events: Uint8Array[];
  parsed: unknown[];
  damage: ImportDamage[];
  bytes: number;
  endOffset: number;
}

const newBatch = (input: string): Batch => ({
  input,
  events: [],
  parsed: [],
  damage: [],
  bytes: 0,
  endOffset: 0,
});

const isWorthSending = ({ events, bytes, damage }: Batch): boolean =>
  events.length >= BATCH_EVENTS_MAX ||
  bytes >= BATCH_BYTES_MAX ||
  damage.length >= BATCH_DAMAGE_MAX;

/** Pieces put together until they are worth a batch. */
async function* toBatches(pieces: AsyncIterable<ImportPiece>): AsyncGenerator<Batch> {
  let batch: Batch | undefined;
  for await (const piece of pieces) {
    batch ??= newBatch(piece.input);
    batch.endOffset = piece.endOffset;
    for (let index = 0; index < piece.events.length; index += 1) {
      const event = piece.events[index];
      if (!event) continue;
      batch.events.push(event);
      batch.bytes += event.byteLength;
      if (piece.parsed) batch.parsed.push(piece.parsed[index]);
    }
    batch.damage.push(...piece.damage);
    if (!isWorthSending(batch)) continue;
    yield batch;
    batch = undefined;
  }
  if (batch) yield batch;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The record of an unreadable place; the same place of the same file is the same record. */
const damageLine = (file: ImportFile, damage: ImportDamage): Uint8Array => {
  const length = damage.length === undefined ? '' : `, ${damage.length} bytes`;
  return Buffer.from(
    recordToJson({
      rid: '',
      who: 'Witness',
      whoKnownBy: 'event',
      action: 'Gap found',
      objectType: 'Completeness',
      what: `${file.path}: ${damage.reason} (offset ${damage.offset}${length})`,
      where: 'localhost',
      when: Math.floor(file.modifiedMs / 1000) * 1000,
      dataSource: DATA_SOURCE_SELF_AUDIT,
      details: [
        { property: 'Code', after: damage.code },
        { property: 'Offset', after: String(damage.offset) },
        { property: 'File size', after: String(file.bytes) },
      ],
    }),
  );
};

const noCounts = () => ({ bytes: 0, events: 0, added: 0, repeated: 0, rejected: 0, damage: 0 });

type Counts = ReturnType<typeof noCounts>;

/** What was counted since. */
const minus = (counts: Counts, earlier: Counts): Counts => ({
  bytes: counts.bytes - earlier.bytes,
  events: counts.events - earlier.events,
  added: counts.added - earlier.added,
  repeated: counts.repeated - earlier.repeated,
  rejected: counts.rejected - earlier.rejected,
  damage: counts.damage - earlier.damage,
});

const isRetryable = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'retry' in thrown && thrown.retry !== 'never';

/**
 * Imports the files one after the other, several batches under way at once. Resolves when all is stored and visible.
 * Rejects with the error of the first batch that can never be stored, or when the signal is aborted; what was stored
 * until then is remembered in the journal.
 */
export const importFiles = async (options: ImportOptions): Promise<ImportCounts> => {
  const { files, submit, journal, clock, randomBytes, wait, signal } = options;
  const { onProgress, onDamage, onResume, onWaiting, onFile } = options;
  const counts = noCounts();
  let storedAt = clock();

  const submitPatiently = async (batch: SubmittedBatch): Promise<SubmitReceipt> => {
    for (;;) {
      signal?.throwIfAborted();
      try {
        const receipt = await submit(batch);
        storedAt = clock();
        return receipt;
      } catch (thrown) {
        if (!isRetryable(thrown) || clock() - storedAt > GIVE_UP_MS) throw thrown;
        onWaiting?.(thrown);
        await wait(RETRY_MS);
      }
    }
  };

  const send = async (
    file: ImportFile,
    { input, events, parsed }: Pick<Batch, 'input' | 'events' | 'parsed'>,
  ): Promise<SubmitReceipt> => {
    if (events.length === 0) return { added: 0, repeated: 0, rejected: 0 };
    return await submitPatiently({
      input,
      events,
      ...(parsed.length > 0 ? { parsed } : {}),
      receivedAt: clock(),
      origin: { listener: 'import', sender: file.path },
      batchId: hex(randomBytes(16)),
    });
  };

  /** Resolves when the events are stored, and the places that could not be read are records beside them. */
  const sendWhole = async (file: ImportFile, batch: Batch): Promise<void> => {
    const losses = batch.damage.filter(({ isLoss }) => isLoss);
    const [receipt] = await Promise.all([
      send(file, batch),
      send(file, {
        input: 'activity-record-line',
        events: losses.map((damage) => damageLine(file, damage)),
        parsed: [],
      }),
    ]);
    counts.added += receipt.added;
    counts.repeated += receipt.repeated;
    counts.rejected += receipt.rejected;
  };

  const importFile = async (file: ImportFile, bytesBefore: number): Promise<void> => {
    const resumeAt = journal.position(file);
    if (resumeAt > 0) onResume?.(file, resumeAt);
    // In file order: the journal may only advance over a batch when all before it are stored.
    const inFlight: { stored: Promise<void>; endOffset: number }[] = [];
    let journalAt = clock();
    let settledOffset = resumeAt;
    const settleOldest = async (): Promise<void> => {
      const oldest = inFlight[0];
      if (!oldest) return;
      await oldest.stored;
      inFlight.shift();
      settledOffset = oldest.endOffset;
      counts.bytes = bytesBefore + settledOffset;
      if (clock() - journalAt >= JOURNAL_EVERY_MS) {
        journalAt = clock();
        journal.advance(file, settledOffset);
      }
      onProgress?.(counts);
    };
    try {
      for await (const batch of toBatches(readImportFile(file, signal))) {
        if (resumeAt > 0 && batch.endOffset <= resumeAt) continue;
        counts.events += batch.events.length;
        for (const damage of batch.damage) {
          counts.damage += damage.isLoss ? 1 : 0;
          onDamage?.(file, damage);
        }
        const stored = sendWhole(file, batch);
        // Awaited in order; an early failure must not count as unhandled meanwhile.
        stored.catch(() => {});
        inFlight.push({ stored, endOffset: batch.endOffset });
        if (inFlight.length >= IN_FLIGHT_MAX) await settleOldest();
      }
      while (inFlight.length > 0) await settleOldest();
    } catch (thrown) {
      const settled = await Promise.allSettled(inFlight.map(({ stored }) => stored));
      const firstFailed = settled.findIndex(({ status }) => status === 'rejected');
      const stored = firstFailed === -1 ? inFlight : inFlight.slice(0, firstFailed);
      const offset = stored.at(-1)?.endOffset ?? settledOffset;
      if (offset > resumeAt) journal.advance(file, offset);
      throw thrown;
    }
    journal.finish(file);
    counts.bytes = bytesBefore + file.bytes;
    onProgress?.(counts);
  };

  let bytesBefore = 0;
  for (const file of files) {
    const earlier = { ...counts };
    await importFile(file, bytesBefore);
    bytesBefore += file.bytes;
    onFile?.(file, minus(counts, earlier));
  }
  return counts;
};
