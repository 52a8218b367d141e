/**
 * A segment's file name carries all there is to know about it: `00000003-0000000000000042-9f86d081884c7d65.spool1` is
 * the third segment made, its first batch has number 42, its entries begin with the marker.
 *
 * Entries of an older segment whose number is not below the first one of a newer segment are void: the disk failed
 * while they were written, and they were either written again or refused.
 */
import { join } from 'node:path';

export interface SegmentName {
  readonly ordinal: number;
  readonly first: number;
  readonly marker: Uint8Array;
}

const NAME = /^(\d{8,})-(\d{16})-([0-9a-f]{16})\.spool1$/;

export const segmentPath = (folder: string, name: SegmentName): string =>
  join(
    folder,
    `${String(name.ordinal).padStart(8, '0')}-${String(name.first).padStart(16, '0')}-${Buffer.from(name.marker).toString('hex')}.spool1`,
  );

/** Undefined for a file that is not a segment. */
export const tryParseSegmentName = (file: string): SegmentName | undefined => {
  const [, ordinal, first, marker] = NAME.exec(file) ?? [];
  if (ordinal === undefined || first === undefined || marker === undefined) return undefined;
  return { ordinal: Number(ordinal), first: Number(first), marker: Buffer.from(marker, 'hex') };
};
