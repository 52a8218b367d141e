/** What goes back to the computer, and how an error becomes such an answer. */
import { WitnessError } from '@witness/record';
import {
  type BodyEncoding,
  faultOfError,
  newGuid,
  type WsmanFault,
  type WsmanHeader,
  writeFault,
} from '../../codecs/index.ts';
import { forwardingError } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A SOAP message, before it is encrypted. */
  readonly body?: Uint8Array;
  readonly encoding?: BodyEncoding;
}

interface Rule {
  readonly status: number;
  /** Absent: no body. */
  readonly fault?: WsmanFault;
  /** The error is replaced in the answer: its text speaks to the administrator of the server. */
  readonly said?: 'FORWARDING_BUSY' | 'FORWARDING_FAILED';
}

const BUSY: Rule = { status: 503, fault: 'quota-limit', said: 'FORWARDING_BUSY' };
const FAILED: Rule = { status: 500, fault: 'internal-error', said: 'FORWARDING_FAILED' };

/** Faults of SOAP go with 500 (DSP0226, 14.1); the others say something to HTTP. Whatever is not here has failed on our side. */
const RULES: Readonly<Record<string, Rule>> = {
  FORWARDING_BODY_TOO_LARGE: { status: 413, fault: 'encoding-limit' },
  FORWARDING_BODY_BROKEN_OFF: { status: 400 },
  FORWARDING_BUSY: BUSY,
  FORWARDING_SENDER_UNKNOWN: { status: 403, fault: 'access-denied' },
  FORWARDING_NOT_ENCRYPTED: { status: 403, fault: 'access-denied' },
  FORWARDING_SUBSCRIPTION_UNKNOWN: { status: 500, fault: 'destination-unreachable' },
  FORWARDING_ACTION_UNKNOWN: { status: 500, fault: 'action-not-supported' },
  FORWARDING_ANSWER_TOO_LARGE: { status: 500, fault: 'encoding-limit' },
  FORWARDING_KERBEROS_REFUSED: { status: 401 },
  FORWARDING_KERBEROS_MESSAGE: { status: 401 },
  PIPELINE_BUSY: BUSY,
  PIPELINE_DISK_FULL: BUSY,
  PIPELINE_DISK_FAILED: BUSY,
  PIPELINE_CLOSED: BUSY,
};

const ruleOf = (code: string): Rule => {
  const own = RULES[code];
  if (own) return own;
  const fault = code.startsWith('WSMAN_') ? faultOfError(code) : 'internal-error';
  return fault === 'internal-error' ? FAILED : { status: 500, fault };
};

/** Whether the fault lies with this server rather than with the request. */
export const isOurs = (status: number, error: unknown): boolean =>
  status === 503 ||
  (error instanceof WitnessError ? ruleOf(error.code) === FAILED : error !== undefined);

const NO_HEADER: WsmanHeader = { isAckRequested: false };

export interface Faulting {
  /** Header of the request, as far as it could be read. */
  readonly to?: WsmanHeader | undefined;
  readonly encoding?: BodyEncoding | undefined;
  readonly serverName: string;
  readonly retryAfterSeconds: number;
  readonly randomBytes: (count: number) => Uint8Array;
}

const sentenceOf = ({ message, location }: WitnessError): string =>
  location === undefined ? message : `${message} (${location})`;

export const toFaultAnswer = (error: unknown, faulting: Faulting): Answer => {
  const { to = NO_HEADER, encoding = 'utf-16le', randomBytes } = faulting;
  const rule = error instanceof WitnessError ? ruleOf(error.code) : FAILED;
  const headers =
    rule.status === 503 ? { 'Retry-After': String(faulting.retryAfterSeconds) } : undefined;
  if (!rule.fault) return { status: rule.status, ...(headers && { headers }) };
  const said =
    rule.said === undefined && error instanceof WitnessError
      ? error
      : forwardingError(rule.said ?? 'FORWARDING_FAILED');
  return {
    status: rule.status,
    ...(headers && { headers }),
    encoding,
    body: writeFault({ messageId: newGuid(randomBytes), to, encoding }, rule.fault, {
      message: sentenceOf(said),
      machine: faulting.serverName,
    }),
  };
};
