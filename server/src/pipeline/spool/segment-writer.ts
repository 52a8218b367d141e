/**
 * The writing end of the spool: whatever was handed in while the last write was under way goes into one write and
 * one fdatasync.
 *
 * After a failed fdatasync the kernel may report the lost pages as clean, so the same file is never trusted again:
 * what is unanswered is written once more, into a new segment, whose name makes the leftovers void.
 */
import type { Emit } from '../../telemetry/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import { type Disk, type DiskFile, isDiskFull, writeAll } from './disk.ts';
import { sealFrame } from './frame.ts';
import type { FreeSpace } from './free-space.ts';
import { type SegmentName, segmentPath } from './segment-name.ts';

export interface Segment {
  readonly name: SegmentName;
  readonly path: string;
  /** Number of the last durable batch in it; one below the first while there is none. */
  last: number;
  /** Durable bytes. */
  size: number;
}

export interface Place {
  readonly number: number;
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

export interface SegmentWriter {
  /**
   * Resolves when the frame is durable. Rejects with PIPELINE_DISK_FULL or PIPELINE_DISK_FAILED; nothing of it is
   * then kept, and the next frame may succeed. An urgent one may use the space that is left free on purpose.
   */
  append(frame: Buffer, isUrgent?: boolean): Promise<Place>;
  /** Bytes handed in that are not durable yet. */
  unwrittenBytes(): number;
  /** The segment written to now; never deleted. */
  active(): Segment | undefined;
  /** Resolves when everything handed in is answered, and closes the file. */
  close(): Promise<void>;
}

interface Waiting {
  readonly frame: Buffer;
  readonly isUrgent: boolean;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: unknown) => void;
}

interface WriterParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly freeSpace: FreeSpace;
  readonly limits: Pick<PipelineLimits, 'segmentBytesMax' | 'groupBytesMax'>;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly emit: Emit;
  readonly start: { readonly number: number; readonly ordinal: number };
  readonly onSegment: (segment: Segment) => void;
}

interface Open {
  readonly segment: Segment;
  readonly file: DiskFile;
}

/** The write failed, and what the disk said is that there is no room. */
const toRefusal = (cause: unknown): Error =>
  isDiskFull(cause)
    ? pipelineError('PIPELINE_DISK_FULL', {}, { cause })
    : pipelineError('PIPELINE_DISK_FAILED', { reason: reasonOf(cause) }, { cause });

const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

export const createSegmentWriter = (parts: WriterParts): SegmentWriter => {
  const { folder, disk, limits, emit } = parts;
  let { number: nextNumber, ordinal: nextOrdinal } = parts.start;
  let queue: Waiting[] = [];
  let queuedBytes = 0;
  let open: Open | undefined;
  /** A failed segment may hold entries that were refused, until a newer segment makes them void. */
  let mustVoid = false;
  let running: Promise<void> | undefined;

  const openSegment = async (): Promise<Open> => {
    const name = { ordinal: nextOrdinal, first: nextNumber, marker: parts.randomBytes(8) };
    const path = segmentPath(folder, name);
    nextOrdinal += 1;
    const file = await disk.open(path, 'create');
    try {
      await disk.syncFolder(folder);
    } catch (error) {
      await closeQuietly(file);
      throw error;
    }
    const segment = { name, path, last: nextNumber - 1, size: 0 };
    parts.onSegment(segment);
    mustVoid = false;
    return { segment, file };
  };

  const closeQuietly = async (file: DiskFile): Promise<void> => {
    await file.close().catch((error) => {
      emit({
        name: 'pipeline.segment-close-failed',
        level: 'warn',
        message: 'A spool segment could not be closed',
        error,
      });
    });
  };

  const usable = async (): Promise<Open> => {
    if (open && open.segment.size >= limits.segmentBytesMax) {
      await closeQuietly(open.file);
      open = undefined;
    }
    open ??= await openSegment();
    return open;
  };

  /** Takes a half-written group back; the segment stays in use only when that is durable too. */
  const rollBack = async (at: Open): Promise<void> => {
    try {
      await at.file.truncate(at.segment.size);
      await at.file.sync();
    } catch (error) {
      await abandon(at, error);
    }
  };

  const abandon = async (at: Open, error: unknown): Promise<void> => {
    emit({
      name: 'pipeline.segment-abandoned',
      level: 'error',
      message: 'A spool segment failed and is not written to any more',
      fields: { segment: at.segment.path },
      error,
    });
    open = undefined;
    mustVoid = true;
    await at.file.truncate(at.segment.size).catch((cause) => {
      emit({
        name: 'pipeline.segment-truncate-failed',
        level: 'warn',
        message: 'The unanswered end of a failed spool segment could not be cut',
        error: cause,
      });
    });
    await closeQuietly(at.file);
  };

  /** One write and one sync. Throws after undoing. */
  const writeGroup = async (group: readonly Waiting[]): Promise<Place[]> => {
    const at = await usable();
    const { segment, file } = at;
    let offset = segment.size;
    const places = group.map(({ frame }, index) => {
      sealFrame(frame, nextNumber + index, segment.name.marker);
      const place = { number: nextNumber + index, segment, offset, length: frame.length };
      offset += frame.length;
      return place;
    });
    try {
      await writeAll(
        file,
        group.map(({ frame }) => frame),
        segment.size,
      );
    } catch (error) {
      if (isDiskFull(error)) await rollBack(at);
      else await abandon(at, error);
      throw error;
    }
    try {
      await file.sync();
    } catch (error) {
      await abandon(at, error);
      throw error;
    }
    nextNumber += group.length;
    segment.last = nextNumber - 1;
    segment.size = offset;
    return places;
  };

  const commit = async (group: readonly Waiting[]): Promise<Place[]> => {
    try {
      return await writeGroup(group);
    } catch (error) {
      if (isDiskFull(error)) throw error;
      return await writeGroup(group);
    }
  };

  /** Refuses what the free space does not allow. */
  const withinSpace = async (group: readonly Waiting[], bytes: number): Promise<Waiting[]> => {
    // A system that cannot tell is not a full disk; the write will show.
    const hasRoom = await parts.freeSpace.take(bytes).catch(() => true);
    if (hasRoom) return [...group];
    for (const waiting of group) {
      if (!waiting.isUrgent) waiting.reject(pipelineError('PIPELINE_DISK_FULL'));
    }
    return group.filter(({ isUrgent }) => isUrgent);
  };

  /** Makes the leftovers of refused batches void; failing that, the next group tries again. */
  const voidLeftovers = async (): Promise<void> => {
    if (!mustVoid || open) return;
    try {
      open = await openSegment();
    } catch (error) {
      emit({
        name: 'pipeline.segment-void-failed',
        level: 'error',
        message: 'A new spool segment could not be made after a failure',
        error,
      });
    }
  };

  const takeGroup = (): { group: Waiting[]; bytes: number } => {
    let bytes = 0;
    let count = 0;
    for (const { frame } of queue) {
      if (count > 0 && bytes + frame.length > limits.groupBytesMax) break;
      bytes += frame.length;
      count += 1;
    }
    const group = queue.slice(0, count);
    queue = queue.slice(count);
    return { group, bytes };
  };

  const writeOrRefuse = async (group: readonly Waiting[]): Promise<void> => {
    if (group.length === 0) return;
    try {
      const places = await commit(group);
      places.forEach((place, index) => {
        group[index]?.resolve(place);
      });
    } catch (error) {
      await voidLeftovers();
      for (const { reject } of group) reject(toRefusal(error));
    }
  };

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      const { group, bytes } = takeGroup();
      await writeOrRefuse(await withinSpace(group, bytes));
      queuedBytes -= bytes;
    }
    running = undefined;
  };

  return {
    append: (frame, isUrgent = false) =>
      new Promise((resolve, reject) => {
        queue.push({ frame, isUrgent, resolve, reject });
        queuedBytes += frame.length;
        running ??= run();
      }),
    unwrittenBytes: () => queuedBytes,
    active: () => open?.segment,
    close: async () => {
      await running;
      if (open) await closeQuietly(open.file);
      open = undefined;
    },
  };
};
