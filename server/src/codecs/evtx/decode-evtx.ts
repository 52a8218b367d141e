/** A .evtx file, whole or as a stream, to events chunk by chunk. */
import { CHUNK_BYTES } from './chunk-context.ts';
import { hasChunkSignature } from './chunk-header.ts';
import { decodeChunk, isAllZeros } from './decode-chunk.ts';
import type { DecodeWay } from './decode-record.ts';
import { evtxError } from './evtx-errors.ts';
import { type EvtxChunkResult, type EvtxDamage, toDamage } from './evtx-result.ts';
import { FILE_HEADER_BYTES, type FileHeader, isEvtx, readFileHeader } from './file-header.ts';
import { createTemplateLibrary, type TemplateLibrary } from './template-library.ts';

/** What is known of a file while its chunks go by. */
interface FileProgress {
  readonly header: FileHeader;
  readonly way: DecodeWay;
  readonly library: TemplateLibrary;
  chunks: number;
  /** Of the first chunk with content that the header does not count. */
  firstExtraAt: number | undefined;
}

const notALog = (reason: string): Error => evtxError('EVTX_NOT_A_LOG', { reason });

/** Throws EVTX_NOT_A_LOG when neither the file nor its first chunk begins as it should. */
const openFile = (header: Buffer, firstChunk: Uint8Array, way: DecodeWay): FileProgress => {
  if (!isEvtx(header) && !hasChunkSignature(firstChunk)) {
    throw notALog('it begins with neither ElfFile nor, at 4096, ElfChnk');
  }
  return {
    header: readFileHeader(header),
    way,
    library: createTemplateLibrary(),
    chunks: 0,
    firstExtraAt: undefined,
  };
};

const only = (damage: readonly EvtxDamage[], offset: number, bytes: number): EvtxChunkResult[] =>
  damage.length > 0 ? [{ offset, bytes, events: [], damage }] : [];

/** Files grow ahead of their content: what the header does not count and holds no event is no chunk. */
const takeChunk = (file: FileProgress, bytes: Buffer, available: number): EvtxChunkResult[] => {
  const { header, way, library } = file;
  const offset = FILE_HEADER_BYTES + file.chunks * CHUNK_BYTES;
  const isCounted = header.chunkCount !== undefined && file.chunks < header.chunkCount;
  const isCut = available < CHUNK_BYTES;
  const cut = isCut ? [toDamage('EVTX_FILE_TRUNCATED', { offset, length: available })] : [];
  file.chunks += 1;
  if (isAllZeros(bytes, 0, CHUNK_BYTES)) {
    const empty = isCounted ? [toDamage('EVTX_CHUNK_EMPTY', { offset, length: available })] : [];
    return only([...empty, ...(isCounted ? cut : [])], offset, available);
  }
  const { isDirty } = header;
  const result = decodeChunk(bytes, { offset, available, isDirty, way, library });
  if (!isCounted) {
    if (!hasChunkSignature(bytes) && result.events.length === 0) return [];
    file.firstExtraAt ??= offset;
  }
  return [isCut ? { ...result, damage: [...cut, ...result.damage] } : result];
};

const CHUNK_COUNT_MAX = 0xffff;

/** What only the end of the file tells. */
const closeFile = ({ header, chunks, firstExtraAt }: FileProgress): EvtxChunkResult[] => {
  const { chunkCount } = header;
  if (chunkCount === undefined || chunks > CHUNK_COUNT_MAX) return [];
  const end = FILE_HEADER_BYTES + chunks * CHUNK_BYTES;
  const detail = `${chunks} in the file, ${chunkCount} in the header`;
  if (chunks < chunkCount) {
    return only([toDamage('EVTX_FILE_FEWER_CHUNKS', { offset: end }, detail)], end, 0);
  }
  if (firstExtraAt === undefined) return [];
  const place = { offset: firstExtraAt, length: end - firstExtraAt };
  return only([toDamage('EVTX_FILE_MORE_CHUNKS', place, detail)], end, 0);
};

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const padded = (bytes: Uint8Array, length: number): Buffer => {
  if (bytes.length === length) return asBuffer(bytes);
  const whole = Buffer.alloc(length);
  whole.set(bytes);
  return whole;
};

const takeHeader = (
  bytes: Uint8Array,
  firstChunk: Uint8Array,
  way: DecodeWay,
): { readonly file: FileProgress; readonly results: EvtxChunkResult[] } => {
  const file = openFile(padded(bytes, FILE_HEADER_BYTES), firstChunk, way);
  const { length } = bytes;
  const cut =
    length < FILE_HEADER_BYTES ? [toDamage('EVTX_FILE_TRUNCATED', { offset: 0, length })] : [];
  return { file, results: only([...cut, ...file.header.damage], 0, length) };
};

/** As `decodeEvtx`, by a chosen way; for comparing the two. */
export function* decodeEvtxBy(way: DecodeWay, bytes: Uint8Array): Generator<EvtxChunkResult> {
  const firstChunk = bytes.subarray(FILE_HEADER_BYTES, FILE_HEADER_BYTES + CHUNK_BYTES);
  const { file, results } = takeHeader(bytes.subarray(0, FILE_HEADER_BYTES), firstChunk, way);
  yield* results;
  for (let at = FILE_HEADER_BYTES; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    yield* takeChunk(file, padded(chunk, CHUNK_BYTES), chunk.length);
  }
  yield* closeFile(file);
}

/**
 * The events of a .evtx file in memory, chunk by chunk, in file order. Damage is reported beside what could be read.
 * Throws EVTX_NOT_A_LOG on the first step when the bytes are no .evtx file at all, and nothing else.
 */
export const decodeEvtx = (bytes: Uint8Array): Generator<EvtxChunkResult> =>
  decodeEvtxBy('plan', bytes);

/**
 * Cuts a source into the file header and chunks. Every block is the same buffer again, valid until the next.
 */
async function* blocksOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let wanted = FILE_HEADER_BYTES;
  let filled = 0;
  for await (const piece of source) {
    signal?.throwIfAborted();
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(piece.length - at, wanted - filled);
      buffer.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < wanted) continue;
      yield buffer.subarray(0, wanted);
      wanted = CHUNK_BYTES;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/**
 * As `decodeEvtx`, from a source of bytes in pieces of any size, such as a file stream. Holds one chunk at a time, so
 * the size of the file does not matter. Rejects with EVTX_NOT_A_LOG, with what the source throws, or, between chunks,
 * with the reason of `signal`. Ending the iteration early ends the source.
 */
export async function* decodeEvtxStream(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<EvtxChunkResult> {
  let header: Uint8Array | undefined;
  let file: FileProgress | undefined;
  for await (const block of blocksOf(source, signal)) {
    if (header === undefined) {
      header = new Uint8Array(block);
      continue;
    }
    if (file === undefined) {
      const opened = takeHeader(header, block, 'plan');
      file = opened.file;
      yield* opened.results;
    }
    yield* takeChunk(file, padded(block, CHUNK_BYTES), block.length);
  }
  if (file === undefined) {
    const opened = takeHeader(header ?? new Uint8Array(0), new Uint8Array(0), 'plan');
    file = opened.file;
    yield* opened.results;
  }
  yield* closeFile(file);
}
