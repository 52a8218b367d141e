/** Reads the records of one chunk; where one is damaged, goes on at the next that can be found. */
import { WitnessError } from '@witness/record';
import type { WindowsEvent } from '../windows-event/windows-event.ts';
import {
  CHUNK_BYTES,
  CHUNK_HEADER_BYTES,
  type ChunkContext,
  createChunkContext,
} from './chunk-context.ts';
import { readChunkHeader } from './chunk-header.ts';
import { type DecodeWay, decodeRecord } from './decode-record.ts';
import type { EvtxDamageCode } from './evtx-damage-codes.ts';
import { type EvtxChunkResult, type EvtxDamage, toDamage } from './evtx-result.ts';
import { u32, u64 } from './little-endian.ts';
import type { TemplateLibrary } from './template-library.ts';

const RECORD_SIGNATURE = 0x0000_2a2a;
const SIGNATURE_BYTES = Buffer.from([0x2a, 0x2a, 0, 0]);
/** Signature, size, identifier, time written. */
const RECORD_HEADER_BYTES = 24;
/** The header and the copy of the size. */
const RECORD_BYTES_MIN = 28;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

export interface ChunkPlace {
  /** Of the chunk in its file. */
  readonly offset: number;
  /** How many of the bytes the file really holds; the rest are zeros. */
  readonly available: number;
  /** The file was not closed by its writer, so that the chunk header may be behind its records. */
  readonly isDirty: boolean;
  readonly way: DecodeWay;
  readonly library: TemplateLibrary;
}

interface Progress {
  readonly ctx: ChunkContext;
  readonly place: ChunkPlace;
  readonly events: WindowsEvent[];
  readonly damage: EvtxDamage[];
  records: number;
  lastIdentifier: number;
}

export const isAllZeros = (bytes: Buffer, start: number, end: number): boolean =>
  start >= end || bytes.compare(ZEROS, 0, end - start, start, end) === 0;

const sizeAt = (bytes: Buffer, at: number): number => u32(bytes, at + 4);

/** Whether a record header is here whose size stays within `end`. */
const isRecordAt = (bytes: Buffer, at: number, end: number): boolean => {
  if (at + RECORD_BYTES_MIN > end || u32(bytes, at) !== RECORD_SIGNATURE) return false;
  const size = sizeAt(bytes, at);
  return size >= RECORD_BYTES_MIN && at + size <= end;
};

const hasSizeCopy = (bytes: Buffer, at: number): boolean => {
  const size = sizeAt(bytes, at);
  return u32(bytes, at + size - 4) === size;
};

/** The next whole record after `from`; `end` when there is none. A copy of the size guards against chance. */
const findRecord = (bytes: Buffer, from: number, end: number): number => {
  for (let at = bytes.indexOf(SIGNATURE_BYTES, from); at >= 0 && at < end; ) {
    if (isRecordAt(bytes, at, end) && hasSizeCopy(bytes, at)) return at;
    at = bytes.indexOf(SIGNATURE_BYTES, at + 1);
  }
  return end;
};

const report = (
  { damage, place }: Progress,
  code: EvtxDamageCode,
  { at, length, detail }: { at: number; length: number; detail?: string },
): void => {
  damage.push(toDamage(code, { offset: place.offset + at, length }, detail));
};

const DAMAGE_OF_ERROR: ReadonlyMap<string, EvtxDamageCode> = new Map([
  ['EVTX_BINXML', 'EVTX_RECORD_BINXML'],
  ['EVTX_LIMIT', 'EVTX_RECORD_LIMIT'],
  ['EVTX_EVENT_SHAPE', 'EVTX_RECORD_NOT_AN_EVENT'],
]);

/** Decodes the record at `at`; gives the offset after it. */
const takeRecord = (progress: Progress, at: number): number => {
  const { ctx, place } = progress;
  const length = sizeAt(ctx.bytes, at);
  progress.records += 1;
  progress.lastIdentifier = u64(ctx.bytes, at + 8);
  if (!hasSizeCopy(ctx.bytes, at)) report(progress, 'EVTX_RECORD_SIZE_COPY', { at, length });
  try {
    const range = { start: at + RECORD_HEADER_BYTES, end: at + length - 4 };
    progress.events.push(decodeRecord(ctx, range, place.way));
  } catch (error) {
    const code = error instanceof WitnessError ? DAMAGE_OF_ERROR.get(error.code) : undefined;
    if (code === undefined || !(error instanceof WitnessError)) throw error;
    report(progress, code, { at, length, detail: error.message });
  }
  return at + length;
};

/** A record that says a wrong size leads nowhere: what follows it must be a record, the end, or unused. */
const isCredible = (bytes: Buffer, at: number, end: number): boolean => {
  if (!isRecordAt(bytes, at, end)) return false;
  if (hasSizeCopy(bytes, at)) return true;
  const next = at + sizeAt(bytes, at);
  return next === end || isRecordAt(bytes, next, end) || isAllZeros(bytes, next, end);
};

const takeListedRecords = (progress: Progress, end: number): number => {
  const { bytes } = progress.ctx;
  let at = CHUNK_HEADER_BYTES;
  while (at < end) {
    if (isCredible(bytes, at, end)) {
      at = takeRecord(progress, at);
    } else if (isAllZeros(bytes, at, end)) {
      break;
    } else {
      const next = findRecord(bytes, at + 1, end);
      report(progress, 'EVTX_RECORD_HEADER', { at, length: next - at });
      at = next;
    }
  }
  return at;
};

/** Records that a crashed writer left behind the end its header names: they continue the numbers. */
const takeUnlistedRecords = (progress: Progress, from: number): void => {
  const { bytes } = progress.ctx;
  const { available } = progress.place;
  let at = from;
  while (
    isRecordAt(bytes, at, available) &&
    hasSizeCopy(bytes, at) &&
    u64(bytes, at + 8) === progress.lastIdentifier + 1
  ) {
    at = takeRecord(progress, at);
  }
  if (at > from) {
    report(progress, 'EVTX_CHUNK_UNLISTED_RECORDS', {
      at: from,
      length: at - from,
    });
  }
};

/** Without a header: all that looks like a record and goes on counting; older ones are remains of a former use. */
const searchRecords = (progress: Progress): void => {
  const { bytes } = progress.ctx;
  const { available } = progress.place;
  let at = findRecord(bytes, CHUNK_HEADER_BYTES, available);
  while (at < available) {
    const isNext = u64(bytes, at + 8) > progress.lastIdentifier;
    const after = isNext ? takeRecord(progress, at) : at + sizeAt(bytes, at);
    at = findRecord(bytes, after, available);
  }
};

/** `bytes` are exactly 64 KiB. Never throws for what they hold. */
export const decodeChunk = (bytes: Buffer, place: ChunkPlace): EvtxChunkResult => {
  const { offset, available } = place;
  const header = readChunkHeader(bytes, place);
  const progress: Progress = {
    ctx: createChunkContext(bytes, place.library),
    place,
    events: [],
    damage: [...header.damage],
    records: 0,
    lastIdentifier: -1,
  };
  if (header.isSound) {
    const end = takeListedRecords(progress, Math.min(header.recordsEnd, available));
    if (place.isDirty) takeUnlistedRecords(progress, end);
    const { recordCount } = header;
    if (recordCount !== undefined && progress.records < recordCount) {
      const detail = `${progress.records} instead of ${recordCount}`;
      report(progress, 'EVTX_CHUNK_RECORD_COUNT', {
        at: 0,
        length: available,
        detail,
      });
    }
  } else {
    searchRecords(progress);
  }
  if (progress.ctx.borrowedTemplates > 0) {
    report(progress, 'EVTX_CHUNK_TEMPLATES_BORROWED', { at: 0, length: available });
  }
  return {
    offset,
    bytes: available,
    events: progress.events,
    damage: progress.damage,
  };
};
