/** Passwords by Argon2id (RFC 9106), kept as PHC strings: `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>`. */
import { argon2, timingSafeEqual } from 'node:crypto';
import { error } from './errors.ts';

export interface PasswordHashCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** RFC 9106 section 4, second recommended option (64 MiB); above the minimum OWASP asks for. */
export const PASSWORD_HASH_COST: PasswordHashCost = { memoryKib: 65_536, passes: 3, lanes: 4 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Stored values beyond these come from no Witness; a hand-made row must not exhaust memory. */
const COST_MAX: PasswordHashCost = { memoryKib: 1_048_576, passes: 64, lanes: 64 };

interface StoredHash {
  readonly cost: PasswordHashCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,4})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

const parsePhc = (text: string): StoredHash => {
  const [, memory, passes, lanes, salt, hash] = PHC.exec(text) ?? [];
  if (!memory || !passes || !lanes || !salt || !hash) throw error('ACCESS_PASSWORD_HASH_UNKNOWN');
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const isBounded =
    cost.memoryKib <= COST_MAX.memoryKib &&
    cost.passes <= COST_MAX.passes &&
    cost.lanes <= COST_MAX.lanes;
  if (!isBounded) throw error('ACCESS_PASSWORD_HASH_UNKNOWN');
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
};

const unpadded = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Off the event loop: Node runs it on its thread pool. */
const derive = (
  password: string,
  salt: Uint8Array,
  { cost, length }: { cost: PasswordHashCost; length: number },
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parameters = {
      // RFC 8265 (OpaqueString): the same password typed on two systems has the same bytes.
      message: Buffer.from(password.normalize('NFC'), 'utf8'),
      nonce: salt,
      parallelism: cost.lanes,
      tagLength: length,
      memory: cost.memoryKib,
      passes: cost.passes,
    };
    argon2('argon2id', parameters, (cause, hash) => (cause ? reject(cause) : resolve(hash)));
  });

export const hashPassword = async (
  password: string,
  { cost, randomBytes }: { cost: PasswordHashCost; randomBytes: (bytes: number) => Uint8Array },
): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, { cost, length: HASH_BYTES });
  const { memoryKib, passes, lanes } = cost;
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`;
};

/** Compares in constant time. Rejects with ACCESS_PASSWORD_HASH_UNKNOWN. */
export const verifyPassword = async (password: string, stored: string): Promise<boolean> => {
  const { cost, salt, hash } = parsePhc(stored);
  return timingSafeEqual(await derive(password, salt, { cost, length: hash.length }), hash);
};

/** Whether the hash was made at another cost than now wanted. */
export const needsRehash = (stored: string, cost: PasswordHashCost): boolean => {
  const { cost: used } = parsePhc(stored);
  return (
    used.memoryKib !== cost.memoryKib || used.passes !== cost.passes || used.lanes !== cost.lanes
  );
};
