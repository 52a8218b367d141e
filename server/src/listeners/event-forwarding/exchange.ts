/** One request and what becomes known of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Route, routeOf } from './routes.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route | undefined;
  /** Of the client. */
  readonly address: string;
  readonly startedAt: number;
  /** Filled in as the request proceeds, for telemetry. */
  readonly facts: {
    machine?: string;
    kind?: string;
    events?: number;
    unverified?: number;
    bodyBytes?: number;
    error?: unknown;
  };
}

/** How a socket that listens for both families writes an IPv4 address (RFC 4291, 2.5.5.2). */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

export const addressOf = (socket: { readonly remoteAddress?: string | undefined }): string =>
  (socket.remoteAddress ?? '').replace(MAPPED_IPV4, '');

export const openExchange = (request: IncomingMessage, response: ServerResponse): Exchange => ({
  request,
  response,
  route: routeOf(request.url ?? ''),
  address: addressOf(request.socket),
  startedAt: performance.now(),
  facts: {},
});
