/** How far the spool is stored, in one file that is always replaced as a whole. */

import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Disk, replaceFile } from './disk.ts';

export interface Checkpoint {
  /** Random, made with the spool folder: tells its positions from those of a folder that was lost. */
  readonly spoolId: string;
  /** Every batch up to this number is in the store. */
  readonly storedThrough: number;
  /** What completeness knows of the logs; may be ahead of `storedThrough`. */
  readonly logs?: unknown;
}

const NAME = 'checkpoint';

/** Line 1 is the CRC-32 of the rest. */
const encode = (value: unknown): Uint8Array => {
  const json = JSON.stringify(value);
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')}\n${json}`);
};

const tryDecode = (bytes: Buffer): unknown => {
  const json = bytes.toString('utf8', 9);
  return bytes.toString('utf8', 0, 8) === crc32(json).toString(16).padStart(8, '0')
    ? JSON.parse(json)
    : undefined;
};

/** `isDamaged` when a file is there but not as it was written. */
export interface Saved<Value> {
  readonly value?: Value;
  readonly isDamaged: boolean;
}

export const readSaved = async <Value>(
  disk: Disk,
  folder: string,
  name: string,
): Promise<Saved<Value>> => {
  const bytes = await disk.readWhole(join(folder, name));
  if (!bytes) return { isDamaged: false };
  const value = tryDecode(bytes) as Value | undefined;
  return value === undefined ? { isDamaged: true } : { value, isDamaged: false };
};

export const writeSaved = (
  disk: Disk,
  folder: string,
  saved: { readonly name: string; readonly value: unknown },
): Promise<void> => replaceFile(disk, folder, { name: saved.name, content: encode(saved.value) });

export const readCheckpoint = (disk: Disk, folder: string): Promise<Saved<Checkpoint>> =>
  readSaved(disk, folder, NAME);

export const writeCheckpoint = (
  disk: Disk,
  folder: string,
  checkpoint: Checkpoint,
): Promise<void> => writeSaved(disk, folder, { name: NAME, value: checkpoint });
