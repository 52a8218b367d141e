/** Tokens for scripts: `wit_` and 32 random bytes. Only the SHA-256 is kept, so a copy of the database opens nothing. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { WHO_UNKNOWN } from '@witness/record';
import type { Directory, TokenRecord } from './directory.ts';
import { isWithin, type PlanPlace } from './permissions.ts';
import type { Access, SignInOutcome } from './principal.ts';
import type { SignInAudit } from './sign-in-audit.ts';

const PREFIX = 'wit_';
const TOKEN = /^wit_[A-Za-z0-9_-]{43}$/;
const SECRET_BYTES = 32;

/** A token's use is written down at most so often. */
export const TOKEN_USE_WRITTEN_EVERY_MS = 60_000;

export const createTokenText = (randomBytes: (bytes: number) => Uint8Array): string =>
  PREFIX + Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url');

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

export const hashToken = (token: string): string => digest(token).toString('hex');

export interface BearerParts {
  readonly directory: Directory;
  readonly audit: SignInAudit;
  readonly clock: () => number;
  readonly plansNow: () => readonly PlanPlace[];
  readonly used: (token: TokenRecord) => void;
}

/**
 * A token has the roles it was made with as far as its user still has them. Not counted by the lock-out: 256 random
 * bits cannot be guessed.
 */
export const createBearerSignIn = (parts: BearerParts): Access['bearer'] => {
  const { directory, audit, clock, plansNow, used } = parts;

  const find = (text: string): TokenRecord | undefined => {
    if (!TOKEN.test(text)) return undefined;
    const hash = digest(text);
    const token = directory.tokenByHash(hash.toString('hex'));
    // The index finds by hash, which an attacker cannot steer; equality is still decided in constant time.
    return token && timingSafeEqual(Buffer.from(token.hash, 'hex'), hash) ? token : undefined;
  };

  return async ({ token: text, address }): Promise<SignInOutcome> => {
    const token = find(text);
    const user = token && directory.userById(token.userId);
    if (!token || !user) {
      audit.failed({ who: WHO_UNKNOWN, address, method: 'Token', reason: 'Unknown token' });
      return { outcome: 'refused' };
    }
    const method = `Token ${token.name}`;
    if (token.expiresAt !== undefined && token.expiresAt <= clock()) {
      audit.failed({ who: user.name, address, method, reason: 'The token has expired' });
      return { outcome: 'refused' };
    }
    used(token);
    audit.granted({ who: user.name, address, method });
    const assignments = token.assignments
      ? token.assignments.filter((each) => isWithin(each, user.assignments, plansNow()))
      : user.assignments;
    return {
      outcome: 'granted',
      principal: { userId: user.id, userName: user.name, assignments },
    };
  };
};
