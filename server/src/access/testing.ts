/** An access room in memory with cheap passwords, held-back answers that come at once and a count of Argon2 computations. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import { openTestPlans, type TestClock } from '../plans/testing.ts';
import {
  type AccessControl,
  type AccessOptions,
  openAccess,
  type RoleAssignment,
  type SelfAuditEntry,
  SIGN_IN_AUDIT,
} from './index.ts';

export const TEST_COST = { memoryKib: 64, passes: 1, lanes: 1 } as const;
export const TEST_ACTOR = { who: 'CONTOSO\\ops' } as const;
export const EVERYTHING = { kind: 'everything' } as const;

export interface TestAccess extends AsyncDisposable {
  readonly access: AccessControl;
  readonly clock: TestClock;
  readonly audited: SelfAuditEntry[];
  readonly events: string[];
  readonly delays: number[];
  readonly plans: Awaited<ReturnType<typeof openTestPlans>>;
  /** A user with the role on everything and the password `correct horse`. */
  addUser(name: string, role?: RoleAssignment['role']): Promise<void>;
  /** `granted`, `refused` or `locked`. */
  signIn(userName: string, password?: string, address?: string): Promise<string>;
  /** Another instance on the same database, as after a restart. */
  reopen(options?: Partial<AccessOptions>): Promise<AccessControl>;
}

export const TEST_PASSWORD = 'correct horse';

export const openTestAccess = async (): Promise<TestAccess> => {
  const plans = await openTestPlans();
  const audited: SelfAuditEntry[] = [];
  const events: string[] = [];
  const delays: number[] = [];
  const reopen: TestAccess['reopen'] = (options = {}) =>
    openAccess({
      database: plans.database,
      plans: plans.plans,
      selfAudit: (entry) => audited.push(entry),
      emit: ({ name }) => events.push(name),
      clock: plans.clock,
      randomBytes: plans.random,
      delay: (ms) => {
        // The clock stands still in between, so what waits for a whole window waits for ever.
        if (ms >= SIGN_IN_AUDIT.windowMs) return new Promise(() => undefined);
        delays.push(ms);
        return Promise.resolve();
      },
      passwordHashCost: TEST_COST,
      ...options,
    });
  const access = await reopen();
  return {
    access,
    clock: plans.clock,
    audited,
    events,
    delays,
    plans,
    reopen,
    addUser: async (name, role = 'global-administrator') => {
      const assignments = [{ role, scope: EVERYTHING }];
      await access.addUser({ name, password: TEST_PASSWORD, assignments }, TEST_ACTOR);
    },
    signIn: async (userName, password = TEST_PASSWORD, address = '192.0.2.7') =>
      (await access.signIn({ userName, password, address })).outcome,
    [Symbol.asyncDispose]: async () => {
      await access[Symbol.asyncDispose]();
      await plans[Symbol.asyncDispose]();
    },
  };
};

export interface Argon2Count extends Disposable {
  readonly computed: number;
  readonly atOnceMax: number;
}

/** Watches every Argon2 computation until disposed. */
export const countArgon2 = (): Argon2Count => {
  const { argon2 } = crypto;
  let computed = 0;
  let running = 0;
  let atOnceMax = 0;
  const watched: typeof argon2 = (algorithm, parameters, callback) => {
    computed += 1;
    running += 1;
    atOnceMax = Math.max(atOnceMax, running);
    argon2(algorithm, parameters, (cause, hash) => {
      running -= 1;
      callback(cause, hash);
    });
  };
  const replaced = mock.method(crypto, 'argon2', watched);
  syncBuiltinESMExports();
  return {
    get computed() {
      return computed;
    },
    get atOnceMax() {
      return atOnceMax;
    },
    [Symbol.dispose]: () => {
      replaced.mock.restore();
      syncBuiltinESMExports();
    },
  };
};
