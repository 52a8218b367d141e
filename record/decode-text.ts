/** Bytes of a document to text. */
import { TextDecoder } from 'node:util';
import { recordError } from './record-errors.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const DECODERS: Readonly<Record<Encoding, TextDecoder>> = {
  'utf-8': new TextDecoder('utf-8', { fatal: true }),
  'utf-16le': new TextDecoder('utf-16le', { fatal: true }),
  'utf-16be': new TextDecoder('utf-16be', { fatal: true }),
};

const encodingOf = (bytes: Uint8Array): Encoding => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
};

/** Decodes UTF-8, or UTF-16 when a byte order mark says so; the mark is left out. Throws TEXT_ENCODING_INVALID. */
export const decodeText = (bytes: Uint8Array): string => {
  const encoding = encodingOf(bytes);
  try {
    return DECODERS[encoding].decode(bytes);
  } catch (cause) {
    throw recordError('TEXT_ENCODING_INVALID', { encoding: encoding.toUpperCase() }, { cause });
  }
};
