/** How much of the machine the embedded engine takes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/** Of a statement with its parameters; row data goes another way. */
export const STATEMENT_BYTES_MAX = 256 * MIB;

/** Server settings of ClickHouse; sized for two cores beside the server itself, and for tens of millions of records. */
const SERVER_SETTINGS: Readonly<Record<string, number>> = {
  mark_cache_size: 128 * MIB,
  primary_index_cache_size: 64 * MIB,
  index_mark_cache_size: 64 * MIB,
  index_uncompressed_cache_size: 64 * MIB,
  uncompressed_cache_size: 0,
  mmap_cache_size: 0,
  compiled_expression_cache_size: 16 * MIB,
  query_condition_cache_size: 32 * MIB,
  background_pool_size: 2,
  background_merges_mutations_concurrency_ratio: 2,
  background_move_pool_size: 1,
  background_fetches_pool_size: 1,
  background_common_pool_size: 2,
  background_buffer_flush_schedule_pool_size: 1,
  background_schedule_pool_size: 4,
  background_message_broker_schedule_pool_size: 1,
  background_distributed_schedule_pool_size: 1,
  tables_loader_foreground_pool_size: 2,
  tables_loader_background_pool_size: 2,
  max_thread_pool_size: 256,
  max_io_thread_pool_size: 16,
};

export const connectionArguments = (options: {
  readonly runtimeFolder: string;
  readonly memoryBytesMax: number;
}): readonly string[] => {
  const settings = { ...SERVER_SETTINGS, max_server_memory_usage: options.memoryBytesMax };
  const path = join(options.runtimeFolder, 'engine.xml');
  const lines = Object.entries(settings).map(([name, value]) => `  <${name}>${value}</${name}>`);
  writeFileSync(path, `<clickhouse>\n${lines.join('\n')}\n</clickhouse>\n`, { mode: 0o600 });
  return [`--config-file=${path}`, `--max_query_size=${STATEMENT_BYTES_MAX}`];
};
