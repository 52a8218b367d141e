/** The Integration API: Activity Records in and out over HTTP, as existing clients expect it. */
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { METHODS, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Access, SelfAudit } from '../../access/index.ts';
import type { RecordSink } from '../../pipeline/index.ts';
import type { AuditStore } from '../../store/index.ts';
import type { Emit } from '../../telemetry/index.ts';
import type { Answer } from './answer.ts';
import { createAuthenticator } from './authenticate.ts';
import { createByteBudget, createPlaces } from './byte-budget.ts';
import { createContinuationMarks } from './continuation-mark.ts';
import { ENDPOINTS, type Endpoint, toRoutableTarget } from './endpoints.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { type IntegrationApiLimits, toLimits } from './limits.ts';
import { createNodeServer, type NodeServer, refuseBrokenRequest, type Tls } from './node-server.ts';
import { createOpenApi } from './open-api.ts';
import { declaredLength, drainBody } from './read-body.ts';
import { createRecordReader } from './record-reader.ts';
import { toRequestEvent } from './request-event.ts';
import { type Responder, respond } from './respond.ts';
import { createTimeframes } from './timeframes.ts';
import type { PlanDirectory } from './write-records.ts';

export interface IntegrationApiSettings {
  readonly address: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly tls?: Tls;
  readonly limits?: Partial<IntegrationApiLimits>;
}

export interface IntegrationApiOptions {
  readonly settings: IntegrationApiSettings;
  readonly access: Access;
  readonly store: AuditStore;
  readonly sink: RecordSink;
  readonly plans: PlanDirectory;
  /** At least 32 random bytes, the same after a restart: marks given out before stay good. */
  readonly markKey: Uint8Array;
  readonly emit: Emit;
  readonly clock: () => number;
  /** Where the days of timeframes begin and end. */
  readonly timeZone: string;
  /** The realm of the challenge. */
  readonly serverName: string;
  /** Told of every walk that begins. */
  readonly selfAudit?: SelfAudit;
  /** Accounts of a group, for InGroup and NotInGroup; undefined when nobody knows it. */
  readonly accountsOfGroup?: (group: string) => readonly string[] | undefined;
  readonly randomBytes?: (bytes: number) => Uint8Array;
}

export interface IntegrationApi {
  listen(): Promise<{ readonly address: string; readonly port: number }>;
  /** Takes no new requests, lets those under way finish within a grace time, then cuts them. */
  close(): Promise<void>;
  /** The OpenAPI 3.1 description of this API. */
  openApi(): object;
}

const createResponder = (
  options: IntegrationApiOptions,
  parts: { readonly node: NodeServer; readonly limits: IntegrationApiLimits },
): Responder => {
  const { access, store, sink, plans, clock } = options;
  const { node, limits } = parts;
  const toInterval = createTimeframes(options.timeZone);
  const accountsOfGroup = options.accountsOfGroup ?? (() => undefined);
  return {
    access,
    authenticator: createAuthenticator(access, options.serverName),
    reading: {
      store,
      marks: createContinuationMarks(options.markKey),
      limits,
      pages: createPlaces(limits.pagesMax),
      compileContext: () => ({ now: clock(), toInterval, accountsOfGroup }),
    },
    writing: {
      reader: createRecordReader(limits),
      sink,
      plans,
      clock,
      randomBytes: options.randomBytes ?? nodeRandomBytes,
    },
    limits,
    bodies: createByteBudget(limits.bodiesBytesMax),
    node,
    openApi: () => createOpenApi(limits),
    selfAudit: options.selfAudit ?? (() => {}),
  };
};

/** A client that waits for `100 Continue` may send its body all the same; Node would hang up on it. */
const keepsConnection = (exchange: Exchange, node: NodeServer, drainBytesMax: number): boolean =>
  node.isAwaitingContinue(exchange.request) &&
  (declaredLength(exchange.request) ?? 0) <= drainBytesMax;

const send = (
  { body, headers, status, contentType }: Answer,
  reply: FastifyReply,
): FastifyReply => {
  reply.code(status).headers({ ...headers });
  if (contentType) reply.type(contentType);
  const length = body?.reduce((sum, part) => sum + part.length, 0) ?? 0;
  reply.header('Content-Length', length);
  if (!body || length === 0) return reply.send();
  return body.length === 1
    ? reply.send(body[0])
    : reply.send(Readable.from(body, { objectMode: false }));
};

export const createIntegrationApi = (options: IntegrationApiOptions): IntegrationApi => {
  const { settings, emit } = options;
  const limits = toLimits(settings.limits);
  let isClosing = false;
  let route: RequestListener = () => {};
  const node = createNodeServer({ tls: settings.tls, limits }, (request, response) =>
    route(request, response),
  );
  const router: FastifyInstance = fastify({
    serverFactory: (listener) => {
      route = listener;
      return node.server;
    },
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: true },
    rewriteUrl: (request) => toRoutableTarget(request.url ?? '/'),
    clientErrorHandler: refuseBrokenRequest,
  });
  const responder = createResponder(options, { node, limits });

  const handle =
    (endpoint: Endpoint | undefined) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const exchange = openExchange(request.raw, reply.raw, endpoint);
      const answer = await respond(responder, exchange);
      emit(toRequestEvent(exchange, answer.status));
      if (exchange.signal.aborted) {
        answer.release?.();
        return reply.hijack();
      }
      if (answer.release) reply.raw.once('close', answer.release);
      if (isClosing) reply.header('Connection', 'close');
      else if (keepsConnection(exchange, node, limits.drainBytesMax)) {
        reply.header('Connection', 'keep-alive');
      }
      drainBody(request.raw, limits.drainBytesMax);
      return send(answer, reply);
    };

  // Bodies are read by read-body.ts alone, whatever their type; the router must not touch them.
  for (const method of METHODS) {
    router.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
  for (const endpoint of ENDPOINTS) {
    router.route({ method: METHODS, url: endpoint.path, handler: handle(endpoint) });
  }
  router.setNotFoundHandler(handle(undefined));

  return {
    listen: async () => {
      await router.listen({ host: settings.address, port: settings.port });
      const bound = node.server.address();
      const port = typeof bound === 'object' && bound ? bound.port : settings.port;
      const place = { address: settings.address, port };
      emit({
        name: 'integration-api.listening',
        level: 'info',
        message: `The Integration API listens on ${place.address}:${place.port}`,
        fields: { ...place, tls: settings.tls !== undefined },
      });
      return place;
    },
    close: async () => {
      isClosing = true;
      const cut = setTimeout(() => node.server.closeAllConnections(), limits.closeGraceMs);
      try {
        await router.close();
      } finally {
        clearTimeout(cut);
        await responder.writing.reader[Symbol.asyncDispose]();
      }
    },
    openApi: responder.openApi,
  };
};
