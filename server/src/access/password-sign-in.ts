import type { Emit } from '../telemetry/index.ts';
import { toAddressKey } from './client-address.ts';
import type { Directory, UserRecord } from './directory.ts';
import type { Attempt, LockOut } from './lock-out.ts';
import {
  hashPassword,
  needsRehash,
  type PasswordHashCost,
  verifyPassword,
} from './password-hash.ts';
import { PASSWORD_LENGTH_MAX } from './password-rules.ts';
import type { Access, Principal, SignInOutcome } from './principal.ts';
import type { SignInAudit } from './sign-in-audit.ts';
import { toUserKey } from './user-name.ts';
import type { VerifiedCredentials } from './verified-credentials.ts';
import type { WorkQueue } from './work-queue.ts';

export interface PasswordSignInParts {
  readonly directory: Directory;
  readonly verified: VerifiedCredentials;
  readonly lockOut: LockOut;
  readonly audit: SignInAudit;
  readonly queue: WorkQueue;
  readonly cost: PasswordHashCost;
  readonly randomBytes: (bytes: number) => Uint8Array;
  readonly delay: (ms: number) => Promise<void>;
  readonly emit: Emit;
  /** Work nobody waits for; what goes wrong in it is reported there. */
  readonly inBackground: (work: Promise<void>) => void;
}

const METHOD = 'Password';
/** Under which names that nobody can have are counted. */
const IMPOSSIBLE_ACCOUNT = '';
const SHOWN_NAME_LENGTH_MAX = 255;
/** Failed sign-ins whose answers are held back at the same time; beyond, answers come at once. */
const HELD_MAX = 1_000;

/** Costs what a real one costs, and no password is behind it. */
const createDummyHash = (
  { memoryKib, passes, lanes }: PasswordHashCost,
  randomBytes: (bytes: number) => Uint8Array,
): string => {
  const text = (bytes: number): string =>
    Buffer.from(randomBytes(bytes)).toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${text(16)}$${text(32)}`;
};

/** What was typed, fit for a record. */
const showName = (userName: string): string =>
  userName
    .slice(0, SHOWN_NAME_LENGTH_MAX)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\uFFFD');

export const createPasswordSignIn = (parts: PasswordSignInParts): Access['signIn'] => {
  const { directory, verified, lockOut, audit, queue, cost, randomBytes } = parts;
  const dummyHash = createDummyHash(cost, randomBytes);
  const underWay = new Map<string, Promise<Principal | undefined>>();
  let held = 0;

  const rehash = async (user: UserRecord, password: string): Promise<void> => {
    const passwordHash = await queue(() => hashPassword(password, { cost, randomBytes }));
    await directory.replaceHash(user, passwordHash);
  };

  /** Takes the time of one hash whether or not there is such a user. */
  const verify = async (account: string, password: string): Promise<Principal | undefined> => {
    const version = verified.version();
    const user = directory.userByKey(account);
    const isRight = await queue(() => verifyPassword(password, user?.passwordHash ?? dummyHash));
    if (!user || !isRight) return undefined;
    // Changed or removed in the meantime: only what holds now counts.
    if (verified.version() !== version) return verify(account, password);
    if (needsRehash(user.passwordHash, cost)) parts.inBackground(rehash(user, password));
    const principal = { userId: user.id, userName: user.name, assignments: user.assignments };
    verified.keep(verified.keyOf(account, password), principal, version);
    return principal;
  };

  /** The same credentials at the same time are computed once. */
  const verifyOnce = (key: string, account: string, password: string) => {
    const running = verify(account, password).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };

  const holdBack = async (delayMs: number): Promise<void> => {
    if (delayMs === 0 || held >= HELD_MAX) return;
    held += 1;
    try {
      await parts.delay(delayMs);
    } finally {
      held -= 1;
    }
  };

  const locked = (who: string, address: string, retryAfterMs: number): SignInOutcome => {
    audit.failed({ who, address, method: METHOD, reason: 'Locked after too many failures' });
    return { outcome: 'locked', retryAfterMs };
  };

  const refused = async (
    who: string,
    address: string,
    attempt: Attempt,
  ): Promise<SignInOutcome> => {
    const { delayMs, hasLocked } = lockOut.failed(attempt);
    audit.failed({ who, address, method: METHOD, reason: 'Unknown user or wrong password' });
    if (hasLocked) {
      parts.emit({
        name: 'access.sign-in-locked',
        level: 'warn',
        message: 'An account is locked for an address after too many failed sign-ins',
        fields: { userName: who, address },
      });
    }
    await holdBack(delayMs);
    return { outcome: 'refused' };
  };

  return async ({ userName, password, address }) => {
    const account = toUserKey(userName) ?? IMPOSSIBLE_ACCOUNT;
    const who = showName(userName);
    const attempt = { account, address: toAddressKey(address) };
    const lockedMs = lockOut.lockedMs(attempt);
    if (lockedMs !== undefined) return locked(who, address, lockedMs);
    if (password.length > PASSWORD_LENGTH_MAX) return refused(who, address, attempt);

    const key = verified.keyOf(account, password);
    const known = verified.find(key);
    const running = underWay.get(key);
    if (!known && !running) {
      const waitMs = lockOut.begin(attempt);
      if (waitMs !== undefined) return locked(who, address, waitMs);
    }
    const principal =
      known ??
      (await (running ?? verifyOnce(key, account, password).finally(() => lockOut.end(attempt))));
    if (!principal) return refused(who, address, attempt);
    if (!known) lockOut.succeeded(attempt);
    audit.granted({ who: principal.userName, address, method: METHOD });
    return { outcome: 'granted', principal };
  };
};
