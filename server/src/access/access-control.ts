import { setTimeout as wait } from 'node:timers/promises';
import type { ConfigurationDatabase, Plans, SelfAudit } from '../plans/index.ts';
import type { Emit } from '../telemetry/index.ts';
import { openDirectory } from './directory.ts';
import { createLockOut } from './lock-out.ts';
import { hashPassword, PASSWORD_HASH_COST, type PasswordHashCost } from './password-hash.ts';
import { createPasswordSignIn } from './password-sign-in.ts';
import { mayConfigure, mayManageUsers, type PlanPlace, readable, writable } from './permissions.ts';
import type { Access, Principal } from './principal.ts';
import { createSignInAudit } from './sign-in-audit.ts';
import { createTokenUse } from './token-use.ts';
import { createBearerSignIn } from './tokens.ts';
import { createUsers, type Users } from './users.ts';
import { createVerifiedCredentials } from './verified-credentials.ts';
import { createWorkQueue } from './work-queue.ts';

export interface AccessControl extends Access, Users, AsyncDisposable {
  /** A plan as it is and, when it moves, as it becomes; undefined: what belongs to no plan. */
  mayConfigure(principal: Principal, plan: PlanPlace | undefined): boolean;
  mayManageUsers(principal: Principal): boolean;
}

export interface AccessOptions {
  readonly database: ConfigurationDatabase;
  readonly plans: Pick<Plans, 'current'>;
  readonly selfAudit: SelfAudit;
  readonly emit: Emit;
  readonly clock: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
  readonly delay?: (ms: number) => Promise<void>;
  readonly passwordHashCost?: PasswordHashCost;
}

/**
 * Two at once hold 128 MiB and half of Node's four pool threads, which the spool's file work needs too. The rest
 * waits; beyond that sign-ins are refused with ACCESS_BUSY.
 */
export const PASSWORD_WORK = { running: 2, waiting: 256 } as const;

const waitUnref = async (ms: number): Promise<void> => {
  await wait(ms, undefined, { ref: false });
};

/** Reads users and tokens into memory. Disposing writes what was only noted. */
export const openAccess = async ({
  database,
  plans,
  selfAudit,
  emit,
  clock,
  randomBytes,
  delay = waitUnref,
  passwordHashCost: cost = PASSWORD_HASH_COST,
}: AccessOptions): Promise<AccessControl> => {
  const directory = await openDirectory(database, clock);
  const pending = new Set<Promise<void>>();
  const inBackground = (work: Promise<void>): void => {
    const watched = work
      .catch((cause: unknown) =>
        emit({
          name: 'access.background-write-failed',
          level: 'error',
          message: 'A note about a user or token could not be written',
          error: cause,
        }),
      )
      .finally(() => pending.delete(watched));
    pending.add(watched);
  };
  const plansNow = plans.current;
  const queue = createWorkQueue(PASSWORD_WORK);
  const verified = createVerifiedCredentials({ clock, randomBytes });
  const audit = createSignInAudit({ selfAudit, clock, delay });
  const tokenUse = createTokenUse({ database, clock, inBackground });
  const users = createUsers({
    directory,
    hash: (password) => queue(() => hashPassword(password, { cost, randomBytes })),
    selfAudit,
    clock,
    randomBytes,
    plansNow,
    lastUsedAt: tokenUse.lastUsedAt,
    changed: verified.forgetAll,
  });
  return {
    ...users,
    signIn: createPasswordSignIn({
      directory,
      verified,
      lockOut: createLockOut(clock),
      audit,
      queue,
      cost,
      randomBytes,
      delay,
      emit,
      inBackground,
    }),
    bearer: createBearerSignIn({ directory, audit, clock, plansNow, used: tokenUse.note }),
    visibility: async ({ assignments }) => readable(assignments, plansNow()),
    writable: ({ assignments }) => writable(assignments, plansNow()),
    mayConfigure: ({ assignments }, plan) => mayConfigure(assignments, plan),
    mayManageUsers: ({ assignments }) => mayManageUsers(assignments),
    [Symbol.asyncDispose]: async () => {
      audit.flush();
      await Promise.all(pending);
      await tokenUse.flush();
    },
  };
};
