/** The accounts of the tests: one per role, and one that is locked. */
import type { Access, Principal, Role, SignInOutcome } from '../../../access/index.ts';
import type { Visibility } from '../../../store/index.ts';

export const PLAN_DOORS = { id: '{0D4E6F10-0000-4000-8000-00000000D001}', name: 'Doors' };
export const PLAN_VAULT = { id: '{0D4E6F10-0000-4000-8000-00000000D002}', name: 'Vault' };

interface Account {
  readonly password: string;
  readonly role: Role;
  readonly visible?: Visibility;
  readonly writable?: Visibility;
}

const ACCOUNTS: Readonly<Record<string, Account>> = {
  'NORTHWIND\\admin': {
    password: 'pa:ss wörd',
    role: 'global-administrator',
    visible: 'everything',
    writable: 'everything',
  },
  reviewer: { password: 'r', role: 'global-reviewer', visible: 'everything' },
  'doors@northwind.example.test': {
    password: 'd',
    role: 'reviewer',
    visible: { planIds: [PLAN_DOORS.id] },
  },
  'vault-reviewer': { password: 'v', role: 'reviewer', visible: { planIds: [PLAN_VAULT.id] } },
  feed: { password: 'f', role: 'contributor', writable: 'everything' },
  'doors-feed': {
    password: 'df',
    role: 'contributor',
    writable: { planIds: [PLAN_DOORS.id] },
  },
  configurator: { password: 'c', role: 'configurator' },
};

export const ADMIN = { userName: 'NORTHWIND\\admin', password: 'pa:ss wörd' };
export const ADMIN_TOKEN = 'wt_0123456789abcdef';

export const basic = (
  userName: string,
  password: string,
  encoding: BufferEncoding = 'utf8',
): string => `Basic ${Buffer.from(`${userName}:${password}`, encoding).toString('base64')}`;

export const authorizationOf = (userName: string): string =>
  basic(userName, ACCOUNTS[userName]?.password ?? '');

const granted = (userName: string): SignInOutcome => ({
  outcome: 'granted',
  principal: {
    userId: userName,
    userName,
    assignments: [
      { role: ACCOUNTS[userName]?.role ?? 'configurator', scope: { kind: 'everything' } },
    ],
  },
});

export interface TestAccess extends Access {
  /** What was tried, in order. */
  readonly attempts: { readonly userName: string; readonly password: string }[];
}

export const createTestAccess = (): TestAccess => {
  const attempts: { userName: string; password: string }[] = [];
  const accountOf = (principal: Principal): Account | undefined => ACCOUNTS[principal.userName];
  return {
    attempts,
    signIn: async ({ userName, password }) => {
      attempts.push({ userName, password });
      if (userName === 'locked') return { outcome: 'locked', retryAfterMs: 12_300 };
      if (userName === 'broken') throw new TypeError('secret path /var/lib/database');
      return ACCOUNTS[userName]?.password === password ? granted(userName) : { outcome: 'refused' };
    },
    bearer: async ({ token }) =>
      token === ADMIN_TOKEN ? granted(ADMIN.userName) : { outcome: 'refused' },
    visibility: async (principal) => accountOf(principal)?.visible,
    writable: (principal) => accountOf(principal)?.writable,
  };
};
