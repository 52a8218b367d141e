/** Answers: the order in which a request is judged, and the bytes that leave. */
import type { Access, Principal, SelfAudit } from '../../access/index.ts';
import { type Answer, toClientError, toFaultAnswer } from './answer.ts';
import type { Authenticator } from './authenticate.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { EndpointId } from './endpoints.ts';
import { apiError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { IntegrationApiLimits } from './limits.ts';
import type { NodeServer } from './node-server.ts';
import { toReadAudit } from './read-audit.ts';
import { declaredLength, readBody, refuseLargeBody } from './read-body.ts';
import {
  answerPage,
  EVERYTHING,
  type Question,
  type Reading,
  readMarkBody,
  readSearchBody,
} from './reading.ts';
import { countOf } from './request-format.ts';
import { type Writing, writeRecords } from './write-records.ts';

export interface Responder {
  readonly access: Pick<Access, 'writable' | 'visibility'>;
  readonly authenticator: Authenticator;
  readonly reading: Reading;
  readonly writing: Writing;
  readonly limits: IntegrationApiLimits;
  readonly bodies: ByteBudget;
  readonly node: Pick<NodeServer, 'isAwaitingContinue' | 'whileWorking'>;
  readonly openApi: () => object;
  readonly selfAudit: SelfAudit;
}

type Act = (
  responder: Responder,
  exchange: Exchange,
  principal: Principal,
) => Promise<Answer> | Answer;

type UseBody = (bytes: Uint8Array<ArrayBuffer>) => Promise<Answer>;

/** Reads the body and works with it; it counts against the budget until that is done. */
const withBody = async (
  { node, bodies }: Responder,
  exchange: Exchange,
  use: { readonly bytesMax: number; readonly run: UseBody },
): Promise<Answer> => {
  const { request, facts } = exchange;
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    throw apiError('INTEGRATION_API_BODY_ENCODED', { encoding });
  }
  using body = await readBody(exchange, {
    bytesMax: use.bytesMax,
    budget: bodies,
    isAwaitingContinue: node.isAwaitingContinue(request),
  });
  facts.bodyBytes = body.bytes.length;
  return await node.whileWorking(request.socket, () => use.run(body.bytes));
};

const write: Act = (responder, exchange, principal) => {
  const { access, authenticator, limits, writing } = responder;
  const writable = access.writable(principal);
  if (!writable) return authenticator.unauthorized;
  return withBody(responder, exchange, {
    bytesMax: limits.bodyBytesMax,
    run: async (bytes) => {
      const { format, address: sender } = exchange;
      const { answer, records } = await writeRecords(writing, { bytes, format, sender, writable });
      exchange.facts.records = records;
      return answer;
    },
  });
};

/** From the question to the page, for enum and search alike. */
const read =
  (ask: (reading: Reading, bytes: Uint8Array, exchange: Exchange) => Question): Act =>
  async (responder, exchange, principal) => {
    const { access, authenticator, limits, node, reading, selfAudit } = responder;
    const { request, parameters, format, signal, address } = exchange;
    const visible = await access.visibility(principal);
    if (!visible) return authenticator.unauthorized;
    const bytesMax = limits.queryBytesMax;
    const answerTo = async ({ walk, isFirstPage }: Question): Promise<Answer> => {
      const count = countOf(parameters);
      const page = await answerPage(reading, { walk, visible, count, format, signal });
      exchange.facts.records = page.records;
      if (isFirstPage) selfAudit(toReadAudit(walk, { userName: principal.userName, address }));
      return page.answer;
    };
    if (exchange.method === 'GET') {
      return node.whileWorking(request.socket, () => answerTo(EVERYTHING));
    }
    refuseLargeBody(request, bytesMax);
    // Too large comes before a bad count, and a chunked body has to be read to know whether it is.
    if (declaredLength(request) !== undefined) countOf(parameters);
    return withBody(responder, exchange, {
      bytesMax,
      run: (bytes) => {
        countOf(parameters);
        return answerTo(ask(reading, bytes, exchange));
      },
    });
  };

const describeApi: Act = ({ openApi }) => ({
  status: 200,
  contentType: 'application/json',
  body: [Buffer.from(JSON.stringify(openApi()))],
});

const ACTS: Readonly<Record<EndpointId, Act>> = {
  write,
  enum: read(({ marks }, bytes, { format }) => readMarkBody(marks, bytes, format)),
  search: read(({ marks }, bytes, { format }) => readSearchBody(marks, bytes, format)),
  'open-api': describeApi,
};

/** 401, 404, 405, then what the endpoint says: role (401), 413, count, body. */
const judge = async (responder: Responder, exchange: Exchange): Promise<Answer> => {
  const { request, endpoint, method, address } = exchange;
  const { authorization } = request.headers;
  const signedIn = await responder.authenticator.authenticate({ authorization, address });
  if (!signedIn.principal) return signedIn.answer;
  exchange.facts.userName = signedIn.principal.userName;
  if (!endpoint) return { status: 404 };
  if (!endpoint.methods.some((allowed) => allowed === method)) {
    return { status: 405, headers: { Allow: endpoint.methods.join(', ') } };
  }
  return ACTS[endpoint.id](responder, exchange, signedIn.principal);
};

/** Never rejects. */
export const respond = async (responder: Responder, exchange: Exchange): Promise<Answer> => {
  try {
    return await judge(responder, exchange);
  } catch (error) {
    const told = toClientError(error, exchange.endpoint?.id);
    exchange.facts.error = error instanceof Error ? error : told;
    if (told.code === 'INTEGRATION_API_NOT_ALLOWED') return responder.authenticator.unauthorized;
    return toFaultAnswer(told, exchange.format, responder.limits.retryAfterSeconds);
  }
};
