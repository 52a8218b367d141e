/**
 * How a raw batch lies in a segment. Frozen as `spool1`; another layout gets another file extension.
 *
 * | bytes | what |
 * | --- | --- |
 * | 8 | marker: random per segment and part of its file name, so that no sender can forge the start of an entry |
 * | 8 | batch number, little endian as all that follows |
 * | 4 | payload length |
 * | 4 | CRC-32 of the payload |
 * | 4 | CRC-32 of the 24 bytes before |
 * | n | payload: metadata length, metadata JSON, event count, length of each event, the events |
 */
import { crc32 } from 'node:zlib';
import type { RawBatch } from '../raw-batch.ts';

export const FRAME_HEADER_BYTES = 28;
export const MARKER_BYTES = 8;

type Metadata = Omit<RawBatch, 'events'>;

/** What one batch takes on disk. `room` for the header stands in front; `sealFrame` fills it. */
export const encodeFrame = (batch: RawBatch): Buffer => {
  const { events } = batch;
  const metadata: Metadata = {
    input: batch.input,
    receivedAt: batch.receivedAt,
    origin: batch.origin,
    ...(batch.plan && { plan: batch.plan }),
    ...(batch.item && { item: batch.item }),
    batchId: batch.batchId,
  };
  const head = Buffer.from(JSON.stringify(metadata));
  let size = FRAME_HEADER_BYTES + 4 + head.length + 4 + 4 * events.length;
  for (const event of events) size += event.byteLength;
  const frame = Buffer.allocUnsafe(size);
  let at = frame.writeUInt32LE(head.length, FRAME_HEADER_BYTES);
  frame.set(head, at);
  at = frame.writeUInt32LE(events.length, at + head.length);
  for (const event of events) at = frame.writeUInt32LE(event.byteLength, at);
  for (const event of events) {
    frame.set(event, at);
    at += event.byteLength;
  }
  frame.writeUInt32LE(size - FRAME_HEADER_BYTES, 16);
  frame.writeUInt32LE(crc32(frame.subarray(FRAME_HEADER_BYTES)), 20);
  return frame;
};

/** Gives an encoded frame its place: number and segment. May be done again for another segment. */
export const sealFrame = (frame: Buffer, number: number, marker: Uint8Array): void => {
  frame.set(marker, 0);
  frame.writeBigUInt64LE(BigInt(number), MARKER_BYTES);
  frame.writeUInt32LE(crc32(frame.subarray(0, FRAME_HEADER_BYTES - 4)), FRAME_HEADER_BYTES - 4);
};

/** An entry's extent when a whole and undamaged one begins at the offset. */
const entryAt = (
  bytes: Buffer,
  offset: number,
  marker: Uint8Array,
): { number: number; length: number } | undefined => {
  const payload = offset + FRAME_HEADER_BYTES;
  if (payload > bytes.length) return undefined;
  if (bytes.compare(marker, 0, MARKER_BYTES, offset, offset + MARKER_BYTES) !== 0) return undefined;
  if (crc32(bytes.subarray(offset, payload - 4)) !== bytes.readUInt32LE(payload - 4)) {
    return undefined;
  }
  const end = payload + bytes.readUInt32LE(offset + 16);
  if (end > bytes.length) return undefined;
  if (crc32(bytes.subarray(payload, end)) !== bytes.readUInt32LE(offset + 20)) return undefined;
  return { number: Number(bytes.readBigUInt64LE(offset + MARKER_BYTES)), length: end - offset };
};

export type Scanned =
  | {
      readonly kind: 'entry';
      readonly number: number;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'damage'; readonly offset: number; readonly length: number };

/** Every entry of a segment and every stretch that is none, in order, without a byte left over. */
export const scanSegment = (bytes: Buffer, marker: Uint8Array): Scanned[] => {
  const found: Scanned[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const entry = entryAt(bytes, offset, marker);
    if (entry) {
      found.push({ kind: 'entry', offset, ...entry });
      offset += entry.length;
      continue;
    }
    const next = nextEntry(bytes, offset + 1, marker);
    found.push({ kind: 'damage', offset, length: next - offset });
    offset = next;
  }
  return found;
};

const nextEntry = (bytes: Buffer, from: number, marker: Uint8Array): number => {
  for (let at = bytes.indexOf(marker, from); at >= 0; at = bytes.indexOf(marker, at + 1)) {
    if (entryAt(bytes, at, marker)) return at;
  }
  return bytes.length;
};

/** The batch of a frame that `scanSegment` found; undefined when the bytes are not (or no longer) one. */
export const decodeFrame = (frame: Buffer, marker: Uint8Array): RawBatch | undefined => {
  if (entryAt(frame, 0, marker)?.length !== frame.length) return undefined;
  const headStart = FRAME_HEADER_BYTES + 4;
  const headEnd = headStart + frame.readUInt32LE(FRAME_HEADER_BYTES);
  const metadata = JSON.parse(frame.toString('utf8', headStart, headEnd)) as Metadata;
  const count = frame.readUInt32LE(headEnd);
  let at = headEnd + 4 + 4 * count;
  const events = Array.from({ length: count }, (_, index) => {
    const length = frame.readUInt32LE(headEnd + 4 + 4 * index);
    at += length;
    return frame.subarray(at - length, at);
  });
  return { ...metadata, events };
};
