/** The running server's side of the control socket. Whoever may open the socket file is the administrator. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { WitnessError } from '@witness/record';
import type { CallName, Operations } from '../../operations/index.ts';
import type { Emit } from '../../telemetry/index.ts';
import {
  BATCH_BYTES_MAX,
  CALL_BYTES_MAX,
  decodeBatch,
  error,
  errorToWire,
  PATHS,
  type SearchLine,
} from './protocol.ts';

export interface LocalControlOptions {
  readonly socketPath: string;
  readonly operations: Operations;
  readonly emit: Emit;
}

export interface LocalControl {
  listen(): Promise<void>;
  close(): Promise<void>;
}

const readBody = async (request: IncomingMessage, bytesMax: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw error('CONTROL_REQUEST_INVALID', { reason: 'body too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
};

const readJson = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const body = await readBody(request, CALL_BYTES_MAX);
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw error('CONTROL_REQUEST_INVALID', { reason: 'body is not JSON' }, { cause });
  }
  throw error('CONTROL_REQUEST_INVALID', { reason: 'body is not an object' });
};

const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  const body = Buffer.from(JSON.stringify(value) ?? 'null');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
};

type Handler = (
  operations: Operations,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

const call: Handler = async (operations, request, response) => {
  const { name, args } = await readJson(request);
  const result = await operations.call(name as CallName, args as never);
  sendJson(response, 200, { result });
};

const submit: Handler = async (operations, request, response) => {
  const batch = decodeBatch(await readBody(request, BATCH_BYTES_MAX));
  sendJson(response, 200, { result: await operations.submit(batch) });
};

/** Writes one line and waits while the reader is slower than the search. */
const writeLine = async (response: ServerResponse, line: SearchLine): Promise<void> => {
  if (response.write(`${JSON.stringify(line)}\n`) || response.destroyed) return;
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
};

const search: Handler = async (operations, request, response) => {
  const { text, limit } = await readJson(request);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  try {
    const found = operations.search(
      { text: String(text ?? ''), ...(typeof limit === 'number' ? { limit } : {}) },
      gone.signal,
    );
    for await (const records of found) await writeLine(response, { records });
    await writeLine(response, { end: true });
  } catch (thrown) {
    if (gone.signal.aborted) return;
    await writeLine(response, { error: errorToWire(thrown) });
  }
  response.end();
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  [PATHS.ping]: async (_operations, _request, response) => sendJson(response, 200, {}),
  [PATHS.call]: call,
  [PATHS.batches]: submit,
  [PATHS.search]: search,
};

export const createLocalControl = ({
  socketPath,
  operations,
  emit,
}: LocalControlOptions): LocalControl => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const handler = request.method === 'POST' ? HANDLERS[request.url ?? ''] : undefined;
    try {
      if (!handler) throw error('CONTROL_REQUEST_INVALID', { reason: 'no such path' });
      await handler(operations, request, response);
    } catch (thrown) {
      if (!(thrown instanceof WitnessError)) {
        emit({
          name: 'local-control.failed',
          level: 'error',
          message: 'A command could not be carried out',
          error: thrown,
        });
      }
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { error: errorToWire(thrown) });
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.requestTimeout = 0;
  const isPipe = process.platform === 'win32';

  return {
    listen: async () => {
      if (!isPipe) {
        mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
        // A socket file left by a killed server; the data folder's lock says that nobody listens on it.
        rmSync(socketPath, { force: true });
      }
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(socketPath, resolve);
      });
      if (!isPipe) chmodSync(socketPath, 0o600);
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
};
