/** One request to its answer: who asks, the body out of its wrappings, the conversation, the answer back into them. */
import { WitnessError } from '@witness/record';
import {
  contentTypeOf,
  encryptedTypeOf,
  isEncryptedType,
  openBody,
  parseWsmanRequest,
  readEncryptedBody,
  type SessionProtocol,
  type WsmanRequest,
  writeEncryptedBody,
} from '../../codecs/index.ts';
import { type Answer, type Faulting, toFaultAnswer } from './answer.ts';
import type { ByteBudget } from './byte-budget.ts';
import { type Conversation, converse } from './conversation.ts';
import type { Admission, Door } from './door.ts';
import { forwardingError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { HttpServer } from './http-server.ts';
import { CHALLENGE, type KerberosSession } from './kerberos-session.ts';
import type { EventForwardingLimits } from './limits.ts';
import type { Machine } from './machine.ts';
import { type HeldBody, readBody } from './read-body.ts';

export interface Responder {
  readonly door: Door;
  readonly http: Pick<HttpServer, 'isAwaitingContinue' | 'whileWorking'>;
  readonly conversation: Conversation;
  readonly limits: EventForwardingLimits;
  readonly bodies: ByteBudget;
  /** `https://server.example.org:5986`. */
  readonly origin: () => string;
  readonly serverName: string;
  /** The computer was heard from. */
  readonly heard: (machine: Machine) => void;
}

/** What leaves, as HTTP sees it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  /** The connection is of no more use. */
  readonly isLast?: boolean;
}

const NO_BODY = new Uint8Array(0);

const challengeOf = (challenge: readonly string[] | undefined) =>
  challenge ? { 'WWW-Authenticate': challenge } : {};

const toHttp = (
  answer: Answer,
  { session, challenge }: Pick<Admission, 'session' | 'challenge'>,
): HttpAnswer => {
  const headers = { ...challengeOf(challenge), ...answer.headers };
  if (!answer.body) return { status: answer.status, headers, body: NO_BODY };
  const contentType = contentTypeOf(answer.encoding ?? 'utf-16le');
  if (!session) {
    return {
      status: answer.status,
      headers: { ...headers, 'Content-Type': contentType },
      body: answer.body,
    };
  }
  const { protocol, context } = session;
  const body = writeEncryptedBody({
    protocol,
    contentType,
    length: answer.body.length,
    ...context.wrap(answer.body),
  });
  return {
    status: answer.status,
    headers: { ...headers, 'Content-Type': encryptedTypeOf(protocol) },
    body,
  };
};

interface Opened {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly protocol?: SessionProtocol;
}

/** Decrypts where the port demands it; the other port takes plain bodies only, which its parser sees to. */
const unseal = (
  bytes: Uint8Array,
  contentType: string,
  session: KerberosSession | undefined,
): Opened => {
  if (!session) return { bytes, contentType };
  if (!isEncryptedType(contentType)) throw forwardingError('FORWARDING_NOT_ENCRYPTED');
  const sealed = readEncryptedBody(bytes, contentType);
  const { protocol } = sealed;
  return { bytes: session.context.unwrap(sealed), contentType: sealed.contentType, protocol };
};

/** A decompressed envelope is held as text, too. */
const HELD_PER_BYTE = 2;

const openRequest = (
  { limits }: Responder,
  { request }: Exchange,
  { body, plain }: { readonly body: HeldBody; readonly plain: Opened },
): WsmanRequest => {
  const { bytes, contentType } = plain;
  const encoding = request.headers['content-encoding'];
  const opened = openBody(bytes, encoding, { bytesMax: limits.bodyBytesMax });
  body.hold(opened.length * HELD_PER_BYTE);
  return parseWsmanRequest(opened, contentType);
};

/** Such a session cannot even be told so: whoever threw it ends it. */
const isSessionOver = (error: unknown): boolean =>
  error instanceof WitnessError && error.code === 'FORWARDING_KERBEROS_MESSAGE';

const faulting = ({ conversation, serverName, limits }: Responder): Faulting => ({
  serverName,
  retryAfterSeconds: limits.retryAfterSeconds,
  randomBytes: conversation.randomBytes,
});

/** The answer to a body, faults included. Throws FORWARDING_KERBEROS_MESSAGE. */
const answerBody = async (
  responder: Responder,
  exchange: Exchange,
  { admission, body }: { readonly admission: Admission; readonly body: HeldBody },
): Promise<HttpAnswer> => {
  const { machine, session, challenge } = admission;
  const { route, request: http, facts } = exchange;
  if (!machine || !route) throw forwardingError('FORWARDING_FAILED');
  let protocol = session?.protocol;
  let read: WsmanRequest | undefined;
  const finish = (answer: Answer): HttpAnswer =>
    toHttp(answer, {
      ...(challenge && { challenge }),
      ...(session && protocol && { session: { ...session, protocol } }),
    });
  try {
    const plain = unseal(body.bytes, http.headers['content-type'] ?? '', session);
    protocol = plain.protocol ?? protocol;
    read = openRequest(responder, exchange, { body, plain });
    const { origin, door, conversation } = responder;
    const place = { origin: origin(), authentication: door.authentication };
    return finish(await converse(conversation, read, { machine, route, place, facts }));
  } catch (error) {
    if (isSessionOver(error)) throw error;
    facts.error = error;
    const known = read && { to: read.header, encoding: read.encoding };
    return finish(toFaultAnswer(error, { ...faulting(responder), ...known }));
  }
};

/** Says what this is to whoever asks, and nothing else. */
const answerAnonymous = async (responder: Responder, exchange: Exchange): Promise<HttpAnswer> => {
  const { http, limits, bodies, conversation, door } = responder;
  const { request, route, facts } = exchange;
  using body = await readBody(exchange, {
    bytesMax: limits.anonymousBytesMax,
    budget: bodies,
    isAwaitingContinue: http.isAwaitingContinue(request),
  });
  const read = parseWsmanRequest(body.bytes, request.headers['content-type']);
  facts.kind = read.kind;
  if (read.kind !== 'identify' || !route) return refusedAnonymous();
  const speaker = { machine: NOBODY, route, facts };
  const place = { origin: responder.origin(), authentication: door.authentication };
  return toHttp(await converse(conversation, read, { ...speaker, place }), {});
};

const NOBODY: Machine = { name: '', isOwn: () => false };

const refusedAnonymous = (challenge: readonly string[] = CHALLENGE): HttpAnswer => ({
  status: 401,
  headers: challengeOf(challenge),
  body: NO_BODY,
});

/** The header by which a client asks without a sign-in at `/wsman` (DSP0226, 11). */
const isAnonymousIdentify = ({ request, route }: Exchange): boolean =>
  route?.kind === 'identify' ||
  (route?.kind === 'root' && request.headers.wsmanidentify === 'unauthenticated');

/** Method, who asks, path, body: in this order. */
const judge = async (responder: Responder, exchange: Exchange): Promise<HttpAnswer> => {
  const { door, http, limits, bodies } = responder;
  const { request, route, facts } = exchange;
  if (request.method !== 'POST') {
    return { status: 405, headers: { Allow: 'POST' }, body: NO_BODY };
  }
  if (door.scheme === 'http' && isAnonymousIdentify(exchange)) {
    return await answerAnonymous(responder, exchange);
  }
  const admission = door.admit(exchange);
  const { machine, challenge, session } = admission;
  if (!machine) return refusedAnonymous(challenge);
  facts.machine = machine.name;
  responder.heard(machine);
  if (!route) return { status: 404, headers: challengeOf(challenge), body: NO_BODY };
  const signedIn = { status: 200, headers: challengeOf(challenge), body: NO_BODY };
  try {
    using body = await readBody(exchange, {
      bytesMax: limits.bodyBytesMax,
      budget: bodies,
      isAwaitingContinue: http.isAwaitingContinue(request),
    });
    // A computer signs in by an empty request before it says anything.
    if (body.bytes.length === 0) return signedIn;
    facts.bodyBytes = body.bytes.length;
    return await http.whileWorking(request.socket, () =>
      answerBody(responder, exchange, { admission, body }),
    );
  } catch (error) {
    if (isSessionOver(error)) throw error;
    facts.error = error;
    return toHttp(toFaultAnswer(error, faulting(responder)), {
      ...(session && { session }),
      ...(challenge && { challenge }),
    });
  }
};

/** Never rejects. */
export const respond = async (responder: Responder, exchange: Exchange): Promise<HttpAnswer> => {
  try {
    return await judge(responder, exchange);
  } catch (error) {
    exchange.facts.error = error;
    responder.door.expel(exchange.request.socket);
    const answer = toFaultAnswer(error, faulting(responder));
    const challenge = answer.status === 401 ? { challenge: CHALLENGE } : {};
    return { ...toHttp(answer, challenge), isLast: true };
  }
};
