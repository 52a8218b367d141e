/** One file as raw events, piece by piece in file order, with the places that could not be read. */
import { createReadStream } from 'node:fs';
import { WitnessError } from '@witness/record';
import { decodeEvtxStream, eventToJson, splitEventXml } from '../codecs/index.ts';
import { error } from './errors.ts';
import type { ImportFile, ImportKind } from './import-file.ts';
import { type Line, splitLines } from './split-lines.ts';

export interface ImportDamage {
  readonly code: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly length?: number;
  readonly reason: string;
  /** Whether events may be missing because of it. */
  readonly isLoss: boolean;
}

export interface ImportPiece {
  /** Key of the input table. */
  readonly input: string;
  readonly events: readonly Uint8Array[];
  /** Parsed value per event, where reading the file has made it already. */
  readonly parsed?: readonly unknown[];
  readonly damage: readonly ImportDamage[];
  /** Bytes of the file that this piece and those before it cover. */
  readonly endOffset: number;
}

/** Longest line or event text; a longer one is reported as damage. */
const EVENT_BYTES_MAX = 16 * 1024 * 1024;
/** Short lines of one piece are still a batch of moderate size. */
const READ_BYTES = 128 * 1024;
const NO_DAMAGE: readonly ImportDamage[] = [];

type Reader = (source: AsyncIterable<Uint8Array>) => AsyncGenerator<ImportPiece>;

async function* readEvtx(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportPiece> {
  for await (const { offset, bytes, events, damage } of decodeEvtxStream(source)) {
    yield {
      input: 'windows-event-json',
      events: events.map((event) => Buffer.from(eventToJson(event))),
      parsed: events,
      damage,
      endOffset: offset + bytes,
    };
  }
}

/** The rest of the file after a fault that ends reading; the place stands in the error's location. */
const restDamage = (fault: WitnessError, lastOffset: number): ImportDamage => ({
  code: fault.code,
  offset: Number(/^offset (\d+)$/.exec(fault.location ?? '')?.[1] ?? lastOffset),
  reason: `${fault.message}; the rest of the file was not read`,
  isLoss: true,
});

async function* readEventXml(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportPiece> {
  let endOffset = 0;
  for await (const texts of splitEventXml(source)) {
    const last = texts.at(-1);
    if (last) endOffset = last.offset + last.xml.length;
    const events = texts.map(({ xml }) => Buffer.from(xml));
    yield { input: 'windows-event-xml', events, damage: NO_DAMAGE, endOffset };
  }
}

/** What Windows PowerShell writes with `>`. */
const UTF16_MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const isUtf16 = (bytes: Uint8Array): boolean =>
  UTF16_MARKS.some((mark) => mark.every((byte, index) => bytes[index] === byte));

/** JSON's white space only (RFC 8259, section 2). */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

const RECORD_LINES = 'activity-record-line';

const utf16Damage: ImportDamage = {
  code: 'IMPORT_ENCODING_UNSUPPORTED',
  offset: 0,
  reason: 'The file is UTF-16; write it as UTF-8. Nothing of it was read',
  isLoss: true,
};

const cutDamage = ({ offset, endOffset }: Line): ImportDamage => ({
  code: 'IMPORT_LINE_TOO_LONG',
  offset,
  length: endOffset - offset,
  reason: `The line is longer than ${EVENT_BYTES_MAX} bytes`,
  isLoss: true,
});

async function* readRecordLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportPiece> {
  for await (const lines of splitLines(source, EVENT_BYTES_MAX)) {
    const [first] = lines;
    const endOffset = lines.at(-1)?.endOffset ?? 0;
    if (first?.offset === 0 && isUtf16(first.bytes)) {
      yield { input: RECORD_LINES, events: [], damage: [utf16Damage], endOffset };
      return;
    }
    yield {
      input: RECORD_LINES,
      events: lines.flatMap(({ bytes, isCut }) => (isCut || isBlank(bytes) ? [] : [bytes])),
      damage: lines.filter(({ isCut }) => isCut).map(cutDamage),
      endOffset,
    };
  }
}

const READERS: Readonly<Record<ImportKind, Reader>> = {
  evtx: readEvtx,
  'event-xml': readEventXml,
  'record-lines': readRecordLines,
};

async function* bytesOf({ path }: ImportFile, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES, ...(signal ? { signal } : {}) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw error('IMPORT_PATH_UNREADABLE', { path, reason: code ?? message }, { cause });
  }
}

/** Never rejects because of what is in the file, or because it cannot be read any more: that is damage, and the end. */
export async function* readImportFile(
  file: ImportFile,
  signal?: AbortSignal,
): AsyncGenerator<ImportPiece> {
  let endOffset = 0;
  let input = '';
  try {
    for await (const piece of READERS[file.kind](bytesOf(file, signal))) {
      ({ endOffset, input } = piece);
      yield piece;
    }
  } catch (fault) {
    if (!(fault instanceof WitnessError)) throw fault;
    const damage = [restDamage(fault, endOffset)];
    yield { input, events: [], damage, endOffset: Math.max(endOffset, file.bytes) };
  }
}
