/** Messages of an established context: sealed and signed. */
import { forwardingError } from './errors.ts';
import {
  COMPLETE,
  explain,
  type Library,
  NULL,
  POINTED_TO,
  POINTER_BYTES,
  type Pointer,
  pointerIn,
} from './gss-library.ts';

export interface GssMessage {
  readonly signature: Uint8Array;
  readonly cipherText: Uint8Array;
}

/** An established context; messages of each direction must come in order. */
export interface GssContext {
  /** `PC1$@EXAMPLE.ORG`. */
  readonly principal: string;
  /** Decrypts in place and gives the same memory. Throws FORWARDING_KERBEROS_MESSAGE. */
  unwrap(message: GssMessage): Uint8Array;
  /** Throws FORWARDING_KERBEROS_MESSAGE. */
  wrap(plain: Uint8Array): GssMessage;
  close(): void;
}

const IOV_BYTES = 24;
const IOV_HEADER = 2;
const IOV_DATA = 1;
const IOV_PADDING = 9;

interface Part {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** `gss_iov_buffer_desc[]`: type, length, address. */
const iovOf = ({ addressOf }: Library, parts: readonly Part[]): Buffer => {
  const iov = Buffer.alloc(IOV_BYTES * parts.length);
  POINTED_TO.set(
    iov,
    parts.map(({ bytes }) => bytes),
  );
  for (const [index, { type, bytes }] of parts.entries()) {
    const at = index * IOV_BYTES;
    iov.writeUInt32LE(type, at);
    iov.writeBigUInt64LE(BigInt(bytes.length), at + POINTER_BYTES);
    if (bytes.length > 0) iov.writeBigUInt64LE(addressOf(bytes), at + 2 * POINTER_BYTES);
  }
  return iov;
};

const lengthIn = (iov: Buffer, index: number): number =>
  Number(iov.readBigUInt64LE(index * IOV_BYTES + POINTER_BYTES));

const messageFault = (reason: string) => forwardingError('FORWARDING_KERBEROS_MESSAGE', { reason });

export const createContext = (
  library: Library,
  slot: Buffer,
  { principal, close }: { readonly principal: string; readonly close: () => void },
): GssContext => {
  const { call } = library;
  const openContext = (): Pointer => {
    if (pointerIn(slot) === NULL) throw messageFault('the session is over');
    return pointerIn(slot);
  };
  return {
    principal,
    unwrap: ({ signature, cipherText }) => {
      const context = openContext();
      const minor = Buffer.alloc(4);
      const isSealed = Buffer.alloc(4);
      const parts = [
        { type: IOV_HEADER, bytes: signature },
        { type: IOV_DATA, bytes: cipherText },
      ];
      const iov = iovOf(library, parts);
      const major = call.gss_unwrap_iov(minor, context, isSealed, null, iov, parts.length);
      // Replayed or out of order is a status beside success (RFC 2744, 3.9.1): nothing but 0 will do.
      if (major !== COMPLETE) throw messageFault(explain(library, major, minor));
      if (isSealed.readUInt32LE(0) === 0) throw messageFault('it is signed but not encrypted');
      return cipherText.subarray(0, lengthIn(iov, 1));
    },
    wrap: (plain) => {
      const context = openContext();
      const minor = Buffer.alloc(4);
      const isSealed = Buffer.alloc(4);
      const none = new Uint8Array(0);
      // Its memory is the answer's own.
      const data = Buffer.from(plain);
      const measured = iovOf(library, [
        { type: IOV_HEADER, bytes: none },
        { type: IOV_DATA, bytes: data },
        { type: IOV_PADDING, bytes: none },
      ]);
      let major = call.gss_wrap_iov_length(minor, context, 1, 0, isSealed, measured, 3);
      if (major !== COMPLETE) throw messageFault(explain(library, major, minor));
      const signature = Buffer.alloc(lengthIn(measured, 0));
      const padding = Buffer.alloc(lengthIn(measured, 2));
      const iov = iovOf(library, [
        { type: IOV_HEADER, bytes: signature },
        { type: IOV_DATA, bytes: data },
        { type: IOV_PADDING, bytes: padding },
      ]);
      major = call.gss_wrap_iov(minor, context, 1, 0, isSealed, iov, 3);
      if (major !== COMPLETE) throw messageFault(explain(library, major, minor));
      return { signature, cipherText: Buffer.concat([data, padding]) };
    },
    close,
  };
};
