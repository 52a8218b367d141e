import { crc32 } from 'node:zlib';
import { CHUNK_BYTES, CHUNK_HEADER_BYTES } from './chunk-context.ts';
import { type EvtxDamage, toDamage } from './evtx-result.ts';
import { u32, u64 } from './little-endian.ts';

const SIGNATURE = Buffer.from('ElfChnk\0', 'latin1');
const HEADER_FIELDS_BYTES = 120;
const TABLES_START = 128;

export interface ChunkHeader {
  /** Whether the header can be followed; otherwise records are searched for. */
  readonly isSound: boolean;
  /** Where the records end: the free space, or the end of the chunk when the header cannot be followed. */
  readonly recordsEnd: number;
  /** Records by the identifiers of the first and the last; `undefined` when that is not known. */
  readonly recordCount: number | undefined;
  readonly damage: readonly EvtxDamage[];
}

export const hasChunkSignature = (bytes: Uint8Array): boolean =>
  bytes.length >= SIGNATURE.length && SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));

/** A chunk that holds more records is none: the smallest record takes 28 bytes. */
const RECORDS_MAX = Math.floor(CHUNK_BYTES / 28);

const checksumDamage = (
  bytes: Buffer,
  { offset, available, recordsEnd }: { offset: number; available: number; recordsEnd: number },
): EvtxDamage[] => {
  const headerSum = u32(bytes, 124);
  const dataSum = u32(bytes, 52);
  const isComplete = recordsEnd <= available;
  if (headerSum === 0 && dataSum === 0) {
    return [
      toDamage('EVTX_CHUNK_CHECKSUM_MISSING', {
        offset,
        length: CHUNK_HEADER_BYTES,
      }),
    ];
  }
  const damage: EvtxDamage[] = [];
  const fields = crc32(bytes.subarray(0, HEADER_FIELDS_BYTES));
  if (crc32(bytes.subarray(TABLES_START, CHUNK_HEADER_BYTES), fields) !== headerSum) {
    damage.push(
      toDamage('EVTX_CHUNK_HEADER_CHECKSUM', {
        offset,
        length: CHUNK_HEADER_BYTES,
      }),
    );
  }
  if (isComplete && crc32(bytes.subarray(CHUNK_HEADER_BYTES, recordsEnd)) !== dataSum) {
    const place = {
      offset: offset + CHUNK_HEADER_BYTES,
      length: recordsEnd - CHUNK_HEADER_BYTES,
    };
    damage.push(toDamage('EVTX_CHUNK_DATA_CHECKSUM', place));
  }
  return damage;
};

/** `offset` is that of the chunk in its file; `available` says how many of the bytes the file really holds. */
export const readChunkHeader = (
  bytes: Buffer,
  { offset, available }: { readonly offset: number; readonly available: number },
): ChunkHeader => {
  const place = { offset, length: CHUNK_HEADER_BYTES };
  const unsound = (damage: EvtxDamage): ChunkHeader => ({
    isSound: false,
    recordsEnd: CHUNK_BYTES,
    recordCount: undefined,
    damage: [damage],
  });
  if (!hasChunkSignature(bytes)) return unsound(toDamage('EVTX_CHUNK_SIGNATURE', place));
  const recordsEnd = u32(bytes, 48);
  if (recordsEnd < CHUNK_HEADER_BYTES || recordsEnd > CHUNK_BYTES) {
    return unsound(toDamage('EVTX_CHUNK_HEADER', place, `free space begins at ${recordsEnd}`));
  }
  const damage = checksumDamage(bytes, { offset, available, recordsEnd });
  const count = u64(bytes, 32) - u64(bytes, 24) + 1;
  const isTrusted = !damage.some(({ code }) => code === 'EVTX_CHUNK_HEADER_CHECKSUM');
  const recordCount = isTrusted && count > 0 && count <= RECORDS_MAX ? count : undefined;
  return { isSound: true, recordsEnd, recordCount, damage };
};
