/**
 * Sign-ins in the self-audit, bounded however many there are: a granted one once an hour for each user, address and
 * method (clients of the API sign in with every request); failed ones each, up to a number a minute, and beyond it one
 * record an address and minute with the number of attempts.
 */
import { type Detail, WHO_UNKNOWN } from '@witness/record';
import type { SelfAudit } from '../plans/index.ts';
import { createBoundedMap } from './bounded-map.ts';

export const SIGN_IN_AUDIT = {
  grantedEveryMs: 3_600_000,
  windowMs: 60_000,
  failuresInWindow: 60,
  /** Addresses told apart beyond that; further ones become one record. */
  addressesInWindow: 100,
  remembered: 10_000,
} as const;

export interface SignInFacts {
  readonly who: string;
  readonly address: string;
  /** `Password`, or `Token` with its name. */
  readonly method: string;
}

export interface SignInAudit {
  granted(facts: SignInFacts): void;
  failed(facts: SignInFacts & { readonly reason: string }): void;
  /** Records what was only counted so far. */
  flush(): void;
}

interface Tally {
  /** Undefined: several. */
  readonly who: string | undefined;
  readonly attempts: number;
}

const OBJECT_TYPE = 'Logon';
const WHAT = 'Witness';
const OTHER_ADDRESSES = '';

export const createSignInAudit = ({
  selfAudit,
  clock,
  delay,
}: {
  readonly selfAudit: SelfAudit;
  readonly clock: () => number;
  readonly delay: (ms: number) => Promise<void>;
}): SignInAudit => {
  const grantedAt = createBoundedMap<number>(SIGN_IN_AUDIT.remembered);
  const tallies = new Map<string, Tally>();
  let windowEnd = 0;
  let inWindow = 0;

  const flush = (): void => {
    for (const [address, { who, attempts }] of tallies) {
      const details: Detail[] = [
        { property: 'Attempts', after: String(attempts) },
        { property: 'Reason', message: 'Too many failures to record each' },
        ...(who === undefined ? [{ property: 'Who', message: 'Several accounts were tried' }] : []),
        ...(address === OTHER_ADDRESSES
          ? [{ property: 'Workstation', message: 'Many addresses' }]
          : []),
      ];
      selfAudit({
        who: who ?? WHO_UNKNOWN,
        action: 'Failed Logon',
        objectType: OBJECT_TYPE,
        what: WHAT,
        ...(address === OTHER_ADDRESSES ? {} : { workstation: address }),
        details,
      });
    }
    tallies.clear();
  };

  const tally = ({ who, address }: SignInFacts): void => {
    if (tallies.size === 0) void delay(SIGN_IN_AUDIT.windowMs).then(flush);
    const isTold = tallies.has(address) || tallies.size < SIGN_IN_AUDIT.addressesInWindow;
    const key = isTold ? address : OTHER_ADDRESSES;
    const before = tallies.get(key);
    tallies.set(key, {
      who: before === undefined || before.who === who ? who : undefined,
      attempts: (before?.attempts ?? 0) + 1,
    });
  };

  return {
    flush,
    granted: ({ who, address, method }) => {
      const key = `${who}\n${address}\n${method}`;
      const last = grantedAt.get(key);
      if (last !== undefined && clock() - last < SIGN_IN_AUDIT.grantedEveryMs) return;
      grantedAt.set(key, clock());
      selfAudit({
        who,
        action: 'Successful Logon',
        objectType: OBJECT_TYPE,
        what: WHAT,
        workstation: address,
        details: [{ property: 'Method', after: method }],
      });
    },
    failed: (facts) => {
      if (clock() >= windowEnd) {
        flush();
        windowEnd = clock() + SIGN_IN_AUDIT.windowMs;
        inWindow = 0;
      }
      inWindow += 1;
      if (inWindow > SIGN_IN_AUDIT.failuresInWindow) {
        tally(facts);
        return;
      }
      const { who, address, method, reason } = facts;
      selfAudit({
        who,
        action: 'Failed Logon',
        objectType: OBJECT_TYPE,
        what: WHAT,
        workstation: address,
        details: [
          { property: 'Method', after: method },
          { property: 'Reason', message: reason },
        ],
      });
    },
  };
};
