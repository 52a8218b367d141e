/**
 * Kysely on Node's built-in SQLite. Kysely's SQLite dialect is written for better-sqlite3; this gives it the few
 * calls it makes, by `node:sqlite`. Kysely serialises all work on the dialect's single connection itself.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { SqliteDialect } from 'kysely';

/** node:sqlite takes no booleans; their portable form here is 0 and 1. */
const toInput = (value: unknown): SQLInputValue =>
  typeof value === 'boolean' ? Number(value) : (value as SQLInputValue);

export const createNodeSqliteDialect = (database: DatabaseSync): SqliteDialect =>
  new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare: (sql) => {
        const statement = database.prepare(sql);
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...parameters.map(toInput)),
          run: (parameters) => statement.run(...parameters.map(toInput)),
          iterate: (parameters) => statement.iterate(...parameters.map(toInput)),
        };
      },
    },
  });
