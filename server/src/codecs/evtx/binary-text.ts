/**
 * Text out of chunk bytes. The same few strings, SIDs and GUIDs recur in every event, so short ones are kept in small
 * direct-mapped tables: a hit costs one comparison and no allocation, a miss replaces what was there.
 */

const SCRATCH = Buffer.alloc(65536);
const TABLE_SIZE = 4096;
const TABLE_MASK = TABLE_SIZE - 1;
const KEPT_CHARACTERS_MAX = 64;
const KEPT_STRINGS: string[] = new Array<string>(TABLE_SIZE).fill('');

const isSameText = (kept: string, count: number): boolean => {
  if (kept.length !== count) return false;
  for (let index = 0; index < count; index += 1) {
    if (kept.charCodeAt(index) !== SCRATCH[index]) return false;
  }
  return true;
};

/**
 * UTF-16LE without its trailing NULs. Characters that fit into Latin-1 give a one-byte string, which is half the
 * memory and faster for whatever comes after.
 */
export const utf16Text = (bytes: Buffer, start: number, length: number): string => {
  let end = start + (length & ~1);
  while (end > start && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
  const count = (end - start) >> 1;
  if (count === 0) return '';
  let hash = count;
  let high = 0;
  for (let index = 0, at = start; index < count; index += 1, at += 2) {
    const low = bytes[at] as number;
    high |= bytes[at + 1] as number;
    SCRATCH[index] = low;
    hash = Math.imul(hash, 31) + low;
  }
  if (high !== 0) return bytes.toString('utf16le', start, end).toWellFormed();
  if (count > KEPT_CHARACTERS_MAX) return SCRATCH.toString('latin1', 0, count);
  const slot = (hash ^ (hash >>> 12)) & TABLE_MASK;
  const kept = KEPT_STRINGS[slot] as string;
  if (isSameText(kept, count)) return kept;
  const text = SCRATCH.toString('latin1', 0, count);
  KEPT_STRINGS[slot] = text;
  return text;
};

const windows1252 = new TextDecoder('windows-1252');

/** ANSI strings carry no code page; Windows-1252 is the usual one. Trailing NULs are dropped. */
export const ansiText = (bytes: Buffer, start: number, length: number): string => {
  let end = start + length;
  while (end > start && bytes[end - 1] === 0) end -= 1;
  return windows1252.decode(bytes.subarray(start, end));
};

interface Kept {
  readonly bytes: Uint8Array;
  readonly text: string;
}

type Format = (bytes: Buffer, start: number, length: number) => string;

/** `format`, with its answers remembered by the bytes they were made of. */
export const remembered = (format: Format): Format => {
  const table: (Kept | undefined)[] = new Array<Kept | undefined>(TABLE_SIZE).fill(undefined);
  return (bytes, start, length) => {
    let hash = length;
    for (let at = start; at < start + length; at += 1) {
      hash = Math.imul(hash, 31) + (bytes[at] as number);
    }
    const slot = (hash ^ (hash >>> 12)) & TABLE_MASK;
    const kept = table[slot];
    if (kept !== undefined && isSameBytes(kept.bytes, bytes, start, length)) return kept.text;
    const text = format(bytes, start, length);
    table[slot] = {
      bytes: new Uint8Array(bytes.subarray(start, start + length)),
      text,
    };
    return text;
  };
};

const isSameBytes = (kept: Uint8Array, bytes: Buffer, start: number, length: number): boolean => {
  if (kept.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (kept[index] !== bytes[start + index]) return false;
  }
  return true;
};
