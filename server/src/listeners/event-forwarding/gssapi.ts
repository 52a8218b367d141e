/**
 * Sign-ins by Kerberos, with the GSSAPI library of MIT: `gss_accept_sec_context`, `gss_acquire_cred_from`. Calls are
 * synchronous and short (no network is asked; the keytab is a local file). Contexts and the credential live until their
 * `close`; nothing else of the library's memory outlives a function here.
 *
 * No replay cache is used (`rcache` is `none:`): it would cost one synced write for each sign-in, and guards nothing
 * here. A context is taken only when the client asks for mutual authentication, so that its messages are protected by a
 * key this side has chosen for it alone: whoever replays a sign-in cannot make, nor replay, a single message.
 */
import { forwardingError } from './errors.ts';
import { createContext, type GssContext } from './gss-context.ts';
import {
  COMPLETE,
  CONTINUE_NEEDED,
  createSlot,
  descriptorOf,
  explain,
  type Library,
  loadLibrary,
  NULL,
  POINTED_TO,
  POINTER_BYTES,
  pointerIn,
  takeBuffer,
  textOf,
} from './gss-library.ts';

export type { GssContext, GssMessage } from './gss-context.ts';

export interface GssStep {
  /** For the client. */
  readonly token: Uint8Array;
  /** Absent: one more token of the client is due. */
  readonly context?: GssContext;
}

/** A sign-in under way. */
export interface GssNegotiation {
  /** Throws FORWARDING_KERBEROS_REFUSED; the negotiation is then over. */
  step(token: Uint8Array): GssStep;
  close(): void;
}

export interface GssAcceptor {
  begin(): GssNegotiation;
  close(): void;
}

/** Flags of a context (RFC 2744, 5.1): the client proves itself to us and we to it; messages are sealed and signed. */
const MUTUAL = 0x02;
const SEALED = 0x10;
const SIGNED = 0x20;
const NEEDED = MUTUAL | SEALED | SIGNED;

/** 1.2.840.113554.1.2.2.1: a principal as `HTTP/server@REALM`. */
const PRINCIPAL_NAME = Buffer.from('2a864886f71201020201', 'hex');

/** The text of a name, which is released. */
const takeName = (library: Library, slot: Buffer): string => {
  if (pointerIn(slot) === NULL) return '';
  const { call } = library;
  const minor = Buffer.alloc(4);
  const text = Buffer.alloc(2 * POINTER_BYTES);
  const major = call.gss_display_name(minor, pointerIn(slot), text, null);
  call.gss_release_name(Buffer.alloc(4), slot);
  return major === COMPLETE ? textOf(takeBuffer(library, text)) : '';
};

const beginNegotiation = (library: Library, credential: Buffer): GssNegotiation => {
  const { call } = library;
  const slot = createSlot();
  const close = (): void => {
    if (pointerIn(slot) !== NULL) call.gss_delete_sec_context(Buffer.alloc(4), slot, null);
    slot.fill(0);
  };
  const refuse = (reason: string): never => {
    close();
    throw forwardingError('FORWARDING_KERBEROS_REFUSED', { reason });
  };
  return {
    close,
    step: (given) => {
      if (pointerIn(credential) === NULL) refuse('the server is closing');
      const minor = Buffer.alloc(4);
      const flags = Buffer.alloc(4);
      const name = createSlot();
      const output = Buffer.alloc(2 * POINTER_BYTES);
      const input = descriptorOf(library, given);
      const major = call.gss_accept_sec_context(
        minor,
        slot,
        pointerIn(credential),
        input,
        null,
        name,
        null,
        output,
        flags,
        null,
        null,
      );
      const token = takeBuffer(library, output);
      const principal = takeName(library, name);
      if (major === CONTINUE_NEEDED) return { token };
      if (major !== COMPLETE) return refuse(explain(library, major, minor));
      if ((flags.readUInt32LE(0) & NEEDED) !== NEEDED) {
        return refuse('the client asks for no mutual authentication with encryption');
      }
      return { token, context: createContext(library, slot, { principal, close }) };
    },
  };
};

const ACCEPT = 2;

/** `gss_key_value_set_desc`. */
const credentialStore = (
  { addressOf }: Library,
  pairs: readonly (readonly [string, string])[],
): Buffer => {
  const texts = pairs.flat().map((text) => Buffer.from(`${text}\0`));
  const elements = Buffer.alloc(POINTER_BYTES * texts.length);
  for (const [index, text] of texts.entries()) {
    elements.writeBigUInt64LE(addressOf(text), index * POINTER_BYTES);
  }
  const set = Buffer.alloc(2 * POINTER_BYTES);
  set.writeUInt32LE(pairs.length, 0);
  set.writeBigUInt64LE(addressOf(elements), POINTER_BYTES);
  POINTED_TO.set(set, [elements, ...texts]);
  return set;
};

export interface KerberosService {
  /** Path of a keytab with the keys of the service principal. */
  readonly keytab: string;
  /** `HTTP/server.example.org` or with `@REALM`. */
  readonly servicePrincipal: string;
}

/**
 * Takes sign-ins to one service principal. Throws FORWARDING_KERBEROS_MISSING where there is no library, and
 * FORWARDING_KERBEROS_KEYTAB when the keytab does not hold the principal.
 */
export const openKerberos = async (service: KerberosService): Promise<GssAcceptor> => {
  const library = await loadLibrary();
  const { call } = library;
  const fail = (major: number, minor: Buffer): never => {
    const reason = explain(library, major, minor);
    throw forwardingError('FORWARDING_KERBEROS_KEYTAB', { reason });
  };
  const minor = Buffer.alloc(4);
  const name = createSlot();
  const principal = Buffer.from(service.servicePrincipal);
  // The identifier is kept by reference: it is a constant of this file.
  const kind = descriptorOf(library, PRINCIPAL_NAME);
  const imported = call.gss_import_name(minor, descriptorOf(library, principal), kind, name);
  if (imported !== COMPLETE) fail(imported, minor);
  const credential = createSlot();
  const set = credentialStore(library, [
    ['keytab', `FILE:${service.keytab}`],
    ['rcache', 'none:'],
  ]);
  const major = call.gss_acquire_cred_from(
    minor,
    pointerIn(name),
    0xffffffff,
    null,
    ACCEPT,
    set,
    credential,
    null,
    null,
  );
  const reason = major === COMPLETE ? '' : explain(library, major, minor);
  call.gss_release_name(Buffer.alloc(4), name);
  if (major !== COMPLETE) {
    throw forwardingError('FORWARDING_KERBEROS_KEYTAB', { reason });
  }
  return {
    begin: () => beginNegotiation(library, credential),
    close: () => {
      if (pointerIn(credential) !== NULL) call.gss_release_cred(Buffer.alloc(4), credential);
      credential.fill(0);
    },
  };
};
