/**
 * The framing of encrypted bodies (MS-WSMV 2.2.9.1), which looks like MIME and is not: the header part has no empty line
 * behind it, and the closing boundary follows the cipher text without a line break. Some clients begin header lines with a
 * tab; Windows does not.
 *
 * ```
 * --Encrypted Boundary\r\n
 * Content-Type: application/HTTP-Kerberos-session-encrypted\r\n
 * OriginalContent: type=application/soap+xml;charset=UTF-16;Length=3240\r\n
 * --Encrypted Boundary\r\n
 * Content-Type: application/octet-stream\r\n
 * <length of signature: 4 bytes, little-endian><signature><cipher text>--Encrypted Boundary--\r\n
 * ```
 */
import { parseContentType } from './content-type.ts';
import { wsmanError } from './wsman-errors.ts';

/** `SPNEGO` answers to `Authorization: Negotiate`, `Kerberos` to `Authorization: Kerberos`. */
export type SessionProtocol = 'Kerberos' | 'SPNEGO';

export interface EncryptedBody {
  readonly protocol: SessionProtocol;
  /** What is inside, for example `application/soap+xml;charset=UTF-16`. */
  readonly contentType: string;
  /** Bytes of the body when it is decrypted, and still compressed. */
  readonly length: number;
  readonly signature: Uint8Array;
  readonly cipherText: Uint8Array;
}

const BOUNDARY = 'Encrypted Boundary';
const BOUNDARY_LENGTH_MAX = 70;
/** Two lines of text; what is longer is no header part. */
const HEADER_BYTES_MAX = 1024;
/** Kerberos signs with 60 bytes, NTLM with 16. */
const SIGNATURE_BYTES_MAX = 1024;
const LENGTH_BYTES = 4;

const PROTOCOL = /^application\/http-(kerberos|spnego)-session-encrypted$/i;

const protocolOf = (text: string): SessionProtocol | undefined => {
  const [, name] = PROTOCOL.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  return name.toLowerCase() === 'kerberos' ? 'Kerberos' : 'SPNEGO';
};

/** Whether a content type is that of an encrypted body. */
export const isEncryptedType = (contentType: string): boolean =>
  parseContentType(contentType).type === 'multipart/encrypted';

const fail = (reason: string, offset: number): never => {
  throw wsmanError('WSMAN_MULTIPART', { reason }, { location: `byte ${offset}` });
};

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly end: number;
}

/** The header lines from `from` up to and without `until`. */
const readHeaders = (bytes: Buffer, from: number, until: number): Part => {
  const lines = bytes.toString('latin1', from, until).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, end: until };
};

const LINE_END = '\r\n';

const readFirstPart = (bytes: Buffer, boundary: string): Part => {
  const opening = `--${boundary}${LINE_END}`;
  if (bytes.toString('latin1', 0, opening.length) !== opening) fail('its boundary is due', 0);
  const head = bytes.subarray(0, opening.length + HEADER_BYTES_MAX);
  const until = head.indexOf(`--${boundary}${LINE_END}`, opening.length, 'latin1');
  if (until < 0) fail('the first part does not end', opening.length);
  return { ...readHeaders(bytes, opening.length, until), end: until + opening.length };
};

const OCTETS = 'application/octet-stream';

const readSecondPart = (bytes: Buffer, from: number): number => {
  const head = bytes.subarray(from, from + HEADER_BYTES_MAX);
  const lineEnd = head.indexOf(LINE_END, 0, 'latin1');
  const { headers } = readHeaders(bytes, from, from + Math.max(0, lineEnd));
  if (headers.get('content-type')?.toLowerCase() !== OCTETS) fail(`${OCTETS} is due`, from);
  return from + lineEnd + LINE_END.length;
};

const ORIGINAL = /^type=(.*?);\s*length=(\d{1,10})\s*$/i;

const boundaryOf = (contentType: string): string => {
  const boundary = parseContentType(contentType).parameters.get('boundary') ?? BOUNDARY;
  if (boundary === '' || boundary.length > BOUNDARY_LENGTH_MAX) fail('a bad boundary', 0);
  return boundary;
};

/**
 * Takes an encrypted body apart; signature and cipher text are views of `bytes`. The caller decrypts, and compares
 * `length` with what comes out. Throws WSMAN_MULTIPART (location `byte N`).
 */
export const readEncryptedBody = (bytes: Uint8Array, contentType: string): EncryptedBody => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boundary = boundaryOf(contentType);
  const first = readFirstPart(buffer, boundary);
  const protocol = protocolOf(first.headers.get('content-type') ?? '');
  if (protocol === undefined) return fail('the protocol is unknown', 0);
  const [, type, length] = ORIGINAL.exec(first.headers.get('originalcontent') ?? '') ?? [];
  if (type === undefined) return fail('OriginalContent with a length is due', 0);
  const from = readSecondPart(buffer, first.end);
  const until = closingAt(buffer, boundary);
  if (until - from < LENGTH_BYTES) fail('the signature is missing', from);
  const signatureBytes = buffer.readUInt32LE(from);
  const signatureFrom = from + LENGTH_BYTES;
  if (signatureBytes > Math.min(SIGNATURE_BYTES_MAX, until - signatureFrom)) {
    fail(`a signature of ${signatureBytes} bytes`, from);
  }
  return {
    protocol,
    contentType: type,
    length: Number(length),
    signature: buffer.subarray(signatureFrom, signatureFrom + signatureBytes),
    cipherText: buffer.subarray(signatureFrom + signatureBytes, until),
  };
};

/** Where the closing boundary begins. It is looked for at the end only: cipher text may hold anything. */
const closingAt = (bytes: Buffer, boundary: string): number => {
  const closing = `--${boundary}--`;
  const end = bytes.subarray(-2).toString('latin1') === LINE_END ? bytes.length - 2 : bytes.length;
  const at = end - closing.length;
  if (at < 0 || bytes.toString('latin1', at, end) !== closing) {
    fail('its closing boundary is missing', Math.max(0, at));
  }
  return at;
};

/** Content type of an encrypted answer, as Microsoft's collector writes it. */
export const encryptedTypeOf = (protocol: SessionProtocol): string =>
  `multipart/encrypted;protocol="application/HTTP-${protocol}-session-encrypted";boundary="${BOUNDARY}"`;

/** Puts an encrypted body together. */
export const writeEncryptedBody = (body: EncryptedBody): Uint8Array => {
  const { protocol, contentType, length, signature, cipherText } = body;
  const header =
    `--${BOUNDARY}\r\nContent-Type: application/HTTP-${protocol}-session-encrypted\r\n` +
    `OriginalContent: type=${contentType};Length=${length}\r\n` +
    `--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\n`;
  const signatureLength = Buffer.alloc(LENGTH_BYTES);
  signatureLength.writeUInt32LE(signature.length);
  return Buffer.concat([
    Buffer.from(header, 'latin1'),
    signatureLength,
    signature,
    cipherText,
    Buffer.from(`--${BOUNDARY}--\r\n`, 'latin1'),
  ]);
};
