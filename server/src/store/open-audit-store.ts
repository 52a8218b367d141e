/** Opens the audit database: the embedded engine in a data folder, or a ClickHouse cluster by URL. */
import type { Emit } from '../telemetry/index.ts';
import type { AuditStore, RejectedEvent, SourceSummary } from './audit-store.ts';
import { compileCondition } from './compile-condition.ts';
import { startEngineProcess } from './engine/engine-process.ts';
import { createEngineClient, type EngineClient, type QuerySettings } from './engine-client.ts';
import { enumerateRecords } from './enumerate-records.ts';
import { storeError } from './errors.ts';
import { createBatchWriter } from './insert-batch.ts';
import { migrate } from './schema/migrate.ts';
import { type ReadContext, searchRecords } from './search-records.ts';

export type EngineChoice =
  | { readonly kind: 'embedded'; readonly folder: string }
  | {
      readonly kind: 'cluster';
      /** `http://` or `https://` address of any node. */
      readonly url: string;
      readonly database: string;
      readonly username: string;
      readonly password: string;
      /** Name of the cluster; absent: a single server. */
      readonly cluster?: string;
    };

export interface StoreLimits {
  /** What the embedded engine may take in all. */
  readonly memoryBytesMax: number;
  /** Free disk space under which the embedded engine merges nothing. */
  readonly freeBytesMin: number;
  readonly queryMemoryBytesMax: number;
  readonly queryTimeoutMs: number;
  readonly queryThreadsMax: number;
}

const DEFAULT_LIMITS: StoreLimits = {
  memoryBytesMax: 3 * 1024 ** 3,
  freeBytesMin: 512 * 1024 ** 2,
  queryMemoryBytesMax: 1024 ** 3,
  queryTimeoutMs: 120_000,
  queryThreadsMax: 2,
};

export interface StoreOptions {
  readonly engine: EngineChoice;
  readonly emit: Emit;
  readonly clock: () => number;
  /** Keep the raw event of each record beside it. */
  readonly keepRawEvents?: boolean;
  readonly limits?: Partial<StoreLimits>;
}

const EMBEDDED_DATABASE = 'witness';

const assertName = (what: string, value: string): string => {
  if (!/^[A-Za-z_]\w*$/.test(value)) throw storeError('STORE_ADDRESS_INVALID', { what, value });
  return value;
};

const assertUrl = (value: string): string => {
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw storeError('STORE_ADDRESS_INVALID', { what: 'cluster address', value });
  }
  return value;
};

interface Connected extends AsyncDisposable {
  readonly client: EngineClient;
  readonly database: string;
  readonly cluster?: string;
}

const connect = async (options: StoreOptions, limits: StoreLimits): Promise<Connected> => {
  const { engine, emit } = options;
  if (engine.kind === 'cluster') {
    const { url, username, password, cluster } = engine;
    const database = assertName('database name', engine.database);
    const client = createEngineClient({ url: assertUrl(url), username, password });
    return {
      client,
      database,
      ...(cluster !== undefined && { cluster: assertName('cluster name', cluster) }),
      [Symbol.asyncDispose]: async () => client[Symbol.asyncDispose](),
    };
  }
  const { folder } = engine;
  const process = await startEngineProcess({
    folder,
    memoryBytesMax: limits.memoryBytesMax,
    freeBytesMin: limits.freeBytesMin,
    emit,
  });
  const client = createEngineClient({ socketPath: process.socketPath });
  return {
    client,
    database: EMBEDDED_DATABASE,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await process[Symbol.asyncDispose]();
    },
  };
};

const readSettings = (limits: StoreLimits): QuerySettings => ({
  max_threads: limits.queryThreadsMax,
  max_execution_time: limits.queryTimeoutMs / 1000,
  max_memory_usage: limits.queryMemoryBytesMax,
  // Conditions are searches in texts: nothing to gain from machine code, whose making takes longer than most answers.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  max_query_size: 64 * 1024 * 1024,
  max_ast_elements: 1_000_000,
  max_expanded_ast_elements: 4_000_000,
  max_ast_depth: 10_000,
  max_parser_depth: 10_000,
});

export const openAuditStore = async (options: StoreOptions): Promise<AuditStore> => {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connected = await connect(options, limits);
  const { client, database, cluster } = connected;
  try {
    await migrate(client, {
      database,
      clock: options.clock,
      ...(cluster !== undefined && { cluster }),
    });
  } catch (error) {
    await connected[Symbol.asyncDispose]();
    throw error;
  }
  const context: ReadContext = { client, database, settings: readSettings(limits) };
  const writer = createBatchWriter({
    client,
    database,
    keepRawEvents: options.keepRawEvents ?? false,
    settings: context.settings,
  });
  return createEngineStore({
    context,
    writer,
    cluster,
    close: async () => connected[Symbol.asyncDispose](),
  });
};

const createEngineStore = (parts: {
  readonly context: ReadContext;
  readonly writer: ReturnType<typeof createBatchWriter>;
  readonly cluster: string | undefined;
  readonly close: () => Promise<void>;
}): AuditStore => {
  const { context, writer } = parts;
  const { client, database, settings } = context;
  const local = parts.cluster === undefined ? '' : '_local';
  const onCluster = parts.cluster === undefined ? '' : ` ON CLUSTER ${parts.cluster}`;

  /** Partitions of a table that end before this moment, by the times really in them. */
  const partitionsBefore = (table: string, when: number) =>
    client.rows<[string, number]>(
      `SELECT _partition_id, count() FROM ${database}.${table}
       GROUP BY _partition_id HAVING max(ts) < fromUnixTimestamp64Milli({when:Int64}, 'UTC')`,
      { parameters: { when }, settings },
    );

  const dropPartitions = async (table: string, when: number): Promise<number> => {
    let records = 0;
    for (const [id, count] of await partitionsBefore(table, when)) {
      await client.command(
        `ALTER TABLE ${database}.${table}${local}${onCluster} DROP PARTITION ID '${id.replace(/\W/g, '')}'`,
      );
      records += count;
    }
    return records;
  };

  const counted = async (table: string): Promise<number> => {
    const [row] = await client.rows<[number]>(`SELECT count() FROM ${database}.${table}`, {
      settings,
    });
    return row?.[0] ?? 0;
  };

  return {
    insert: (batch) => writer.insert(batch),
    search: (request) => searchRecords(context, request),
    enumerate: (request) =>
      enumerateRecords({ ...context, unfinishedFrom: writer.unfinishedFrom }, request),
    count: async ({ where, visible, signal }) => {
      const compiled = compileCondition(where, visible);
      const [row] = await client.rows<[number]>(
        `SELECT count() FROM ${database}.activity WHERE ${compiled.sql}`,
        { parameters: compiled.parameters, settings, signal },
      );
      return row?.[0] ?? 0;
    },
    rawEvent: async (rid) => {
      const [row] = await client.rows<[string, string]>(
        `SELECT input, base64Encode(bytes) FROM ${database}.raw_event WHERE rid = {rid:String} LIMIT 1`,
        { parameters: { rid }, settings },
      );
      return row && { input: row[0], bytes: new Uint8Array(Buffer.from(row[1], 'base64')) };
    },
    rejectedEvent: async (rid): Promise<RejectedEvent | undefined> => {
      const [row] = await client.rows<[number, string, string, string, string]>(
        `SELECT toUnixTimestamp64Milli(ts), input, code, reason, base64Encode(bytes)
         FROM ${database}.rejected_event WHERE rid = {rid:String} LIMIT 1`,
        { parameters: { rid }, settings },
      );
      if (!row) return undefined;
      const [when, input, code, reason, bytes] = row;
      return {
        rid,
        when,
        input,
        code,
        reason,
        bytes: new Uint8Array(Buffer.from(bytes, 'base64')),
      };
    },
    lastSequence: async () => {
      const [row] = await client.rows<[string]>(
        `SELECT toString(greatest((SELECT max(sequence) FROM ${database}.activity), (SELECT max(sequence) FROM ${database}.archive_only)))`,
        { settings },
      );
      return BigInt(row?.[0] ?? '0');
    },
    summary: async () => {
      const [sources, records, rejected, archiveOnly, [size]] = await Promise.all([
        client.rows<[string, number, number]>(
          `SELECT data_source, count(), toUnixTimestamp64Milli(max(ts)) FROM ${database}.activity
           GROUP BY data_source ORDER BY data_source`,
          { settings },
        ),
        counted('activity'),
        counted('rejected_event'),
        counted('archive_only'),
        client.rows<[number]>(
          `SELECT sum(bytes_on_disk) FROM ${systemTable('parts', parts.cluster)} WHERE database = {database:String} AND active`,
          { parameters: { database }, settings },
        ),
      ]);
      return {
        records,
        rejected,
        archiveOnly,
        bytesOnDisk: size?.[0] ?? 0,
        sources: sources.map(
          ([dataSource, count, newestWhen]): SourceSummary => ({
            dataSource,
            records: count,
            newestWhen,
          }),
        ),
      };
    },
    dropBefore: async (when) => {
      for (const table of ['raw_event', 'rejected_event', 'archive_only', 'arrival']) {
        await dropPartitions(table, when);
      }
      return dropPartitions('activity', when);
    },
    ping: async () => {
      await client.rows('SELECT 1', { settings: { max_execution_time: 10 } });
    },
    [Symbol.asyncDispose]: parts.close,
  };
};

/** On a cluster the replicas of all shards are asked. */
const systemTable = (name: string, cluster: string | undefined): string =>
  cluster === undefined ? `system.${name}` : `clusterAllReplicas('${cluster}', system.${name})`;
