/** Bytes of a request body to text and back: content encoding, then character encoding. */
import { TextDecoder } from 'node:util';
import { parseContentType } from './content-type.ts';
import { decompressSldc, isSldc } from './sldc.ts';
import { wsmanError } from './wsman-errors.ts';

export type BodyEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface BodyText {
  /** Without byte order mark. */
  readonly text: string;
  readonly encoding: BodyEncoding;
}

/** The mark comes first: Windows writes one, and it cannot be wrong. */
const encodingByMark = ([a, b, c]: Uint8Array): BodyEncoding | undefined => {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : undefined;
};

/** By the zero beside the first `<`. */
const encodingByZeros = ([a, b]: Uint8Array): BodyEncoding | undefined => {
  if (a !== 0 && b === 0) return 'utf-16le';
  return a === 0 && b !== 0 && b !== undefined ? 'utf-16be' : undefined;
};

const CHARSETS: ReadonlyMap<string, BodyEncoding> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['utf-16', 'utf-16le'],
  ['utf-16le', 'utf-16le'],
  ['unicode', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
]);

const encodingByCharset = (contentType: string): BodyEncoding | undefined => {
  const charset = parseContentType(contentType).parameters.get('charset')?.toLowerCase();
  if (charset === undefined || charset === '') return undefined;
  const encoding = CHARSETS.get(charset);
  if (encoding === undefined) throw wsmanError('WSMAN_CHARSET', { charset });
  return encoding;
};

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decodeUtf8 = (bytes: Uint8Array): string => {
  try {
    return UTF_8.decode(bytes);
  } catch (cause) {
    throw wsmanError('WSMAN_CHARSET', { charset: 'UTF-8' }, { cause });
  }
};

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Unpaired surrogates stay: events hold them, and a body refused for one would be sent again for ever. */
const decodeUtf16 = (bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string => {
  if (bytes.length % 2 !== 0) {
    throw wsmanError('WSMAN_CHARSET', { charset: encoding.toUpperCase() });
  }
  const littleEndian =
    encoding === 'utf-16le' ? bufferOf(bytes) : Buffer.from(bufferOf(bytes)).swap16();
  return littleEndian.toString('utf16le');
};

/**
 * Decodes a body by byte order mark, by the zeros of UTF-16, by the charset of its content type; otherwise it is UTF-8.
 * Throws WSMAN_CHARSET.
 */
export const decodeBody = (bytes: Uint8Array, contentType = ''): BodyText => {
  const charset = encodingByCharset(contentType);
  const encoding = encodingByMark(bytes) ?? encodingByZeros(bytes) ?? charset ?? 'utf-8';
  const text = encoding === 'utf-8' ? decodeUtf8(bytes) : decodeUtf16(bytes, encoding);
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, encoding };
};

/** UTF-16 with byte order mark, as both Windows client and Microsoft's collector write it; UTF-8 without. */
export const encodeBody = (text: string, encoding: BodyEncoding): Uint8Array => {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
};

/** Content type of an answer. */
export const contentTypeOf = (encoding: BodyEncoding): string =>
  `application/soap+xml;charset=${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'}`;

const IDENTITY: ReadonlySet<string> = new Set(['', 'identity']);

/**
 * Undoes the `Content-Encoding` of a body: none, or SLDC. A body that is named SLDC but does not begin as SLDC is taken
 * as it is: a Windows client that ends its subscription sends such ones.
 *
 * Throws WSMAN_CONTENT_ENCODING, WSMAN_SLDC_INVALID, WSMAN_BODY_LIMIT.
 */
export const openBody = (
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  { bytesMax }: { readonly bytesMax: number },
): Uint8Array => {
  const encoding = (contentEncoding ?? '').trim().toLowerCase();
  if (encoding === 'sldc' && isSldc(bytes)) return decompressSldc(bytes, { bytesMax });
  if (encoding !== 'sldc' && !IDENTITY.has(encoding)) {
    throw wsmanError('WSMAN_CONTENT_ENCODING', { encoding });
  }
  if (bytes.length > bytesMax) throw wsmanError('WSMAN_BODY_LIMIT', { bytes: bytesMax });
  return bytes;
};
