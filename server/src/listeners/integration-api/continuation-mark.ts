/**
 * The continuation mark: a place between records and the question it belongs to, sealed.
 *
 * base64 of: version, 16 bytes of tag, the payload encrypted. The tag is the first half of HMAC-SHA-256 over version and payload, and
 * also the initial vector of AES-256-CTR (the construction of RFC 5297, SIV, with another pseudo-random function): no nonce can
 * repeat by accident, the same place always has the same mark, nobody can make one, and nobody can read from one how
 * many records the server holds. A version that was given out never changes its meaning.
 */
import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ArrivalPosition, NewestFirstPosition } from '../../store/index.ts';
import { apiError } from './errors.ts';
import type { FilterEntry } from './filter-entry.ts';

/** Where a walk stands; an absent position is before the first record. */
export type WalkPosition =
  | { readonly order: 'arrival'; readonly after?: ArrivalPosition }
  | { readonly order: 'newest'; readonly after?: NewestFirstPosition };

export interface Walk {
  readonly position: WalkPosition;
  readonly entries: readonly FilterEntry[];
}

/** What a mark gives back; `entries` is absent when the filters were too long to be part of it. */
export interface MarkedWalk {
  readonly position: WalkPosition;
  readonly entries?: readonly FilterEntry[];
}

export interface ContinuationMarks {
  toMark(walk: Walk): string;
  /** Throws INTEGRATION_API_MARK_INVALID for everything this server, or another one with its key, did not give out. */
  parseMark(mark: string): MarkedWalk;
}

const VERSION = 1;
const TAG_BYTES = 16;
const KEY_BYTES_MIN = 32;
/** An ordinary question makes a mark of a few hundred characters; only monstrous filter lists come near this. */
const PAYLOAD_BYTES_MAX = 24 * 1024;
const INFLATED_BYTES_MAX = 4 * 1024 * 1024;

/** As in the payload: order, position, filters (0 when they were too long). */
type Payload = readonly [
  'a' | 'n',
  string | readonly [number, string] | 0,
  readonly FilterEntry[] | 0,
];

const toPayload = ({ position }: Walk, entries: readonly FilterEntry[] | 0): Payload =>
  position.order === 'arrival'
    ? ['a', position.after ? String(position.after.sequence) : 0, entries]
    : ['n', position.after ? [position.after.when, position.after.rid] : 0, entries];

/** The payload was sealed by us, so its shape is known. */
const toWalk = ([order, place, entries]: Payload): MarkedWalk => {
  const position: WalkPosition =
    order === 'a'
      ? {
          order: 'arrival',
          ...(typeof place === 'string' && { after: { sequence: BigInt(place) } }),
        }
      : {
          order: 'newest',
          ...(typeof place === 'object' && { after: { when: place[0], rid: place[1] } }),
        };
  return { position, ...(entries !== 0 && { entries }) };
};

const pack = (payload: Payload): Buffer => deflateRawSync(JSON.stringify(payload), { level: 6 });

const unpack = (bytes: Uint8Array): Payload =>
  JSON.parse(inflateRawSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX }).toString('utf8'));

/** Throws INTEGRATION_API_MARK_KEY_SHORT. */
export const createContinuationMarks = (markKey: Uint8Array): ContinuationMarks => {
  if (markKey.length < KEY_BYTES_MIN) {
    throw apiError('INTEGRATION_API_MARK_KEY_SHORT', { bytesMin: KEY_BYTES_MIN });
  }
  const derive = (purpose: string): Buffer =>
    createHmac('sha256', markKey).update(purpose).digest();
  const tagKey = derive('continuation mark 1: authentication');
  const cipherKey = derive('continuation mark 1: encryption');
  const version = Uint8Array.of(VERSION);

  const tagOf = (payload: Uint8Array): Buffer =>
    createHmac('sha256', tagKey).update(version).update(payload).digest().subarray(0, TAG_BYTES);
  /** Encrypts and decrypts. */
  const crypt = (tag: Uint8Array, bytes: Uint8Array): Buffer => {
    const cipher = createCipheriv('aes-256-ctr', cipherKey, tag);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  };

  const open = (mark: string): Payload => {
    const bytes = Buffer.from(mark, 'base64');
    // Buffer skips what is not base64; a mark with anything added is not ours.
    const isWhole = bytes.length > 1 + TAG_BYTES && bytes.toString('base64') === mark;
    if (!isWhole || bytes[0] !== VERSION) throw apiError('INTEGRATION_API_MARK_INVALID');
    const tag = bytes.subarray(1, 1 + TAG_BYTES);
    const payload = crypt(tag, bytes.subarray(1 + TAG_BYTES));
    if (!timingSafeEqual(tag, tagOf(payload))) throw apiError('INTEGRATION_API_MARK_INVALID');
    return unpack(payload);
  };

  return {
    toMark: (walk) => {
      const whole = pack(toPayload(walk, walk.entries));
      const payload = whole.length <= PAYLOAD_BYTES_MAX ? whole : pack(toPayload(walk, 0));
      const tag = tagOf(payload);
      return Buffer.concat([version, tag, crypt(tag, payload)]).toString('base64');
    },
    parseMark: (mark) => toWalk(open(mark)),
  };
};
