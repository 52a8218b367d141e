/** The command line's side of the control socket: `Operations` carried out by the running server. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { CallName, Calls, Operations, RecordSearch } from '../../operations/index.ts';
import { encodeBatch, error, errorFromWire, PATHS, type SearchLine } from './protocol.ts';

/** A server that is there answers at once; one that is stopped or hangs never does. */
const PING_TIMEOUT_MS = 10_000;

const NO_SERVER = new Set(['ENOENT', 'ECONNREFUSED']);

/**
 * Connects to the server of a data folder; undefined when none listens there, or what listens does not answer.
 *
 * @throws CONTROL_UNREACHABLE when something listens but this account may not talk to it.
 */
export const connectOperations = async (socketPath: string): Promise<Operations | undefined> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });

  const post = (path: string, body: Buffer, signal?: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          socketPath,
          path,
          method: 'POST',
          agent,
          headers: { 'content-length': body.length },
          ...(signal ? { signal } : {}),
        },
        resolve,
      );
      request.on('error', reject);
      request.end(body);
    });

  const exchange = async <Result>(path: string, body: Buffer): Promise<Result> => {
    const response = await post(path, body).catch((cause: NodeJS.ErrnoException) => {
      throw error('CONTROL_UNREACHABLE', { path: socketPath, reason: cause.message }, { cause });
    });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (cause) {
      throw error('CONTROL_BROKEN', {}, { cause });
    }
    const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (answer.error) throw errorFromWire(answer.error);
    return answer.result as Result;
  };

  const call = <Name extends CallName>(
    name: Name,
    args: Calls[Name]['args'],
  ): Promise<Calls[Name]['result']> =>
    exchange(PATHS.call, Buffer.from(JSON.stringify({ name, args })));

  async function* search(request: RecordSearch, signal?: AbortSignal) {
    const response = await post(PATHS.search, Buffer.from(JSON.stringify(request)), signal);
    // A connection that breaks ends the lines early; the missing last line says so.
    response.on('error', () => {});
    try {
      for await (const text of createInterface({ input: response })) {
        const line = JSON.parse(text) as SearchLine;
        if ('error' in line) throw errorFromWire(line.error);
        if ('end' in line) return;
        yield line.records;
      }
    } finally {
      response.destroy();
    }
    throw error('CONTROL_BROKEN');
  }

  const operations: Operations = {
    submit: (batch) => exchange(PATHS.batches, encodeBatch(batch)),
    search,
    call,
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };

  const silent = AbortSignal.timeout(PING_TIMEOUT_MS);
  try {
    const probe = await post(PATHS.ping, Buffer.alloc(0), silent);
    probe.resume();
    return operations;
  } catch (cause) {
    agent.destroy();
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (NO_SERVER.has(code) || silent.aborted) return undefined;
    throw error('CONTROL_UNREACHABLE', { path: socketPath, reason: message }, { cause });
  }
};
