import { crc32 } from 'node:zlib';
import { type EvtxDamage, toDamage } from './evtx-result.ts';
import { u16, u32 } from './little-endian.ts';

export const FILE_HEADER_BYTES = 4096;
const SIGNATURE = Buffer.from('ElfFile\0', 'latin1');
const CHECKED_BYTES = 120;
const FLAG_DIRTY = 0x1;
const VERSIONS: ReadonlySet<string> = new Set(['3.1', '3.2']);

export interface FileHeader {
  readonly isDirty: boolean;
  /** Chunks the header counts; `undefined` when it cannot be trusted. The field has 16 bits, so it may have wrapped. */
  readonly chunkCount: number | undefined;
  readonly damage: readonly EvtxDamage[];
}

/** Whether bytes begin like a .evtx file; eight suffice. */
export const isEvtx = (firstBytes: Uint8Array): boolean =>
  firstBytes.length >= SIGNATURE.length &&
  SIGNATURE.equals(firstBytes.subarray(0, SIGNATURE.length));

export const readFileHeader = (bytes: Buffer): FileHeader => {
  const place = { offset: 0, length: FILE_HEADER_BYTES };
  if (!isEvtx(bytes)) {
    const damage = [toDamage('EVTX_FILE_SIGNATURE', place)];
    return { isDirty: true, chunkCount: undefined, damage };
  }
  const damage: EvtxDamage[] = [];
  const version = `${u16(bytes, 38)}.${u16(bytes, 36)}`;
  const isDirty = (u32(bytes, 120) & FLAG_DIRTY) !== 0;
  const checksum = u32(bytes, 124);
  const isIntact = crc32(bytes.subarray(0, CHECKED_BYTES)) === checksum;
  if (!VERSIONS.has(version)) damage.push(toDamage('EVTX_FILE_VERSION', place, version));
  if (checksum === 0) damage.push(toDamage('EVTX_FILE_CHECKSUM_MISSING', place));
  else if (!isIntact) damage.push(toDamage('EVTX_FILE_CHECKSUM', place));
  if (isDirty) damage.push(toDamage('EVTX_FILE_DIRTY', place));
  return { isDirty, chunkCount: isIntact || checksum === 0 ? u16(bytes, 42) : undefined, damage };
};
