/** The durable queue in front of interpretation: segments of batches and a checkpoint, in one folder. */
import { basename } from 'node:path';
import type { Emit } from '../../telemetry/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import type { RawBatch } from '../raw-batch.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Disk } from './disk.ts';
import { decodeFrame, encodeFrame, scanSegment } from './frame.ts';
import { createFreeSpace } from './free-space.ts';
import { NUMBER_JUMP, type Replayed, replaySegments } from './replay.ts';
import { segmentPath, tryParseSegmentName } from './segment-name.ts';
import { createSegmentWriter, type Place, type Segment } from './segment-writer.ts';

export interface SpoolOptions {
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly emit: Emit;
  readonly limits: PipelineLimits;
  /** Highest batch number the store has records of; numbers go on behind it even when the spool folder was lost. */
  readonly storeNumber: number;
}

export interface Spool {
  readonly checkpoint: Checkpoint;
  /** What the folder held beyond the checkpoint when it was opened. */
  replay(): AsyncIterable<Replayed>;
  /**
   * Resolves when the batch is durable; batches get consecutive numbers. Rejects with PIPELINE_BATCH_TOO_LARGE,
   * PIPELINE_DISK_FULL or PIPELINE_DISK_FAILED; nothing of it is then kept. An urgent one may use the space that is
   * left free on purpose.
   */
  append(batch: RawBatch, isUrgent?: boolean): Promise<Place>;
  /** Whether the disk has room above what is left free. */
  hasRoom(): Promise<boolean>;
  /** Throws PIPELINE_SPOOL_UNREADABLE when the disk does not give back what was written. */
  read(place: Place): Promise<RawBatch>;
  /** Bytes handed in that are not durable yet. */
  unwrittenBytes(): number;
  /** Bytes of all segments. */
  bytes(): number;
  /** Says how far batches are stored, durably; whole segments before it are deleted. One call at a time. */
  save(progress: Omit<Checkpoint, 'spoolId'>): Promise<void>;
  /** Deletes also the segment written to when everything in it is stored. */
  close(): Promise<void>;
}

const listSegments = async (disk: Disk, folder: string): Promise<Segment[]> =>
  (await disk.list(folder))
    .flatMap((file) => tryParseSegmentName(file) ?? [])
    .sort((a, b) => a.ordinal - b.ordinal)
    .map((name) => ({
      name,
      path: segmentPath(folder, name),
      // Until replay has read it: a segment of unknown content is never deleted.
      last: Number.POSITIVE_INFINITY,
      size: 0,
    }));

/** Numbers go on behind the newest segment; those of damaged entries are not used again either. */
const numberAfter = async (disk: Disk, segment: Segment | undefined): Promise<number> => {
  if (!segment) return 1;
  const bytes = await disk.readWhole(segment.path).catch(() => undefined);
  if (!bytes) return segment.name.first + NUMBER_JUMP;
  segment.size = bytes.length;
  const found = scanSegment(bytes, segment.name.marker);
  const next = found.reduce(
    (after, one) => (one.kind === 'entry' ? one.number + 1 : after),
    segment.name.first,
  );
  return found.at(-1)?.kind === 'damage' ? next + NUMBER_JUMP : next;
};

const openCheckpoint = async (options: SpoolOptions): Promise<Checkpoint | undefined> => {
  const saved = await readCheckpoint(options.disk, options.folder);
  if (saved.isDamaged) {
    options.emit({
      name: 'pipeline.checkpoint-damaged',
      level: 'error',
      message: 'The checkpoint of the spool is damaged; all of the spool is processed again',
    });
  }
  return saved.value;
};

export const openSpool = async (options: SpoolOptions): Promise<Spool> => {
  const { folder, disk, limits, emit } = options;
  await disk.makeFolder(folder);
  const saved = await openCheckpoint(options);
  const found = await listSegments(disk, folder);
  const newest = found.at(-1);
  const spoolNumber = Math.max((saved?.storedThrough ?? 0) + 1, await numberAfter(disk, newest));
  const isBehind = options.storeNumber >= spoolNumber;
  const nextNumber = isBehind ? options.storeNumber + 1 + (newest ? NUMBER_JUMP : 0) : spoolNumber;
  const storedThrough = saved?.storedThrough ?? (found[0]?.name.first ?? nextNumber) - 1;
  const spoolId = saved?.spoolId ?? Buffer.from(options.randomBytes(4)).toString('hex');
  let checkpoint: Checkpoint = { ...saved, spoolId, storedThrough };
  if (!saved) await writeCheckpoint(disk, folder, checkpoint);

  let segments = [...found];
  const freeSpace = createFreeSpace(options, folder);
  const writer = createSegmentWriter({
    folder,
    disk,
    freeSpace,
    limits,
    randomBytes: options.randomBytes,
    emit,
    start: { number: nextNumber, ordinal: (newest?.name.ordinal ?? 0) + 1 },
    onSegment: (segment) => segments.push(segment),
  });

  /** Oldest first, so that a crash half-way never leaves void entries without the segment that makes them void. */
  const removeStored = async (keep: Segment | undefined): Promise<void> => {
    for (const segment of [...segments]) {
      if (segment === keep || segment.last > checkpoint.storedThrough) return;
      await disk.remove(segment.path);
      segments = segments.filter((other) => other !== segment);
    }
  };

  const readFrame = async (place: Place): Promise<Buffer> => {
    const file = await disk.open(place.segment.path, 'read');
    try {
      const frame = Buffer.allocUnsafe(place.length);
      for (let at = 0; at < frame.length; ) {
        const read = await file.read(frame.subarray(at), place.offset + at);
        if (read === 0) break;
        at += read;
      }
      return frame;
    } finally {
      await file.close();
    }
  };

  const unreadable = (place: Place, cause: unknown): Error =>
    pipelineError(
      'PIPELINE_SPOOL_UNREADABLE',
      {
        place: `${basename(place.segment.path)}:${place.offset}`,
        reason: cause instanceof Error ? cause.message : 'its checksum does not match',
      },
      { cause },
    );

  return {
    checkpoint,
    replay: () => replaySegments(disk, found, saved?.storedThrough),
    append: async (batch, isUrgent) => {
      const frame = encodeFrame(batch);
      if (frame.length > limits.batchBytesMax) {
        throw pipelineError('PIPELINE_BATCH_TOO_LARGE', {
          actual: frame.length,
          unit: 'bytes',
          limit: limits.batchBytesMax,
        });
      }
      return await writer.append(frame, isUrgent);
    },
    hasRoom: () => freeSpace.take(0),
    read: async (place) => {
      const frame = await readFrame(place).catch((cause) => {
        throw unreadable(place, cause);
      });
      const batch = decodeFrame(frame, place.segment.name.marker);
      if (!batch) throw unreadable(place, undefined);
      return batch;
    },
    unwrittenBytes: writer.unwrittenBytes,
    bytes: () => segments.reduce((sum, { size }) => sum + size, 0),
    save: async (progress) => {
      checkpoint = { spoolId, ...progress };
      await writeCheckpoint(disk, folder, checkpoint);
      await removeStored(writer.active());
    },
    close: async () => {
      await writer.close();
      await removeStored(undefined);
    },
  };
};
