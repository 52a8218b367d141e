/** Plans, users, roles and tokens: one small transactional database. One process has it open at a time. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from '@witness/record';
import { Kysely, type Transaction } from 'kysely';
import type { Emit } from '../telemetry/index.ts';
import { error } from './errors.ts';
import { migrate } from './migrations.ts';
import { createNodeSqliteDialect } from './node-sqlite.ts';
import type { ConfigurationTables } from './schema.ts';

export interface ConfigurationDatabase extends AsyncDisposable {
  /** For reading. Must not be awaited inside `transaction`: there is one connection, it would wait for itself. */
  readonly queries: Kysely<ConfigurationTables>;
  /** All of the work or nothing, one transaction at a time. Rejects with CONFIGURATION_DATABASE_FAILED. */
  transaction<Result>(
    work: (transaction: Transaction<ConfigurationTables>) => Promise<Result>,
  ): Promise<Result>;
}

export interface ConfigurationDatabaseOptions {
  /** `:memory:` keeps it in memory, for tests. */
  readonly file: string;
  readonly emit: Emit;
  readonly clock: () => number;
}

const BUSY_TIMEOUT_MS = 5_000;
const MEMORY = ':memory:';
const OWNER_ONLY = 0o600;

/** SQLite gives its write-ahead log and shared memory files the mode of the database file. */
const restrictToOwner = (file: string): void => {
  closeSync(openSync(file, 'a', OWNER_ONLY));
  chmodSync(file, OWNER_ONLY);
};

const connect = (file: string): DatabaseSync => {
  if (file !== MEMORY) restrictToOwner(file);
  const database = new DatabaseSync(file, {
    enableForeignKeyConstraints: true,
    timeout: BUSY_TIMEOUT_MS,
  });
  try {
    // FULL: a committed change survives a power cut also in write-ahead mode.
    database.exec('pragma journal_mode = wal; pragma synchronous = full;');
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
};

const toTyped = (cause: unknown): WitnessError =>
  cause instanceof WitnessError
    ? cause
    : error(
        'CONFIGURATION_DATABASE_FAILED',
        { reason: cause instanceof Error ? cause.message : String(cause) },
        { cause },
      );

/** Throws CONFIGURATION_DATABASE_UNREADABLE or CONFIGURATION_DATABASE_NEWER. */
export const openConfigurationDatabase = async ({
  file,
  emit,
  clock,
}: ConfigurationDatabaseOptions): Promise<ConfigurationDatabase> => {
  const unreadable = (cause: unknown): WitnessError =>
    cause instanceof WitnessError
      ? cause
      : error('CONFIGURATION_DATABASE_UNREADABLE', { file }, { cause });
  let connection: DatabaseSync;
  try {
    connection = connect(file);
  } catch (cause) {
    throw unreadable(cause);
  }
  const queries = new Kysely<ConfigurationTables>({ dialect: createNodeSqliteDialect(connection) });
  try {
    const { before, after } = await migrate(queries, clock);
    emit({
      name: 'plans.database-opened',
      level: 'info',
      message: 'Configuration database opened',
      fields: { file, schemaBefore: before, schema: after },
    });
  } catch (cause) {
    await queries.destroy();
    throw unreadable(cause);
  }
  return {
    queries,
    transaction: async (work) => {
      try {
        return await queries.transaction().execute(work);
      } catch (cause) {
        throw toTyped(cause);
      }
    },
    [Symbol.asyncDispose]: () => queries.destroy(),
  };
};
