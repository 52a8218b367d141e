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
  readonly onResume?: (file: ImportFile, offset: number) => void;
  readonly signal?: AbortSignal;
}

const BATCH_EVENTS_MAX = 2_000;
const BATCH_BYTES_MAX = 4 * 1024 * 1024;
const IN_FLIGHT_MAX = 4;
const JOURNAL_EVERY_MS = 1_000;
const RETRY_MS = 500;

interface Batch {
  input: string;
  events: Uint8Array[];
  parsed: unknown[];
  bytes: number;
  endOffset: number;
}

const newBatch = (input: string): Batch => ({
  input,
  events: [],
  parsed: [],
  bytes: 0,
  endOffset: 0,
});

/** Pieces put together until they are worth a batch. Damage travels alone, so that it is stored where it stands. */
async function* toBatches(
  pieces: AsyncIterable<ImportPiece>,
): AsyncGenerator<Batch | ImportDamage> {
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
    yield* piece.damage;
    if (batch.events.length >= BATCH_EVENTS_MAX || batch.bytes >= BATCH_BYTES_MAX) {
      yield batch;
      batch = undefined;
    }
  }
  if (batch) yield batch;
}

const isBatch = (value: Batch | ImportDamage): value is Batch => 'events' in value;

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

const isRetryable = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'retry' in thrown && thrown.retry !== 'never';

/**
 * Imports the files one after the other, several batches under way at once. Resolves when all is stored and visible.
 * Rejects with the error of the first batch that can never be stored, or when the signal is aborted; what was stored
 * until then is remembered in the journal.
 */
export const importFiles = async (options: ImportOptions): Promise<ImportCounts> => {
  const { files, submit, journal, clock, randomBytes, wait, onProgress, onDamage, onResume } =
    options;
  const { signal } = options;
  const counts = { bytes: 0, events: 0, added: 0, repeated: 0, rejected: 0, damage: 0 };

  const submitPatiently = async (batch: SubmittedBatch): Promise<SubmitReceipt> => {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await submit(batch);
      } catch (thrown) {
        if (!isRetryable(thrown)) throw thrown;
        await wait(RETRY_MS);
      }
    }
  };

  const send = async (file: ImportFile, batch: Pick<Batch, 'input' | 'events' | 'parsed'>) => {
    const receipt = await submitPatiently({
      input: batch.input,
      events: batch.events,
      ...(batch.parsed.length > 0 ? { parsed: batch.parsed } : {}),
      receivedAt: clock(),
      origin: { listener: 'import', sender: file.path },
      batchId: hex(randomBytes(16)),
    });
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
    const settleOldest = async (): Promise<void> => {
      const oldest = inFlight.shift();
      if (!oldest) return;
      await oldest.stored;
      counts.bytes = bytesBefore + oldest.endOffset;
      if (clock() - journalAt >= JOURNAL_EVERY_MS) {
        journalAt = clock();
        journal.advance(file, oldest.endOffset);
      }
      onProgress?.(counts);
    };
    const start = async (stored: Promise<void>, endOffset: number): Promise<void> => {
      // Awaited in order below; an early failure must not count as unhandled meanwhile.
      stored.catch(() => {});
      inFlight.push({ stored, endOffset });
      if (inFlight.length >= IN_FLIGHT_MAX) await settleOldest();
    };
    try {
      for await (const next of toBatches(readImportFile(file, signal))) {
        const isNew = isBatch(next) ? next.endOffset > resumeAt : next.offset >= resumeAt;
        if (!isNew) continue;
        if (isBatch(next)) {
          counts.events += next.events.length;
          await start(send(file, next), next.endOffset);
        } else {
          counts.damage += next.isLoss ? 1 : 0;
          onDamage?.(file, next);
          if (!next.isLoss) continue;
          const line = {
            input: 'activity-record-line',
            events: [damageLine(file, next)],
            parsed: [],
          };
          await start(send(file, line), Math.min(next.offset, file.bytes));
        }
      }
      while (inFlight.length > 0) await settleOldest();
    } catch (thrown) {
      const settled = await Promise.allSettled(inFlight.map(({ stored }) => stored));
      const firstFailed = settled.findIndex(({ status }) => status === 'rejected');
      const last = inFlight.at((firstFailed === -1 ? settled.length : firstFailed) - 1);
      if (last && firstFailed !== 0) journal.advance(file, last.endOffset);
      throw thrown;
    }
    journal.finish(file);
    counts.bytes = bytesBefore + file.bytes;
    onProgress?.(counts);
  };

  let bytesBefore = 0;
  for (const file of files) {
    await importFile(file, bytesBefore);
    bytesBefore += file.bytes;
  }
  return counts;
};
