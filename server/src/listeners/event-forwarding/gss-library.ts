/**
 * The GSSAPI library of MIT Kerberos (RFC 2744 and gssapi_ext.h) and the memory that is shared with it. Structures are
 * laid out here byte by byte; what the library allocates is copied and released at once.
 */
import { endianness } from 'node:os';
import { forwardingError } from './errors.ts';

export type Pointer = bigint;
type Argument = Uint8Array | Pointer | number | null;
type Call = (...args: readonly Argument[]) => number;

/** `uint32_t name(...)`, where P is a pointer, I an integer of 32 bits. */
const SIGNATURES = {
  gss_accept_sec_context: 'PPPPPPPPPPP',
  gss_acquire_cred_from: 'PPIPIPPPP',
  gss_delete_sec_context: 'PPP',
  gss_display_name: 'PPPP',
  gss_display_status: 'PIIPPP',
  gss_import_name: 'PPPP',
  gss_release_buffer: 'PP',
  gss_release_cred: 'PP',
  gss_release_name: 'PP',
  gss_unwrap_iov: 'PPPPPI',
  gss_wrap_iov: 'PPIIPPI',
  gss_wrap_iov_length: 'PPIIPPI',
} as const;

export interface Library {
  readonly call: Readonly<Record<keyof typeof SIGNATURES, Call>>;
  addressOf(bytes: Uint8Array): Pointer;
  /** Copies. */
  read(at: Pointer, length: number): Uint8Array;
}

const LIBRARY_NAMES = ['libgssapi_krb5.so.2', 'libgssapi_krb5.dylib'];

const TYPES = { P: 'void *', I: 'uint32_t' } as const;

const prototypeOf = (name: string, signature: string): string => {
  const types = [...signature].map((letter) => (letter === 'P' ? TYPES.P : TYPES.I));
  return `uint32_t ${name}(${types.join(', ')})`;
};

/** Layouts below are those of 64-bit little-endian machines. */
const hasKnownLayout = (): boolean =>
  endianness() === 'LE' && ['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch);

const missing = (reason: string, cause?: unknown) =>
  forwardingError('FORWARDING_KERBEROS_MISSING', { reason }, { cause });

/** Loaded once somebody needs it. Throws FORWARDING_KERBEROS_MISSING. */
export const loadLibrary = async (): Promise<Library> => {
  if (!hasKnownLayout()) throw missing(`not supported on ${process.arch}`);
  const koffi = await import('koffi').catch((cause: unknown) => {
    throw missing('the package koffi has no binary for this machine', cause);
  });
  let cause: unknown;
  for (const name of LIBRARY_NAMES) {
    try {
      const handle = koffi.load(name);
      const entries = Object.entries(SIGNATURES).map(
        ([symbol, signature]) => [symbol, handle.func(prototypeOf(symbol, signature))] as const,
      );
      return {
        call: Object.fromEntries(entries) as unknown as Library['call'],
        addressOf: (bytes) => koffi.address(bytes),
        read: (at, length) => Uint8Array.from(new Uint8Array(koffi.view(at, length))),
      };
    } catch (error) {
      cause = error;
    }
  }
  throw missing(cause instanceof Error ? cause.message : 'it cannot be loaded', cause);
};

export const POINTER_BYTES = 8;
export const NULL = 0n;

/** Memory the library writes a pointer to. */
export const createSlot = (): Buffer => Buffer.alloc(POINTER_BYTES);
export const pointerIn = (slot: Buffer): Pointer => slot.readBigUInt64LE(0);

/** What a piece of memory points to lives as long as that piece; arguments live until their call returns. */
export const POINTED_TO = new WeakMap<Uint8Array, readonly Uint8Array[]>();

/** `gss_buffer_desc` and, with the same fields, `gss_OID_desc`: length, address. */
export const descriptorOf = ({ addressOf }: Library, bytes: Uint8Array): Buffer => {
  const descriptor = Buffer.alloc(2 * POINTER_BYTES);
  POINTED_TO.set(descriptor, [bytes]);
  descriptor.writeBigUInt64LE(BigInt(bytes.length), 0);
  if (bytes.length > 0) descriptor.writeBigUInt64LE(addressOf(bytes), POINTER_BYTES);
  return descriptor;
};

/** The content of a buffer the library has allocated, which is released. */
export const takeBuffer = ({ call, read }: Library, descriptor: Buffer): Uint8Array => {
  const length = Number(descriptor.readBigUInt64LE(0));
  const at = descriptor.readBigUInt64LE(POINTER_BYTES);
  const bytes = length > 0 && at !== NULL ? read(at, length) : new Uint8Array(0);
  call.gss_release_buffer(Buffer.alloc(4), descriptor);
  return bytes;
};

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const STATUS_OF_CALL = 1;
const STATUS_OF_MECHANISM = 2;
const STATUS_TEXTS_MAX = 4;

const statusTexts = (library: Library, status: number, type: number): string[] => {
  const context = Buffer.alloc(4);
  const texts: string[] = [];
  do {
    const text = Buffer.alloc(2 * POINTER_BYTES);
    const minor = Buffer.alloc(4);
    const failed = library.call.gss_display_status(minor, status, type, null, context, text) !== 0;
    if (failed) break;
    texts.push(textOf(takeBuffer(library, text)));
  } while (context.readUInt32LE(0) !== 0 && texts.length < STATUS_TEXTS_MAX);
  return texts;
};

/** What the library says of a failed call, for an administrator. */
export const explain = (library: Library, major: number, minor: Buffer): string => {
  const ofMechanism = minor.readUInt32LE(0);
  const texts = [
    ...statusTexts(library, major, STATUS_OF_CALL),
    ...(ofMechanism === 0 ? [] : statusTexts(library, ofMechanism, STATUS_OF_MECHANISM)),
  ];
  return texts.join(': ') || `status ${major}`;
};

/** Major status: done, or one more token is due. */
export const COMPLETE = 0;
export const CONTINUE_NEEDED = 1;
