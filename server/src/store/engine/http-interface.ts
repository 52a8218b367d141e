/**
 * The part of ClickHouse's HTTP interface that `@clickhouse/client` uses, answered by the engine of this process.
 * Results are whole: who asks bounds them by LIMIT. See https://clickhouse.com/docs/interfaces/http.
 */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { engineFailure } from './engine-failure.ts';
import { type EngineRequest, readEngineRequest } from './http-request.ts';
import { quote, type SessionPool } from './session-pool.ts';

/** As ClickHouse answers; every other code is 500. */
const STATUS_BY_CODE: Readonly<Record<number, number>> = {
  46: 404,
  47: 404,
  60: 404,
  81: 404,
  62: 400,
  36: 400,
  43: 400,
  53: 400,
  456: 400,
  159: 408,
  202: 503,
  243: 507,
};

const answerError = (response: ServerResponse, error: unknown): void => {
  const failure = engineFailure(error);
  if (response.headersSent) return void response.destroy();
  response.writeHead(STATUS_BY_CODE[failure.engineCode] ?? 500, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(failure.engineCode),
  });
  response.end(`${failure.message}\n`);
};

export const createHttpInterface = (options: {
  readonly pool: SessionPool;
  /** Where the data of an insert waits as a file for the engine to read: in memory where there is such a place. */
  readonly scratchFolder: string;
}): Server => {
  let files = 0;

  const runInsert = async (request: IncomingMessage, { insert, ...statement }: EngineRequest) => {
    const path = join(options.scratchFolder, `insert-${process.pid}-${files++}.bin`);
    try {
      await pipeline(request, createWriteStream(path, { mode: 0o600 }));
      const sql = `${insert?.head} FROM INFILE ${quote(path)} COMPRESSION 'none' FORMAT ${insert?.format}`;
      // An insert whose sender went away is finished all the same: half of it may be stored already.
      return await options.pool.run({ ...statement, sql }, new AbortController().signal);
    } finally {
      await rm(path, { force: true });
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/ping')) return void response.end('Ok.\n');
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const statement = await readEngineRequest(request);
    const result = statement.insert
      ? await runInsert(request, statement)
      : await options.pool.run(statement, gone.signal);
    const bytes = result.bytes();
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': bytes.length,
      'X-ClickHouse-Query-Id': statement.queryId,
      'X-ClickHouse-Summary': JSON.stringify({ read_rows: String(result.rowsRead) }),
    });
    response.end(bytes);
  };

  return createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => answerError(response, error));
  });
};
