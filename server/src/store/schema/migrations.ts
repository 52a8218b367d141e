/**
 * The schema of the audit database, as numbered steps. A step that has been released never changes: add another.
 *
 * Placeholders: `{database}`; `{onCluster}` (empty, or ` ON CLUSTER name`); `{replacing:table}` (the table engine).
 * Each statement is repeatable, because the database has no transactions over definitions.
 *
 * Why it is as it is:
 * - `rid_hash` is the RID's 32 hexadecimal digits and incompressible. It is a FixedString because a UUID sorts by its
 *   second half first and ties must sort as the RID's text does. `rid_delta` is the RID's time minus `ts`: nothing for
 *   collected records, a few bytes for written ones.
 * - `arrival` leads from a place in the order of arrival to a time, where the primary key takes over. It is written
 *   before the records: one that leads nowhere does no harm, a record without one would never be enumerated. (A
 *   projection of both columns takes 10 bytes a record, because it knows no codecs; this takes 1 to 4.)
 * - `present` in details: 1 before, 2 after, 4 message; tells an empty value from an absent one.
 * - One index over all searched text (`lowerUTF8`): n-grams of repeated values cost nothing more, and one index is the
 *   only way to prune `anywhere`. Deciding is left to the query. Five letters and one filter a granule: a file name made of
 *   common words leaves 2 to 19 % of the granules, where four letters and a filter of four granules left 36 to 93 %. A granule
 *   of the simulated estate has some 35,000 different sequences; 12 KiB (6 bytes a record) let one in four pass by chance, so
 *   one granule in two hundred for a word of eight letters that is nowhere.
 * - Granules are small because a page in order of arrival may lie scattered in time.
 */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

const ACTIVITY_COLUMNS = `
  ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  rid_delta Int64 CODEC(Delta(8), ZSTD(1)),
  rid_hash FixedString(16) CODEC(NONE),
  sequence UInt64 CODEC(Delta(8), ZSTD(1)),
  who LowCardinality(String) CODEC(ZSTD(3)),
  who_known_by LowCardinality(String) CODEC(ZSTD(3)),
  action LowCardinality(String) CODEC(ZSTD(3)),
  what String CODEC(ZSTD(3)),
  server LowCardinality(String) CODEC(ZSTD(3)),
  object_type LowCardinality(String) CODEC(ZSTD(3)),
  workstation LowCardinality(Nullable(String)) CODEC(ZSTD(3)),
  data_source LowCardinality(String) CODEC(ZSTD(3)),
  plan_id LowCardinality(String) CODEC(ZSTD(3)),
  plan_name LowCardinality(Nullable(String)) CODEC(ZSTD(3)),
  item LowCardinality(Nullable(String)) CODEC(ZSTD(3)),
  item_type LowCardinality(String) CODEC(ZSTD(3)),
  details Array(Tuple(property LowCardinality(String), before String, after String, message String, present UInt8)) CODEC(ZSTD(3))`;

const SEARCHED = [
  'what',
  ...['property', 'before', 'after', 'message'].map(
    (part) => `arrayStringConcat(details.${part}, '\\n')`,
  ),
  'who',
  'server',
  'object_type',
  "ifNull(workstation, '')",
  'action',
  'data_source',
  "ifNull(item, '')",
];

/** All text that a search looks through, in lower case; queries must name the index by the very same expression. */
export const SEARCH_TEXT = `lowerUTF8(concat(${SEARCHED.join(", '\\n', ")}))`;

const PARTITION = 'intDiv(toUnixTimestamp64Milli(ts) + 259200000 + 604800000000000, 604800000)';

const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1';

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    statements: [
      `CREATE TABLE IF NOT EXISTS {database}.activity{onCluster} (${ACTIVITY_COLUMNS},
  INDEX search_text ${SEARCH_TEXT} TYPE ngrambf_v1(5, 12288, 2, 0) GRANULARITY 1
) ENGINE = {replacing:activity}
PARTITION BY ${PARTITION}
ORDER BY (ts, rid_delta, rid_hash)
SETTINGS index_granularity = 2048, ${DURABLE}{window}`,
      `CREATE TABLE IF NOT EXISTS {database}.arrival{onCluster} (
  sequence UInt64 CODEC(Delta(8), ZSTD(1)),
  ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
) ENGINE = {replacing:arrival}
PARTITION BY ${PARTITION}
ORDER BY sequence
SETTINGS index_granularity = 2048, ${DURABLE}{window}`,
      `CREATE TABLE IF NOT EXISTS {database}.archive_only{onCluster} (${ACTIVITY_COLUMNS}
) ENGINE = {replacing:archive_only}
PARTITION BY ${PARTITION}
ORDER BY (ts, rid_delta, rid_hash)
SETTINGS ${DURABLE}{window}`,
      `CREATE TABLE IF NOT EXISTS {database}.raw_event{onCluster} (
  ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  rid String CODEC(ZSTD(1)),
  input LowCardinality(String) CODEC(ZSTD(3)),
  bytes String CODEC(ZSTD(3))
) ENGINE = {replacing:raw_event}
PARTITION BY ${PARTITION}
ORDER BY rid
SETTINGS index_granularity = 1024, ${DURABLE}{window}`,
      `CREATE TABLE IF NOT EXISTS {database}.rejected_event{onCluster} (
  ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  rid String CODEC(ZSTD(1)),
  input LowCardinality(String) CODEC(ZSTD(3)),
  code LowCardinality(String) CODEC(ZSTD(3)),
  reason String CODEC(ZSTD(3)),
  bytes String CODEC(ZSTD(3))
) ENGINE = {replacing:rejected_event}
PARTITION BY ${PARTITION}
ORDER BY rid
SETTINGS index_granularity = 1024, ${DURABLE}{window}`,
    ],
  },
];
