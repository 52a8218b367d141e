/** One request and what is known of it before anybody is asked. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Endpoint, parametersOf } from './endpoints.ts';
import { type Format, formatOf } from './request-format.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly endpoint: Endpoint | undefined;
  readonly method: string;
  readonly parameters: URLSearchParams;
  readonly format: Format;
  /** Of the client. */
  readonly address: string;
  /** Aborted when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
  readonly startedAt: number;
  /** Filled in as the request proceeds, for telemetry. */
  readonly facts: { userName?: string; records?: number; bodyBytes?: number; error?: Error };
}

/** How a socket that listens for both families writes an IPv4 address (RFC 4291, 2.5.5.2). */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

export const openExchange = (
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: Endpoint | undefined,
): Exchange => {
  const method = request.method ?? '';
  const parameters = parametersOf(request.url ?? '');
  const contentType = request.headers['content-type'];
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    request,
    response,
    endpoint,
    method,
    parameters,
    format: formatOf({ endpoint: endpoint?.id, method, parameters, contentType }),
    address: (request.socket.remoteAddress ?? '').replace(MAPPED_IPV4, ''),
    signal: gone.signal,
    startedAt: performance.now(),
    facts: {},
  };
};
