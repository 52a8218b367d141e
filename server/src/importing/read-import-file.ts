/** One file as raw events, piece by piece in file order, with the places that could not be read. */
import { createReadStream } from 'node:fs';
import { WitnessError } from '@witness/record';
import { decodeEvtxStream, eventToJson, splitEventXml } from '../codecs/index.ts';
import type { ImportFile, ImportKind } from './import-file.ts';
import { splitLines } from './split-lines.ts';

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
const READ_BYTES = 256 * 1024;
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
  const input = 'windows-event-xml';
  let endOffset = 0;
  try {
    for await (const texts of splitEventXml(source)) {
      const last = texts.at(-1);
      if (last) endOffset = last.offset + last.xml.length;
      const events = texts.map(({ xml }) => Buffer.from(xml));
      yield { input, events, damage: NO_DAMAGE, endOffset };
    }
  } catch (fault) {
    if (!(fault instanceof WitnessError)) throw fault;
    yield { input, events: [], damage: [restDamage(fault, endOffset)], endOffset };
  }
}

/** JSON's white space only (RFC 8259, section 2). */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

async function* readRecordLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportPiece> {
  for await (const line of splitLines(source, EVENT_BYTES_MAX)) {
    const { offset, endOffset, bytes, isCut } = line;
    yield {
      input: 'activity-record-line',
      events: isCut || isBlank(bytes) ? [] : [bytes],
      damage: isCut
        ? [
            {
              code: 'IMPORT_LINE_TOO_LONG',
              offset,
              length: endOffset - offset,
              reason: `The line is longer than ${EVENT_BYTES_MAX} bytes`,
              isLoss: true,
            },
          ]
        : NO_DAMAGE,
      endOffset,
    };
  }
}

const READERS: Readonly<Record<ImportKind, Reader>> = {
  evtx: readEvtx,
  'event-xml': readEventXml,
  'record-lines': readRecordLines,
};

export const readImportFile = (
  file: ImportFile,
  signal?: AbortSignal,
): AsyncGenerator<ImportPiece> =>
  READERS[file.kind](
    createReadStream(file.path, { highWaterMark: READ_BYTES, ...(signal ? { signal } : {}) }),
  );
