/**
 * Secrets of monitored systems, sealed by AES-256-GCM (NIST SP 800-38D) under a key file that only the service
 * reads. An envelope is `w1.<key id>.<nonce 12 bytes>.<ciphertext and tag 16 bytes>`, base64url; the place it is
 * kept at is authenticated with it, so that an envelope moved elsewhere does not open.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Emit } from '../telemetry/index.ts';
import type { ConfigurationDatabase } from './configuration-database.ts';
import { error } from './errors.ts';

/** `place` names where the secret is kept; the same must be given to open it. */
export interface SecretBox {
  seal(secret: string, place: string): string;
  /** Throws SECRET_TAMPERED, SECRET_KEY_MISMATCH or SECRET_ENVELOPE_UNKNOWN. */
  unseal(envelope: string, place: string): string;
}

export interface SecretBoxOptions {
  readonly keyFile: string;
  /** Asked whether sealed secrets exist already. */
  readonly database: ConfigurationDatabase;
  readonly randomBytes: (bytes: number) => Uint8Array;
  readonly emit: Emit;
}

const VERSION = 'w1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OTHERS = 0o077;

const keyIdOf = (key: Uint8Array): string =>
  createHash('sha256').update('witness key id\0').update(key).digest('hex').slice(0, 16);

const associatedData = (keyId: string, place: string): Buffer =>
  Buffer.from(`${VERSION}\0${keyId}\0${place}`);

const BASE64URL = /^[A-Za-z0-9_-]+$/;

const split = (envelope: string): { keyId: string; nonce: Buffer; body: Buffer } => {
  const [version, keyId, nonceText, bodyText, ...rest] = envelope.split('.');
  const isKnown = version === VERSION && keyId && nonceText && bodyText && rest.length === 0;
  if (!isKnown) throw error('SECRET_ENVELOPE_UNKNOWN');
  if (!BASE64URL.test(nonceText) || !BASE64URL.test(bodyText)) throw error('SECRET_TAMPERED');
  const nonce = Buffer.from(nonceText, 'base64url');
  const body = Buffer.from(bodyText, 'base64url');
  if (nonce.length !== NONCE_BYTES || body.length < TAG_BYTES) throw error('SECRET_TAMPERED');
  return { keyId, nonce, body };
};

export const createSecretBox = (
  key: Uint8Array,
  randomBytes: (bytes: number) => Uint8Array,
): SecretBox => {
  const keyId = keyIdOf(key);
  return {
    seal: (secret, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associatedData(keyId, place));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([body, cipher.getAuthTag()]).toString('base64url');
      return [VERSION, keyId, Buffer.from(nonce).toString('base64url'), sealed].join('.');
    },
    unseal: (envelope, place) => {
      const { keyId: sealedUnder, nonce, body } = split(envelope);
      if (sealedUnder !== keyId) throw error('SECRET_KEY_MISMATCH');
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(keyId, place));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      try {
        const open = [decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()];
        return Buffer.concat(open).toString('utf8');
      } catch (cause) {
        throw error('SECRET_TAMPERED', {}, { cause });
      }
    },
  };
};

const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** Appears under its name complete and on disk, or not at all: secrets sealed under a lost key are lost. */
const createKeyFile = (file: string, key: Uint8Array): void => {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(handle, key);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
  syncFolder(dirname(file));
};

const isAbsent = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

const readKeyFile = (file: string): Uint8Array | undefined => {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw error('SECRET_KEY_UNREADABLE', { file }, { cause });
  }
};

const anyEnvelope = async (database: ConfigurationDatabase): Promise<string | undefined> => {
  const row = await database.queries
    .selectFrom('plan')
    .select('account_secret')
    .where('account_secret', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row?.account_secret ?? undefined;
};

/**
 * Reads the key file, or makes one when nothing is sealed yet.
 * Throws SECRET_KEY_MISSING, SECRET_KEY_INVALID, SECRET_KEY_UNREADABLE, or SECRET_KEY_MISMATCH when the sealed
 * secrets belong to another key.
 */
export const openSecretBox = async ({
  keyFile,
  database,
  randomBytes,
  emit,
}: SecretBoxOptions): Promise<SecretBox> => {
  const sealed = await anyEnvelope(database);
  const stored = readKeyFile(keyFile);
  if (!stored && sealed) throw error('SECRET_KEY_MISSING', { file: keyFile });
  const key = stored ?? randomBytes(KEY_BYTES);
  if (key.length !== KEY_BYTES) throw error('SECRET_KEY_INVALID', { file: keyFile });
  if (sealed && split(sealed).keyId !== keyIdOf(key)) throw error('SECRET_KEY_MISMATCH');
  if (!stored) {
    try {
      createKeyFile(keyFile, key);
    } catch (cause) {
      throw error('SECRET_KEY_UNREADABLE', { file: keyFile }, { cause });
    }
  } else if (process.platform !== 'win32' && (statSync(keyFile).mode & OTHERS) !== 0) {
    // Not refused: some orchestrators mount secrets readable for a group.
    emit({
      name: 'plans.secret-key-exposed',
      level: 'warn',
      message: 'The key file can be read by others than its owner',
      fields: { file: keyFile },
    });
  }
  return createSecretBox(key, randomBytes);
};
