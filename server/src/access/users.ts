/** Changes to users, roles and tokens. Each is durable and in the self-audit when it resolves. */
import type { Detail } from '@witness/record';
import { type Actor, createGuid, createMutex, nameFault, type SelfAudit } from '../plans/index.ts';
import type { Directory, TokenRecord, UserRecord } from './directory.ts';
import { error } from './errors.ts';
import { checkPassword, createPassword } from './password-rules.ts';
import { isWithin, mayManageUsers, type PlanPlace } from './permissions.ts';
import type { RoleAssignment } from './principal.ts';
import { describeAssignments, parseAssignments } from './role-assignments.ts';
import { createTokenText, hashToken } from './tokens.ts';
import { toUserKey, userNameFault } from './user-name.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly assignments: readonly RoleAssignment[];
  readonly createdAt: number;
}

export interface Token {
  readonly id: string;
  readonly userName: string;
  readonly name: string;
  readonly assignments?: readonly RoleAssignment[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly assignments: readonly RoleAssignment[];
}

export interface NewToken {
  readonly userName: string;
  readonly name: string;
  /** UTC ms; absent: until revoked. */
  readonly expiresAt?: number;
  /** Absent: always those of the user. */
  readonly assignments?: readonly RoleAssignment[];
}

export type FirstAdministrator =
  | { readonly outcome: 'present' }
  /** `password` only when it was generated; it is kept nowhere. */
  | { readonly outcome: 'created'; readonly userName: string; readonly password?: string };

/** Rejects with ACCESS_* errors. Whether the actor may is asked before: `mayManageUsers`. */
export interface Users {
  listUsers(): Promise<readonly User[]>;
  addUser(user: NewUser, by: Actor): Promise<User>;
  setPassword(userName: string, password: string, by: Actor): Promise<void>;
  setAssignments(
    userName: string,
    assignments: readonly RoleAssignment[],
    by: Actor,
  ): Promise<void>;
  /** With all tokens. False when there is no such user. */
  removeUser(userName: string, by: Actor): Promise<boolean>;
  listTokens(userName?: string): Promise<readonly Token[]>;
  /** The token's text is given once and kept nowhere. */
  createToken(token: NewToken, by: Actor): Promise<{ readonly id: string; readonly token: string }>;
  /** False when there is no such token. */
  revokeToken(id: string, by: Actor): Promise<boolean>;
  /** Makes the user `admin` when there is no user at all. */
  ensureFirstAdministrator(options?: {
    readonly password?: string;
    readonly by?: Actor;
  }): Promise<FirstAdministrator>;
}

export interface UsersParts {
  readonly directory: Directory;
  readonly hash: (password: string) => Promise<string>;
  readonly selfAudit: SelfAudit;
  readonly clock: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
  readonly plansNow: () => readonly PlanPlace[];
  readonly lastUsedAt: (token: TokenRecord) => number | undefined;
  /** Called after each change of a user, before it is reported. */
  readonly changed: () => void;
}

const TOKEN_NAME_LENGTH_MAX = 255;
const FIRST_ADMINISTRATOR = 'admin';
const FIRST_START: Actor = { who: 'Witness (first start)' };

const toUser = ({ id, name, assignments, createdAt }: UserRecord): User => ({
  id,
  name,
  assignments,
  createdAt,
});

const SHOWN_LENGTH_MAX = 255;

export const createUsers = (parts: UsersParts): Users => {
  const { directory, hash, selfAudit, clock, randomBytes, plansNow, changed } = parts;
  const exclusively = createMutex();

  const find = (userName: string): UserRecord | undefined => {
    const key = toUserKey(userName);
    return key === undefined ? undefined : directory.userByKey(key);
  };

  const need = (userName: string): UserRecord => {
    const user = find(userName);
    if (user) return user;
    throw error('ACCESS_USER_UNKNOWN', { name: userName.slice(0, SHOWN_LENGTH_MAX) });
  };

  const audit = (
    { who, workstation }: Actor,
    entry: { action: string; objectType: string; what: string; details: readonly Detail[] },
  ): void => selfAudit({ who, ...entry, ...(workstation === undefined ? {} : { workstation }) });

  const auditUser = (
    by: Actor,
    action: string,
    { name, details }: { name: string; details: readonly Detail[] },
  ): void => audit(by, { action, objectType: 'User', what: name, details });

  /** Nobody could undo it. */
  const keepAnAdministrator = (user: UserRecord, next: readonly RoleAssignment[]): void => {
    const isLast = !directory
      .users()
      .some(({ id, assignments }) => id !== user.id && mayManageUsers(assignments));
    if (isLast && mayManageUsers(user.assignments) && !mayManageUsers(next)) {
      throw error('ACCESS_LAST_ADMINISTRATOR', { name: user.name });
    }
  };

  const addUser = async ({ name, password, assignments }: NewUser, by: Actor): Promise<User> => {
    const reason = userNameFault(name);
    if (reason) {
      throw error('ACCESS_USER_NAME_INVALID', { name: name.slice(0, SHOWN_LENGTH_MAX), reason });
    }
    if (find(name)) throw error('ACCESS_USER_EXISTS', { name });
    checkPassword(password, name);
    const user: UserRecord = {
      id: createGuid(randomBytes),
      name,
      assignments: parseAssignments(assignments, plansNow()),
      passwordHash: await hash(password),
      createdAt: clock(),
    };
    await directory.saveUser(user);
    changed();
    const details = [{ property: 'Roles', after: describeAssignments(user.assignments) }];
    auditUser(by, 'Added', { name, details });
    return toUser(user);
  };

  const setPassword = async (userName: string, password: string, by: Actor): Promise<void> => {
    const user = need(userName);
    checkPassword(password, user.name);
    const passwordHash = await hash(password);
    // Read again: a rehash may have replaced the record meanwhile.
    await directory.saveUser({ ...need(userName), passwordHash });
    changed();
    const details = [{ property: 'Password', message: 'changed' }];
    auditUser(by, 'Modified', { name: user.name, details });
  };

  const setAssignments = async (
    userName: string,
    wanted: readonly RoleAssignment[],
    by: Actor,
  ): Promise<void> => {
    const user = need(userName);
    const assignments = parseAssignments(wanted, plansNow());
    keepAnAdministrator(user, assignments);
    const [before, after] = [user.assignments, assignments].map(describeAssignments);
    if (before === after) return;
    await directory.saveUser({ ...user, assignments });
    changed();
    const details = [{ property: 'Roles', before: before ?? '', after: after ?? '' }];
    auditUser(by, 'Modified', { name: user.name, details });
  };

  const removeUser = async (userName: string, by: Actor): Promise<boolean> => {
    const user = find(userName);
    if (!user) return false;
    keepAnAdministrator(user, []);
    await directory.deleteUser(user.id);
    changed();
    const details = [{ property: 'Roles', before: describeAssignments(user.assignments) }];
    auditUser(by, 'Removed', { name: user.name, details });
    return true;
  };

  const tokenAssignments = (
    wanted: readonly RoleAssignment[] | undefined,
    user: UserRecord,
  ): RoleAssignment[] | undefined => {
    const assignments = wanted && parseAssignments(wanted, plansNow());
    const beyond = assignments?.find((each) => !isWithin(each, user.assignments, plansNow()));
    if (!beyond) return assignments;
    const role = describeAssignments([beyond]);
    throw error('ACCESS_TOKEN_ROLE_EXCEEDS', { name: user.name, role });
  };

  const createToken = async (
    wanted: NewToken,
    by: Actor,
  ): Promise<{ id: string; token: string }> => {
    const user = need(wanted.userName);
    const fault = nameFault(wanted.name, TOKEN_NAME_LENGTH_MAX);
    if (fault) throw error('ACCESS_TOKEN_INVALID', { reason: `its name ${fault}` });
    const { expiresAt } = wanted;
    if (expiresAt !== undefined && !(Number.isSafeInteger(expiresAt) && expiresAt > clock())) {
      throw error('ACCESS_TOKEN_INVALID', { reason: 'its expiry is not in the future' });
    }
    const assignments = tokenAssignments(wanted.assignments, user);
    const text = createTokenText(randomBytes);
    const token: TokenRecord = {
      id: createGuid(randomBytes),
      userId: user.id,
      name: wanted.name,
      hash: hashToken(text),
      ...(assignments ? { assignments } : {}),
      createdAt: clock(),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    await directory.saveToken(token);
    const details = [
      { property: 'User', after: user.name },
      {
        property: 'Roles',
        after: assignments ? describeAssignments(assignments) : 'those of the user',
      },
      ...(expiresAt === undefined
        ? []
        : [{ property: 'Expires', after: new Date(expiresAt).toISOString() }]),
    ];
    audit(by, { action: 'Added', objectType: 'Token', what: token.name, details });
    return { id: token.id, token: text };
  };

  const revokeToken = async (id: string, by: Actor): Promise<boolean> => {
    const token = directory.tokens().find((each) => each.id === id);
    if (!token) return false;
    await directory.deleteToken(id);
    const details = [{ property: 'User', before: directory.userById(token.userId)?.name ?? '' }];
    audit(by, { action: 'Removed', objectType: 'Token', what: token.name, details });
    return true;
  };

  const toToken = (token: TokenRecord): Token => {
    const lastUsedAt = parts.lastUsedAt(token);
    return {
      id: token.id,
      userName: directory.userById(token.userId)?.name ?? '',
      name: token.name,
      ...(token.assignments ? { assignments: token.assignments } : {}),
      createdAt: token.createdAt,
      ...(token.expiresAt === undefined ? {} : { expiresAt: token.expiresAt }),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    };
  };

  const ensureFirstAdministrator = async ({
    password,
    by = FIRST_START,
  }: {
    readonly password?: string;
    readonly by?: Actor;
  } = {}): Promise<FirstAdministrator> => {
    if (directory.users().length > 0) return { outcome: 'present' };
    const chosen = password ?? createPassword(randomBytes);
    const assignments = [
      { role: 'global-administrator', scope: { kind: 'everything' } },
    ] as const satisfies RoleAssignment[];
    await addUser({ name: FIRST_ADMINISTRATOR, password: chosen, assignments }, by);
    return {
      outcome: 'created',
      userName: FIRST_ADMINISTRATOR,
      ...(password === undefined ? { password: chosen } : {}),
    };
  };

  return {
    listUsers: async () => directory.users().map(toUser),
    addUser: (user, by) => exclusively(() => addUser(user, by)),
    setPassword: (name, password, by) => exclusively(() => setPassword(name, password, by)),
    setAssignments: (name, wanted, by) => exclusively(() => setAssignments(name, wanted, by)),
    removeUser: (name, by) => exclusively(() => removeUser(name, by)),
    listTokens: async (userName) => {
      const owner = userName === undefined ? undefined : need(userName).id;
      return directory
        .tokens()
        .filter(({ userId }) => owner === undefined || userId === owner)
        .map(toToken);
    },
    createToken: (token, by) => exclusively(() => createToken(token, by)),
    revokeToken: (id, by) => exclusively(() => revokeToken(id, by)),
    ensureFirstAdministrator: (options) => exclusively(() => ensureFirstAdministrator(options)),
  };
};
