/** Reads back what a spool folder holds beyond the checkpoint, around every damage. */
import { basename } from 'node:path';
import type { RawBatch } from '../raw-batch.ts';
import type { Disk } from './disk.ts';
import { decodeFrame, scanSegment } from './frame.ts';
import type { Place, Segment } from './segment-writer.ts';

/** A stretch of a segment that holds no readable batch though there were some. */
export interface SpoolDamage {
  /** File name of the segment. */
  readonly segment: string;
  readonly offset: number;
  readonly bytes: number;
  /** Batches that were in it; absent at the end of the newest segment, where nobody can tell. */
  readonly batches?: number;
  /** When the segment was last written, UTC milliseconds. */
  readonly writtenAt: number;
  /** What the disk said when it could not be read at all. */
  readonly reason?: string;
}

export type Replayed =
  | { readonly kind: 'batch'; readonly place: Place; readonly batch: RawBatch }
  | { readonly kind: 'damage'; readonly damage: SpoolDamage };

/**
 * Numbers left out on purpose, when a damaged segment may hold batches nobody can count: more than a segment can hold, so
 * that a smaller step in the numbers always means batches that are missing.
 */
export const NUMBER_JUMP = 2 ** 23;

interface Stretch {
  readonly offset: number;
  readonly bytes: number;
  readonly reason?: string;
}

const NO_STRETCH: Stretch = { offset: 0, bytes: 0 };

const readSegment = async (
  disk: Disk,
  path: string,
): Promise<{ bytes: Buffer; failure?: Stretch }> => {
  try {
    return { bytes: (await disk.readWhole(path)) ?? Buffer.alloc(0) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { bytes: Buffer.alloc(0), failure: { offset: 0, bytes: 0, reason } };
  }
};

/** Damage grows over everything unreadable between two batches. */
const joinStretches = (before: Stretch | undefined, next: Stretch): Stretch =>
  before ? { ...before, bytes: next.offset + next.bytes - before.offset } : next;

/**
 * Batches in order, each number once. Damage is reported only where batches are missing: leftovers of refused writes
 * and stretches that are stored already hold nothing that is lost.
 */
export async function* replaySegments(
  disk: Disk,
  segments: readonly Segment[],
  storedThrough: number | undefined,
): AsyncGenerator<Replayed> {
  let expected = (storedThrough ?? (segments[0]?.name.first ?? 1) - 1) + 1;
  for (const [index, segment] of segments.entries()) {
    const voidFrom = segments[index + 1]?.name.first;
    const writtenAt = await disk.modifiedAt(segment.path);
    const { bytes, failure } = await readSegment(disk, segment.path);
    let stretch = failure;
    /** What is to be told when the next batch, or the next segment, has this number. */
    const damageBefore = (next: number | undefined): Replayed[] => {
      const isCounted = next !== undefined && next - expected < NUMBER_JUMP;
      if (isCounted ? next <= expected : !stretch) return [];
      const damage: SpoolDamage = {
        segment: basename(segment.path),
        ...(stretch ?? NO_STRETCH),
        ...(isCounted && { batches: next - expected }),
        writtenAt,
      };
      return [{ kind: 'damage', damage }];
    };
    for (const found of scanSegment(bytes, segment.name.marker)) {
      if (found.kind === 'damage') {
        stretch = joinStretches(stretch, { offset: found.offset, bytes: found.length });
        continue;
      }
      const { number, offset, length } = found;
      if (voidFrom !== undefined && number >= voidFrom) break;
      yield* damageBefore(number);
      stretch = undefined;
      if (number < expected) continue;
      const batch = decodeFrame(bytes.subarray(offset, offset + length), segment.name.marker);
      if (!batch) continue;
      yield { kind: 'batch', place: { number, segment, offset, length }, batch };
      expected = number + 1;
    }
    yield* damageBefore(voidFrom);
    expected = Math.max(expected, voidFrom ?? expected);
    // Only now: a segment may be deleted once everything up to its last batch is stored.
    segment.last = expected - 1;
  }
}
