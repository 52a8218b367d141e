/** Users and tokens: kept in the configuration database, answered from memory. Memory follows once a change is durable. */
import type { Selectable } from 'kysely';
import { type ConfigurationDatabase, type ConfigurationTables, toNameKey } from '../plans/index.ts';
import { isRole } from './permissions.ts';
import type { RoleAssignment, Scope } from './principal.ts';

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly assignments: readonly RoleAssignment[];
  readonly createdAt: number;
}

export interface TokenRecord {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly hash: string;
  /** Absent: those of the user. */
  readonly assignments?: readonly RoleAssignment[];
  readonly createdAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
}

export interface Directory {
  /** In the order of their names. */
  users(): readonly UserRecord[];
  userByKey(key: string): UserRecord | undefined;
  userById(id: string): UserRecord | undefined;
  tokens(): readonly TokenRecord[];
  tokenByHash(hash: string): TokenRecord | undefined;
  saveUser(user: UserRecord): Promise<void>;
  /** The same password at another cost; changes nothing when the user has another password by now. */
  replaceHash(user: UserRecord, passwordHash: string): Promise<void>;
  /** With all tokens. */
  deleteUser(id: string): Promise<void>;
  saveToken(token: TokenRecord): Promise<void>;
  deleteToken(id: string): Promise<void>;
}

type Row<Table extends keyof ConfigurationTables> = Selectable<ConfigurationTables[Table]>;

const toScope = (kind: string, value: string | null): Scope | undefined => {
  if (kind === 'everything') return { kind };
  if (value === null) return undefined;
  if (kind === 'folder') return { kind, folder: value };
  return kind === 'plan' ? { kind, planId: value } : undefined;
};

/** A row that says nothing we know gives no right. */
const toAssignment = (row: Row<'role_assignment'>): RoleAssignment[] => {
  const scope = toScope(row.scope_kind, row.scope_value);
  return scope && isRole(row.role) ? [{ role: row.role, scope }] : [];
};

const scopeValue = (scope: Scope): string | null => {
  if (scope.kind === 'everything') return null;
  return scope.kind === 'folder' ? scope.folder : scope.planId;
};

const toToken = (row: Row<'access_token'>): TokenRecord => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  hash: row.token_hash,
  ...(row.assignments === null ? {} : { assignments: JSON.parse(row.assignments) }),
  createdAt: row.created_at,
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
});

const toTokenRow = (token: TokenRecord): Row<'access_token'> => ({
  id: token.id,
  user_id: token.userId,
  name: token.name,
  token_hash: token.hash,
  assignments: token.assignments ? JSON.stringify(token.assignments) : null,
  created_at: token.createdAt,
  expires_at: token.expiresAt ?? null,
  last_used_at: token.lastUsedAt ?? null,
});

const readUsers = async ({ queries }: ConfigurationDatabase): Promise<UserRecord[]> => {
  const rows = await queries.selectFrom('user_account').selectAll().execute();
  const assignments = await queries
    .selectFrom('role_assignment')
    .selectAll()
    .orderBy('user_id')
    .orderBy('position')
    .execute();
  const byUser = Map.groupBy(assignments, ({ user_id }) => user_id);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    assignments: (byUser.get(row.id) ?? []).flatMap(toAssignment),
    createdAt: row.created_at,
  }));
};

export const openDirectory = async (
  database: ConfigurationDatabase,
  clock: () => number,
): Promise<Directory> => {
  const users = new Map((await readUsers(database)).map((user) => [user.id, user]));
  const keys = new Map([...users.values()].map(({ id, name }) => [toNameKey(name), id]));
  const tokenRows = await database.queries.selectFrom('access_token').selectAll().execute();
  const tokens = new Map(tokenRows.map(toToken).map((token) => [token.hash, token]));

  const saveUser = async (user: UserRecord): Promise<void> => {
    const { id, name, passwordHash, assignments, createdAt } = user;
    const row = {
      id,
      name,
      name_key: toNameKey(name),
      password_hash: passwordHash,
      created_at: createdAt,
      updated_at: clock(),
    };
    await database.transaction(async (transaction) => {
      await transaction
        .insertInto('user_account')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
      await transaction.deleteFrom('role_assignment').where('user_id', '=', id).execute();
      const rows = assignments.map(({ role, scope }, position) => ({
        user_id: id,
        position,
        role,
        scope_kind: scope.kind,
        scope_value: scopeValue(scope),
      }));
      if (rows.length === 0) return;
      await transaction.insertInto('role_assignment').values(rows).execute();
    });
    users.set(id, user);
    keys.set(toNameKey(name), id);
  };

  const replaceHash = async (user: UserRecord, passwordHash: string): Promise<void> => {
    await database.transaction((transaction) =>
      transaction
        .updateTable('user_account')
        .set({ password_hash: passwordHash })
        .where('id', '=', user.id)
        .where('password_hash', '=', user.passwordHash)
        .execute(),
    );
    const now = users.get(user.id);
    if (now?.passwordHash === user.passwordHash) users.set(user.id, { ...now, passwordHash });
  };

  const deleteUser = async (id: string): Promise<void> => {
    await database.transaction((transaction) =>
      transaction.deleteFrom('user_account').where('id', '=', id).execute(),
    );
    keys.delete(toNameKey(users.get(id)?.name ?? ''));
    users.delete(id);
    for (const token of [...tokens.values()]) {
      if (token.userId === id) tokens.delete(token.hash);
    }
  };

  const saveToken = async (token: TokenRecord): Promise<void> => {
    const row = toTokenRow(token);
    await database.transaction((transaction) =>
      transaction.insertInto('access_token').values(row).execute(),
    );
    tokens.set(token.hash, token);
  };

  const deleteToken = async (id: string): Promise<void> => {
    await database.transaction((transaction) =>
      transaction.deleteFrom('access_token').where('id', '=', id).execute(),
    );
    for (const token of [...tokens.values()]) {
      if (token.id === id) tokens.delete(token.hash);
    }
  };

  return {
    users: () =>
      [...keys]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .flatMap(([, id]) => users.get(id) ?? []),
    userByKey: (key) => users.get(keys.get(key) ?? ''),
    userById: (id) => users.get(id),
    tokens: () => [...tokens.values()],
    tokenByHash: (hash) => tokens.get(hash),
    saveUser,
    replaceHash,
    deleteUser,
    saveToken,
    deleteToken,
  };
};
