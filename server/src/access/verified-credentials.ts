/**
 * Passwords that were right a moment ago. Clients of the API send theirs with every request; an Argon2 for each would
 * be the limit of everything. Only a keyed hash is kept, under a key that lives and dies with the process.
 */
import { createHmac } from 'node:crypto';
import { createBoundedMap } from './bounded-map.ts';
import type { Principal } from './principal.ts';

const VALID_MS = 60_000;
const ENTRIES_MAX = 10_000;
const KEY_BYTES = 32;

export interface VerifiedCredentials {
  /** Under which a pair of user key and password is kept. */
  keyOf(account: string, password: string): string;
  find(key: string): Principal | undefined;
  /** Ignored when anything changed since `version` was asked. */
  keep(key: string, principal: Principal, version: number): void;
  version(): number;
  /** To be called on any change of a user. */
  forgetAll(): void;
}

export const createVerifiedCredentials = ({
  clock,
  randomBytes,
}: {
  readonly clock: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
}): VerifiedCredentials => {
  const secret = randomBytes(KEY_BYTES);
  const entries = createBoundedMap<{ principal: Principal; until: number }>(ENTRIES_MAX);
  let version = 0;
  return {
    keyOf: (account, password) =>
      // The length keeps ('ab', 'c') and ('a', 'bc') apart.
      createHmac('sha256', secret)
        .update(`${account.length}:${account}${password}`)
        .digest('base64'),
    find: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (clock() < entry.until) return entry.principal;
      entries.delete(key);
      return undefined;
    },
    keep: (key, principal, since) => {
      if (since === version) entries.set(key, { principal, until: clock() + VALID_MS });
    },
    version: () => version,
    forgetAll: () => {
      version += 1;
      entries.clear();
    },
  };
};
