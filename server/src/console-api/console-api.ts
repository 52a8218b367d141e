/** What the console's port serves: whether Witness lives and is ready, its metrics, and a first page. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Access, Principal } from '../access/index.ts';
import { healthzAnswer, readyzAnswer, type Telemetry } from '../telemetry/index.ts';
import { startPage } from './start-page.ts';

export interface ConsoleApiOptions {
  readonly address: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly access: Access;
  readonly telemetry: Telemetry;
  /** Brings what telemetry knows of the health of the parts up to date. */
  readonly look: () => Promise<void>;
  /** Where the Integration API answers, for the first page. */
  readonly integrationApiUrl: string | undefined;
}

export interface ConsoleApi {
  listen(): Promise<{ address: string; port: number }>;
  close(): Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** `user:password`, split at the first colon; undefined for anything else. */
const basicCredentials = (header: string): { userName: string; password: string } | undefined => {
  const text = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0
    ? undefined
    : { userName: text.slice(0, colon), password: text.slice(colon + 1) };
};

const signedIn = async (
  access: Access,
  request: FastifyRequest,
): Promise<Principal | undefined> => {
  const header = request.headers.authorization ?? '';
  const address = request.ip;
  if (header.startsWith('Bearer ')) {
    const outcome = await access.bearer({ token: header.slice('Bearer '.length), address });
    return outcome.outcome === 'granted' ? outcome.principal : undefined;
  }
  const credentials = header.startsWith('Basic ') ? basicCredentials(header) : undefined;
  if (!credentials) return undefined;
  const outcome = await access.signIn({ ...credentials, address });
  return outcome.outcome === 'granted' ? outcome.principal : undefined;
};

/** Metrics tell how much is going on where: only for who may read everything. */
const mayReadMetrics = async (access: Access, principal: Principal | undefined): Promise<boolean> =>
  principal !== undefined && (await access.visibility(principal)) === 'everything';

const refuse = (reply: FastifyReply): FastifyReply =>
  reply.code(401).header('www-authenticate', 'Basic realm="Witness", charset="UTF-8"').send();

const addRoutes = (app: FastifyInstance, options: ConsoleApiOptions): void => {
  const { access, telemetry, look, integrationApiUrl } = options;
  app.get('/healthz', async (_request, reply) => {
    const { status, body } = healthzAnswer();
    return reply.code(status).send(body);
  });
  app.get('/readyz', async (_request, reply) => {
    await look();
    const { status, body } = readyzAnswer(telemetry.health.components());
    // Who is not signed in learns that something is wrong, not what.
    return reply.code(status).send({ status: body.status });
  });
  app.get('/metrics', async (request, reply) => {
    if (!(await mayReadMetrics(access, await signedIn(access, request)))) return refuse(reply);
    await look();
    return reply.type(telemetry.metricsContentType).send(await telemetry.metrics());
  });
  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(startPage(integrationApiUrl)),
  );
};

export const createConsoleApi = (options: ConsoleApiOptions): ConsoleApi => {
  const { tls, address, port } = options;
  const app = Fastify({
    ...(tls ? { https: { cert: tls.cert, key: tls.key } } : {}),
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: true,
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(HEADERS);
  });
  addRoutes(app, options);
  return {
    listen: async () => {
      await app.listen({ host: address, port });
      const bound = app.server.address();
      return {
        address,
        port: typeof bound === 'object' && bound !== null ? bound.port : port,
      };
    },
    close: () => app.close(),
  };
};
