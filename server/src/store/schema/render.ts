/** Fills the placeholders of a migration for the embedded engine or for a cluster. */

export interface SchemaTarget {
  readonly database: string;
  /** Name of the cluster; absent: one node, no replication. */
  readonly cluster?: string;
}

/** Replicated tables remember the tokens of inserts by themselves; plain ones must be told to. */
const TOKENS_REMEMBERED = 10_000;

const replicated = (database: string, table: string): string =>
  `ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${database}/${table}_local', '{replica}')`;

/** On a cluster each shard holds `x_local`, and `x` is what is asked and written. */
export const renderStatement = (statement: string, target: SchemaTarget): readonly string[] => {
  const { database, cluster } = target;
  const table = /\{replacing:(\w+)\}/.exec(statement)?.[1];
  const filled = (engine: string) =>
    statement
      .replaceAll('{onCluster}', cluster === undefined ? '' : ` ON CLUSTER ${cluster}`)
      .replaceAll(
        '{window}',
        cluster === undefined ? `, non_replicated_deduplication_window = ${TOKENS_REMEMBERED}` : '',
      )
      .replace(/\{replacing:\w+\}/, engine)
      .replaceAll('{database}', database);
  if (cluster === undefined || table === undefined) return [filled('ReplacingMergeTree')];
  const local = filled(replicated(database, table)).replace(
    `${database}.${table} ON CLUSTER`,
    `${database}.${table}_local ON CLUSTER`,
  );
  return [
    local,
    `CREATE TABLE IF NOT EXISTS ${database}.${table} ON CLUSTER ${cluster} AS ${database}.${table}_local ENGINE = Distributed(${cluster}, ${database}, ${table}_local, ${SHARD_KEY[table] ?? 'cityHash64(rid)'})`,
  ];
};

/** A record always comes to the same shard, so that a repeat meets its first. */
const SHARD_KEY: Readonly<Record<string, string>> = {
  activity: 'cityHash64(rid_hash)',
  archive_only: 'cityHash64(rid_hash)',
  arrival: 'sequence',
  schema_migration: 'version',
};
