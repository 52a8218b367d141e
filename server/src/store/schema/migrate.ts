/** Brings the database to the program's schema; refuses one that is ahead of it. */
import type { EngineClient } from '../engine-client.ts';
import { storeError } from '../errors.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { renderStatement, type SchemaTarget } from './render.ts';

export const migrate = async (
  client: EngineClient,
  target: SchemaTarget & { readonly clock: () => number },
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> => {
  const { database, cluster } = target;
  const onCluster = cluster === undefined ? '' : ` ON CLUSTER ${cluster}`;
  const known = migrations.at(-1)?.version ?? 0;
  await client.command(`CREATE DATABASE IF NOT EXISTS ${database}${onCluster}`);
  for (const statement of renderStatement(APPLIED, target)) await client.command(statement);
  const [row] = await client.rows<[number]>(
    `SELECT max(version) FROM ${database}.schema_migration`,
  );
  const found = row?.[0] ?? 0;
  if (found > known) throw storeError('STORE_SCHEMA_NEWER', { found, known });
  for (const { version, statements } of migrations) {
    if (version <= found) continue;
    for (const statement of statements) {
      for (const rendered of renderStatement(statement, target)) await client.command(rendered);
    }
    // Written last: a step that broke off is run again.
    await client.command(
      `INSERT INTO ${database}.schema_migration (version, applied_at) SELECT {version:UInt32}, fromUnixTimestamp64Milli({at:Int64})`,
      { parameters: { version, at: target.clock() } },
    );
  }
};

const APPLIED = `CREATE TABLE IF NOT EXISTS {database}.schema_migration{onCluster} (
  version UInt32,
  applied_at DateTime64(3, 'UTC')
) ENGINE = {replacing:schema_migration}
ORDER BY version`;
