/** The one way to the engine, embedded or cluster: `@clickhouse/client`, its errors turned into ours here and only here. */
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client';
import { WitnessError } from '@witness/record';
import { storeError, throwIfCancelled } from './errors.ts';

export type EngineAddress =
  | { readonly socketPath: string }
  | { readonly url: string; readonly username: string; readonly password: string };

export type QueryParameters = Readonly<Record<string, unknown>>;
export type QuerySettings = Readonly<Record<string, string | number>>;

export interface QueryOptions {
  readonly parameters?: QueryParameters;
  readonly settings?: QuerySettings;
  readonly signal?: AbortSignal | undefined;
}

export interface EngineClient extends AsyncDisposable {
  /** Rows as arrays of values in the order of the SELECT list. */
  rows<Row extends readonly unknown[]>(sql: string, options?: QueryOptions): Promise<Row[]>;
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** `INSERT INTO table (columns)`; the bytes are rows in RowBinary. */
  insert(into: string, rows: Uint8Array, settings: QuerySettings): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 300_000;
const CONNECTIONS_MAX = 16;

type Code = Parameters<typeof storeError>[0];

/** ClickHouse's error numbers: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
const CODE_BY_NUMBER: Readonly<Record<string, Code>> = {
  243: 'STORE_DISK_FULL',
  394: 'STORE_CANCELLED',
  159: 'STORE_TIMEOUT',
  209: 'STORE_TIMEOUT',
  241: 'STORE_BUSY',
  202: 'STORE_BUSY',
  252: 'STORE_BUSY',
  210: 'STORE_ENGINE_AWAY',
  236: 'STORE_ENGINE_AWAY',
  242: 'STORE_ENGINE_AWAY',
  279: 'STORE_ENGINE_AWAY',
  999: 'STORE_ENGINE_AWAY',
  497: 'STORE_ACCESS_DENIED',
  516: 'STORE_ACCESS_DENIED',
  ...Object.fromEntries(
    [16, 36, 42, 43, 44, 46, 47, 53, 60, 62, 70, 81, 115, 386, 456, 457].map((number) => [
      number,
      'STORE_QUERY_REFUSED',
    ]),
  ),
};

const NO_SPACE = /No space left on device|ENOSPC|errno: 28\b/;
const REASON_LENGTH_MAX = 500;

/** Every failure of the engine or of the way to it becomes a WitnessError here. */
export const toStoreError = (cause: unknown, signal?: AbortSignal): WitnessError => {
  if (cause instanceof WitnessError) return cause;
  if (signal?.aborted) return storeError('STORE_CANCELLED', {}, { cause });
  const text = cause instanceof Error ? cause.message : String(cause);
  const reason = text.slice(0, REASON_LENGTH_MAX);
  if (NO_SPACE.test(text)) return storeError('STORE_DISK_FULL', {}, { cause });
  if (cause instanceof ClickHouseError) {
    return storeError(CODE_BY_NUMBER[cause.code] ?? 'STORE_ENGINE_ERROR', { reason }, { cause });
  }
  // The client rejects with this text when its request timeout passes.
  if (/^Timeout error/.test(text)) return storeError('STORE_TIMEOUT', {}, { cause });
  return storeError('STORE_ENGINE_AWAY', { reason }, { cause });
};

/** The client takes an agent of ours; this one connects to the engine's socket whatever the URL says. */
class SocketAgent extends Agent {
  readonly #path: string;

  constructor(path: string) {
    super({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
    this.#path = path;
  }

  override createConnection(): Socket {
    return connect(this.#path);
  }
}

const clientFor = (address: EngineAddress): ClickHouseClient => {
  const common = {
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: CONNECTIONS_MAX,
    use_multipart_params_auto: true,
    application: 'witness',
    // What went wrong is in the error; who made the call says it.
    log: { level: ClickHouseLogLevel.OFF },
  };
  return 'socketPath' in address
    ? createClient({
        ...common,
        url: 'http://localhost',
        http_agent: new SocketAgent(address.socketPath),
      })
    : createClient({
        ...common,
        url: address.url,
        username: address.username,
        password: address.password,
      });
};

export const createEngineClient = (address: EngineAddress): EngineClient => {
  const client = clientFor(address);
  const attempt = async <Value>(signal: AbortSignal | undefined, run: () => Promise<Value>) => {
    throwIfCancelled(signal);
    try {
      return await run();
    } catch (cause) {
      throw toStoreError(cause, signal);
    }
  };
  const optionsOf = ({ parameters, settings, signal }: QueryOptions) => ({
    ...(parameters && { query_params: { ...parameters } }),
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 as const, ...settings },
    ...(signal && { abort_signal: signal }),
  });

  return {
    rows: <Row extends readonly unknown[]>(sql: string, options: QueryOptions = {}) =>
      attempt(options.signal, async () => {
        const result = await client.query({
          query: sql,
          format: 'JSONCompactEachRow',
          ...optionsOf(options),
        });
        const text = await result.text();
        // One parse of all rows; line breaks inside values are escaped in this format.
        return JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as Row[];
      }),
    command: (sql, options = {}) =>
      attempt(options.signal, async () => {
        await client.command({ query: sql, ...optionsOf(options) });
      }),
    insert: (into, rows, settings) =>
      attempt(undefined, async () => {
        const { stream } = await client.exec({
          query: `${into} FORMAT RowBinary`,
          values: Readable.from([rows], { objectMode: false }),
          clickhouse_settings: { ...settings },
        });
        stream.resume();
        await new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject));
      }),
    [Symbol.asyncDispose]: () => client.close(),
  };
};
