/** One port: its server, and each request from its arrival to its answer. */
import type { Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Emit } from '../../telemetry/index.ts';
import type { Door, Scheme } from './door.ts';
import { forwardingError } from './errors.ts';
import { addressOf, type Exchange, openExchange } from './exchange.ts';
import { type ClientTls, createHttpServer, toTlsOptions } from './http-server.ts';
import { declaredLength, drainBody } from './read-body.ts';
import type { Refusals } from './refusals.ts';
import { toRequestEvent } from './request-event.ts';
import { type HttpAnswer, type Responder, respond } from './respond.ts';

export interface ListeningPort {
  readonly scheme: Scheme;
  readonly address: string;
  readonly port: number;
}

export interface Port {
  readonly scheme: Scheme;
  /** Rejects with what the operating system says. */
  listen(): Promise<ListeningPort>;
  /** Lets requests under way finish within the grace time. */
  close(): Promise<void>;
  /** Throws FORWARDING_SETTINGS_INVALID. */
  renewTls(tls: ClientTls): void;
}

export interface PortOptions extends Omit<Responder, 'door' | 'http' | 'origin'> {
  readonly door: Door;
  readonly address: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly tls?: ClientTls;
  readonly refusals: Refusals;
  readonly emit: Emit;
}

/** What TLS says of keys, certificates and revocation lists that do not fit. */
const withTlsFaults = <Result>(use: () => Result): Result => {
  try {
    return use();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw forwardingError('FORWARDING_SETTINGS_INVALID', { reason }, { cause });
  }
};

const send = ({ response }: Exchange, answer: HttpAnswer, isLast: boolean): void => {
  if (response.destroyed || response.headersSent) return;
  const headers = Object.entries(answer.headers).map(
    ([name, value]) => [name, typeof value === 'string' ? value : [...value]] as const,
  );
  response.writeHead(answer.status, {
    ...Object.fromEntries(headers),
    ...(answer.status !== 204 && { 'Content-Length': answer.body.length }),
    ...(isLast && { Connection: 'close' }),
  });
  response.end(answer.body);
};

/** Throws FORWARDING_SETTINGS_INVALID. */
export const createPort = (options: PortOptions): Port => {
  const { door, address, tls, limits, emit, refusals, serverName } = options;
  const { scheme } = door;
  let bound = options.port;
  let isClosing = false;

  const answer = async (exchange: Exchange): Promise<void> => {
    const { request } = exchange;
    const answered = await respond(responder, exchange);
    emit(toRequestEvent(exchange, { status: answered.status, scheme }));
    refusals.request(exchange);
    const isUndrainable = (declaredLength(request) ?? 0) > limits.drainBytesMax;
    send(exchange, answered, answered.isLast || isClosing || isUndrainable);
    drainBody(request, limits.drainBytesMax);
  };
  const http = withTlsFaults(() =>
    createHttpServer({ ...(tls && { tls }), limits }, (request, response) => {
      answer(openExchange(request, response)).catch((error: unknown) => {
        emit({
          name: 'event-forwarding.answer-failed',
          level: 'error',
          message: 'An answer could not be sent',
          error,
        });
        response.destroy();
      });
    }),
  );
  const { server } = http;
  const responder: Responder = {
    ...options,
    http,
    origin: () => `${scheme}://${serverName}:${bound}`,
  };
  server.on('tlsClientError', (error: Error, socket: TLSSocket) =>
    refusals.tls(error, addressOf(socket)),
  );

  return {
    scheme,
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, address, () => {
          server.off('error', reject);
          const place = server.address();
          if (typeof place === 'object' && place) bound = place.port;
          resolve({ scheme, address, port: bound });
        });
      }),
    close: async () => {
      isClosing = true;
      if (!server.listening) return;
      const cut = setTimeout(() => server.closeAllConnections(), limits.closeGraceMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
    },
    renewTls: (renewed) => {
      // Only the server of HTTPS has a context to set.
      const secure = server as HttpsServer;
      withTlsFaults(() => secure.setSecureContext(toTlsOptions(renewed)));
    },
  };
};
