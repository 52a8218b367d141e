/**
 * What keeps passwords from being guessed.
 *
 * - *Account and address* together: ten failures within the window lock this account for this address for a while;
 *   before that each answer comes later than the one before. Attempts under way count as failures until they end,
 *   so that guessing in parallel gains nothing. A success clears it.
 * - *Address*: many failures over any accounts lock the address, except for accounts that signed in from it before.
 * - *Account*: many failures from anywhere slow the account down to one attempt in a while for all addresses it never
 *   signed in from. It is never locked as a whole.
 *
 * The trade-off: whoever does not sit at an address of the only administrator cannot lock that administrator out
 * there; whoever does can, for the length of the lock. Under attack a first sign-in from a new address may have to be
 * repeated. Tokens and the command line on the server are not affected. All of it is in memory, bounded, and forgotten
 * on restart.
 */
import { createBoundedMap } from './bounded-map.ts';

export const LOCK_OUT = {
  /** Failures of one account from one address. */
  failuresMax: 10,
  windowMs: 15 * 60_000,
  lockMs: 15 * 60_000,
  /** Before the answer to the nth failure of an account from an address; the last one holds for all further. */
  delaysMs: [0, 0, 100, 200, 400, 800, 1_000],
  addressFailuresMax: 100,
  accountFailuresMax: 30,
  /** Between two attempts from addresses unknown to the account, once it has too many failures. */
  accountPauseMs: 5_000,
  /** How long an address stays known to an account after a success. */
  knownMs: 30 * 24 * 3_600_000,
  entriesMax: 10_000,
} as const;

export interface Attempt {
  /** As `toUserKey` and `toAddressKey` give them. */
  readonly account: string;
  readonly address: string;
}

export interface LockOut {
  /** How long this account is still locked for this address; undefined when it is not. */
  lockedMs(attempt: Attempt): number | undefined;
  /** Asks to try a password. Undefined: go on, and tell `failed` or `succeeded` and then `end`. Otherwise wait so long. */
  begin(attempt: Attempt): number | undefined;
  end(attempt: Attempt): void;
  /** Counts a failure. */
  failed(attempt: Attempt): { readonly delayMs: number; readonly hasLocked: boolean };
  succeeded(attempt: Attempt): void;
}

interface Counter {
  failures: number;
  underWay: number;
  /** Failures before it are forgotten. */
  windowEnd: number;
  lockedUntil: number;
  nextAt: number;
}

const EMPTY: Counter = { failures: 0, underWay: 0, windowEnd: 0, lockedUntil: 0, nextAt: 0 };

const pairKey = ({ account, address }: Attempt): string => `${account}\n${address}`;

export const createLockOut = (clock: () => number): LockOut => {
  const pairs = createBoundedMap<Counter>(LOCK_OUT.entriesMax);
  const addresses = createBoundedMap<Counter>(LOCK_OUT.entriesMax);
  const accounts = createBoundedMap<Counter>(LOCK_OUT.entriesMax);
  const known = createBoundedMap<number>(LOCK_OUT.entriesMax);

  const current = (counter: Counter | undefined): Counter => {
    if (!counter) return { ...EMPTY };
    const now = clock();
    if (now < counter.windowEnd || now < counter.lockedUntil) return counter;
    return { ...EMPTY, underWay: counter.underWay };
  };

  const count = (counter: Counter): Counter => ({
    ...counter,
    failures: counter.failures + 1,
    windowEnd: counter.failures === 0 ? clock() + LOCK_OUT.windowMs : counter.windowEnd,
  });

  /** A full counter is locked; the lock's end is the end of its failures too. */
  const countUpTo = (counter: Counter, failuresMax: number): Counter => {
    const next = count(counter);
    if (next.failures < failuresMax || next.lockedUntil > clock()) return next;
    const lockedUntil = clock() + LOCK_OUT.lockMs;
    return { ...next, lockedUntil, windowEnd: lockedUntil };
  };

  const remaining = (counter: Counter): number | undefined =>
    counter.lockedUntil > clock() ? counter.lockedUntil - clock() : undefined;

  const isKnown = (attempt: Attempt): boolean =>
    (known.get(pairKey(attempt)) ?? Number.NEGATIVE_INFINITY) > clock() - LOCK_OUT.knownMs;

  const strangerWaitMs = ({ account, address }: Attempt): number | undefined => {
    const locked = remaining(current(addresses.get(address)));
    if (locked !== undefined) return locked;
    const counter = current(accounts.get(account));
    if (counter.failures < LOCK_OUT.accountFailuresMax) return undefined;
    if (counter.nextAt > clock()) return counter.nextAt - clock();
    accounts.set(account, { ...counter, nextAt: clock() + LOCK_OUT.accountPauseMs });
    return undefined;
  };

  const delayOf = (failures: number): number =>
    LOCK_OUT.delaysMs[Math.min(failures, LOCK_OUT.delaysMs.length) - 1] ?? 0;

  return {
    lockedMs: (attempt) => remaining(current(pairs.get(pairKey(attempt)))),
    begin: (attempt) => {
      const key = pairKey(attempt);
      const pair = current(pairs.get(key));
      const locked = remaining(pair);
      if (locked !== undefined) return locked;
      if (pair.failures + pair.underWay >= LOCK_OUT.failuresMax) {
        return LOCK_OUT.delaysMs.at(-1) ?? 0;
      }
      const waitMs = isKnown(attempt) ? undefined : strangerWaitMs(attempt);
      if (waitMs !== undefined) return waitMs;
      pairs.set(key, { ...pair, underWay: pair.underWay + 1 });
      return undefined;
    },
    end: (attempt) => {
      const key = pairKey(attempt);
      const pair = current(pairs.get(key));
      const underWay = Math.max(0, pair.underWay - 1);
      if (pair.failures === 0 && underWay === 0) pairs.delete(key);
      else pairs.set(key, { ...pair, underWay });
    },
    failed: (attempt) => {
      const key = pairKey(attempt);
      const before = current(pairs.get(key));
      const after = countUpTo(before, LOCK_OUT.failuresMax);
      pairs.set(key, after);
      addresses.set(
        attempt.address,
        countUpTo(current(addresses.get(attempt.address)), LOCK_OUT.addressFailuresMax),
      );
      accounts.set(attempt.account, count(current(accounts.get(attempt.account))));
      const hasLocked = after.lockedUntil !== before.lockedUntil;
      return { delayMs: delayOf(after.failures), hasLocked };
    },
    succeeded: (attempt) => {
      const key = pairKey(attempt);
      const { underWay } = current(pairs.get(key));
      if (underWay === 0) pairs.delete(key);
      else pairs.set(key, { ...EMPTY, underWay });
      accounts.delete(attempt.account);
      known.set(key, clock());
    },
  };
};
