/**
 * What the command line and the running server say to each other over the control socket: HTTP/1.1 with
 * `POST /ping`, `POST /call` (one JSON call), `POST /batches` (raw events in), `POST /search` (records out, a JSON array a line).
 */
import { type ActivityRecord, defineErrors, type Retry, WitnessError } from '@witness/record';
import type { RawBatch } from '../../pipeline/index.ts';

export const error = defineErrors({
  CONTROL_UNREACHABLE: {
    message: 'The server of this data folder does not answer on {path}: {reason}.',
    advice:
      'Start it with `witness serve`, or run this command as the account the server runs under.',
    retry: 'later',
  },
  CONTROL_BROKEN: {
    message: 'The connection to the server ended in the middle of an answer.',
    advice: 'Look at the log of the server; run the command again.',
    retry: 'now',
  },
  CONTROL_REQUEST_INVALID: {
    message: 'The server does not understand this request: {reason}.',
    advice: 'Use the command line of the same Witness version as the server.',
    retry: 'never',
  },
  CONTROL_FAILED: {
    message: 'The server could not do this: an internal error.',
    advice: 'The log of the server says why.',
    retry: 'later',
  },
});

export const PATHS = {
  ping: '/ping',
  call: '/call',
  batches: '/batches',
  search: '/search',
} as const;

/** Largest body of one batch; senders keep far below it. */
export const BATCH_BYTES_MAX = 256 * 1024 * 1024;
export const CALL_BYTES_MAX = 16 * 1024 * 1024;

interface ErrorWire {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
  readonly retry: Retry;
  readonly location?: string;
}

/** Only typed errors travel in words; anything else would reveal what it should not. */
export const errorToWire = (thrown: unknown): ErrorWire => {
  const known = thrown instanceof WitnessError ? thrown : error('CONTROL_FAILED', {}, {});
  return {
    code: known.code,
    message: known.message,
    advice: known.advice,
    retry: known.retry,
    ...(known.location === undefined ? {} : { location: known.location }),
  };
};

export const errorFromWire = (wire: ErrorWire): WitnessError =>
  new WitnessError(
    wire.code,
    { message: wire.message, advice: wire.advice, retry: wire.retry },
    {},
    wire.location === undefined ? {} : { location: wire.location },
  );

/** A line of a search answer: records, the orderly end, or an error. */
export type SearchLine =
  | { readonly records: readonly ActivityRecord[] }
  | { readonly end: true }
  | { readonly error: ErrorWire };

type BatchHeader = Omit<RawBatch, 'events'> & { readonly lengths: readonly number[] };

/** Header length (32 bits, little endian), header as JSON, then the events one after the other. */
export const encodeBatch = (batch: RawBatch): Buffer => {
  const { input, receivedAt, origin, plan, item, batchId, events } = batch;
  const header = Buffer.from(
    JSON.stringify({
      input,
      receivedAt,
      origin,
      plan,
      item,
      batchId,
      lengths: events.map((event) => event.byteLength),
    }),
  );
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(header.length);
  return Buffer.concat([prefix, header, ...events]);
};

const isBatchHeader = (value: unknown): value is BatchHeader =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as BatchHeader).input === 'string' &&
  typeof (value as BatchHeader).receivedAt === 'number' &&
  typeof (value as BatchHeader).batchId === 'string' &&
  typeof (value as BatchHeader).origin?.listener === 'string' &&
  typeof (value as BatchHeader).origin?.sender === 'string' &&
  Array.isArray((value as BatchHeader).lengths) &&
  (value as BatchHeader).lengths.every((length) => Number.isSafeInteger(length) && length >= 0);

const readHeader = (bytes: Buffer): { header: BatchHeader; offset: number } => {
  const length = bytes.length >= 4 ? bytes.readUInt32LE(0) : Number.POSITIVE_INFINITY;
  if (4 + length > bytes.length)
    throw error('CONTROL_REQUEST_INVALID', { reason: 'batch cut short' });
  let header: unknown;
  try {
    header = JSON.parse(bytes.toString('utf8', 4, 4 + length));
  } catch (cause) {
    throw error('CONTROL_REQUEST_INVALID', { reason: 'batch header is not JSON' }, { cause });
  }
  if (!isBatchHeader(header)) {
    throw error('CONTROL_REQUEST_INVALID', { reason: 'batch header is incomplete' });
  }
  return { header, offset: 4 + length };
};

export const decodeBatch = (bytes: Buffer): RawBatch => {
  const { header, offset } = readHeader(bytes);
  const { lengths, ...rest } = header;
  const events: Uint8Array[] = [];
  let at = offset;
  for (const length of lengths) {
    events.push(bytes.subarray(at, at + length));
    at += length;
  }
  if (at !== bytes.length) {
    throw error('CONTROL_REQUEST_INVALID', { reason: 'event lengths do not add up' });
  }
  return { ...rest, events };
};
