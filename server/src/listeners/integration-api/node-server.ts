/** The HTTP or HTTPS server below the router: timeouts against slow clients, bounds, and who waits for `100 Continue`. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IntegrationApiLimits } from './limits.ts';

export interface NodeServer {
  readonly server: Server;
  /** The client sends the body only when it is told to continue. */
  isAwaitingContinue(request: IncomingMessage): boolean;
  /** While it runs, nothing is expected of the client, so its silence is no reason to cut the connection. */
  whileWorking<Result>(socket: Socket, work: () => Promise<Result>): Promise<Result>;
}

export interface Tls {
  /** PEM. */
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

/** Node looks for overdue requests at this interval. */
const CHECK_INTERVAL_MS_MAX = 5_000;

const toServerOptions = (limits: IntegrationApiLimits) => ({
  headersTimeout: limits.headersTimeoutMs,
  requestTimeout: Math.max(limits.requestTimeoutMs, limits.headersTimeoutMs),
  keepAliveTimeout: limits.keepAliveTimeoutMs,
  connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS_MAX, limits.headersTimeoutMs / 4),
});

/** Open work by connection; pipelined requests may have several. */
const createWorkCount = () => {
  const counts = new WeakMap<Socket, number>();
  const change = (socket: Socket, by: number): void => {
    counts.set(socket, (counts.get(socket) ?? 0) + by);
  };
  return { change, isWorking: (socket: Socket): boolean => (counts.get(socket) ?? 0) > 0 };
};

export const createNodeServer = (
  settings: { readonly tls?: Tls | undefined; readonly limits: IntegrationApiLimits },
  listener: RequestListener,
): NodeServer => {
  const { tls, limits } = settings;
  const options = toServerOptions(limits);
  const server: Server = tls
    ? createSecureServer(
        {
          ...options,
          key: tls.key,
          cert: tls.cert,
          minVersion: 'TLSv1.2',
          handshakeTimeout: limits.headersTimeoutMs,
        },
        listener,
      )
    : createServer(options, listener);
  server.maxConnections = limits.connectionsMax;

  const awaitingContinue = new WeakSet<IncomingMessage>();
  server.on('checkContinue', (request: IncomingMessage, response) => {
    awaitingContinue.add(request);
    listener(request, response);
  });

  const work = createWorkCount();
  server.setTimeout(limits.idleTimeoutMs, (socket) => {
    if (!work.isWorking(socket)) socket.destroy();
  });

  return {
    server,
    isAwaitingContinue: (request) => awaitingContinue.has(request),
    whileWorking: async (socket, run) => {
      work.change(socket, 1);
      try {
        return await run();
      } finally {
        work.change(socket, -1);
      }
    },
  };
};

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** For bytes that are no HTTP request, or one that takes too long: an empty answer, then the end. */
export const refuseBrokenRequest = (error: NodeJS.ErrnoException, socket: Duplex): void => {
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
