/**
 * The schema's history. A published migration never changes; a new need is a new number at the end. Each is
 * idempotent and runs in its own transaction together with the note that it ran.
 */
import { type Kysely, sql } from 'kysely';
import { error } from './errors.ts';
import type { ConfigurationTables } from './schema.ts';

type Queries = Kysely<ConfigurationTables>;

export interface Migration {
  readonly name: string;
  readonly up: (queries: Queries) => Promise<void>;
}

const createPlans = async (queries: Queries): Promise<void> => {
  await queries.schema
    .createTable('plan')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('folder', 'text')
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    .addColumn('account_name', 'text')
    .addColumn('account_secret', 'text')
    .addColumn('retention_days', 'integer')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema
    .createTable('plan_source')
    .ifNotExists()
    .addColumn('plan_id', 'text', (column) =>
      column.notNull().references('plan.id').onDelete('cascade'),
    )
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('plan_source_key', ['plan_id', 'source'])
    .execute();
  await queries.schema
    .createTable('plan_item')
    .ifNotExists()
    .addColumn('plan_id', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('is_enabled', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('plan_item_key', ['plan_id', 'source', 'position'])
    .addForeignKeyConstraint(
      'plan_item_source',
      ['plan_id', 'source'],
      'plan_source',
      ['plan_id', 'source'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
};

const createUsers = async (queries: Queries): Promise<void> => {
  await queries.schema
    .createTable('user_account')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema
    .createTable('role_assignment')
    .ifNotExists()
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('user_account.id').onDelete('cascade'),
    )
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('scope_kind', 'text', (column) => column.notNull())
    .addColumn('scope_value', 'text')
    .addPrimaryKeyConstraint('role_assignment_key', ['user_id', 'position'])
    .execute();
  await queries.schema
    .createTable('access_token')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('user_account.id').onDelete('cascade'),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('assignments', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .execute();
};

/** Number of a migration: its place in this list, from 1. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'plans', up: createPlans },
  { name: 'users, roles and tokens', up: createUsers },
];

/** Brings the schema up to date; returns the versions before and after. Throws CONFIGURATION_DATABASE_NEWER. */
export const migrate = async (
  queries: Queries,
  clock: () => number,
): Promise<{ before: number; after: number }> => {
  await queries.schema
    .createTable('schema_version')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute();
  const { before } = await queries
    .selectFrom('schema_version')
    .select(sql<number>`coalesce(max(version), 0)`.as('before'))
    .executeTakeFirstOrThrow();
  const known = MIGRATIONS.length;
  if (before > known) throw error('CONFIGURATION_DATABASE_NEWER', { found: before, known });
  for (const [index, { name, up }] of MIGRATIONS.entries()) {
    if (index < before) continue;
    await queries.transaction().execute(async (transaction) => {
      await up(transaction);
      await transaction
        .insertInto('schema_version')
        .values({ version: index + 1, name, applied_at: clock() })
        .execute();
    });
  }
  return { before, after: known };
};
