/** The HTTP or HTTPS server below the conversation: timeouts against slow clients, bounds, who waits for `100 Continue`. */
import { constants } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import type { EventForwardingLimits } from './limits.ts';

export interface ClientTls {
  /** PEM, of the server. */
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
  /** PEM of the authorities that issue the certificates of the computers; their chain up to a root must be whole. */
  readonly clientCa: string | Buffer;
  /** PEM; one for each authority of the chain, and none out of date: without it nobody is let in. */
  readonly crl?: string | Buffer;
}

export const toTlsOptions = ({ key, cert, clientCa, crl }: ClientTls): TlsOptions => ({
  key,
  cert,
  ca: clientCa,
  ...(crl !== undefined && { crl }),
  requestCert: true,
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2',
  // A resumed session would skip the check of expiry and revocation.
  secureOptions: constants.SSL_OP_NO_TICKET,
});

export interface HttpServer {
  readonly server: Server;
  isAwaitingContinue(request: IncomingMessage): boolean;
  /** While it runs nothing is expected of the client, so its silence is no reason to cut the connection. */
  whileWorking<Result>(socket: Socket, work: () => Promise<Result>): Promise<Result>;
}

/** Node looks for overdue requests at this interval. */
const CHECK_INTERVAL_MS_MAX = 5_000;

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** For bytes that are no HTTP request, or one that takes too long: an empty answer, then the end. */
const refuseBrokenRequest = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (socket.destroyed) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
};

export const createHttpServer = (
  { tls, limits }: { readonly tls?: ClientTls; readonly limits: EventForwardingLimits },
  listener: RequestListener,
): HttpServer => {
  const options = {
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: Math.max(limits.requestTimeoutMs, limits.headersTimeoutMs),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS_MAX, limits.headersTimeoutMs / 4),
  };
  const server: Server = tls
    ? createSecureServer(
        { ...options, ...toTlsOptions(tls), handshakeTimeout: limits.headersTimeoutMs },
        listener,
      )
    : createServer(options, listener);
  server.maxConnections = limits.connectionsMax;
  server.on('clientError', refuseBrokenRequest);

  const awaitingContinue = new WeakSet<IncomingMessage>();
  server.on('checkContinue', (request: IncomingMessage, response) => {
    awaitingContinue.add(request);
    listener(request, response);
  });

  const working = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: number): void => {
    working.set(socket, (working.get(socket) ?? 0) + by);
  };
  server.setTimeout(limits.idleTimeoutMs, (socket) => {
    if ((working.get(socket) ?? 0) === 0) socket.destroy();
  });

  return {
    server,
    isAwaitingContinue: (request) => awaitingContinue.has(request),
    whileWorking: async (socket, run) => {
      change(socket, 1);
      try {
        return await run();
      } finally {
        change(socket, -1);
      }
    },
  };
};
