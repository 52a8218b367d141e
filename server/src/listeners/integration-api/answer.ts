/** What goes back to the client, and how an error becomes such an answer. */
import { WitnessError } from '@witness/record';
import type { EndpointId } from './endpoints.ts';
import { type ErrorCategory, toErrorList } from './error-list.ts';
import { apiError } from './errors.ts';
import type { Format } from './request-format.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly contentType?: string;
  /** Parts of one body; absent or empty is an empty body. */
  readonly body?: readonly Uint8Array[];
  /** Called once the answer has been sent or given up. */
  readonly release?: () => void;
}

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  xml: 'application/xml',
};

export interface FaultRule {
  readonly status: number;
  /** Absent: the body is empty. */
  readonly category?: ErrorCategory;
  readonly isRetryable?: boolean;
}

const INPUT: FaultRule = { status: 400, category: 'InputError' };
const XML: FaultRule = { status: 400, category: 'XMLError' };
const EMPTY_500: FaultRule = { status: 500 };
const SERVER: FaultRule = { status: 500, category: 'ServerError' };
const BUSY: FaultRule = { status: 503, category: 'ServerError', isRetryable: true };

/** By error code; the longest matching beginning decides. Everything else is our failure: 500. */
export const FAULT_RULES: Readonly<Record<string, FaultRule>> = {
  INTEGRATION_API_: INPUT,
  INTEGRATION_API_BODY_TOO_LARGE: { status: 413 },
  /** The documentation gives malformed JSON an empty 500. */
  INTEGRATION_API_JSON_MALFORMED: EMPTY_500,
  /** The documentation knows no 403; `respond` adds the challenge. */
  INTEGRATION_API_NOT_ALLOWED: { status: 401 },
  INTEGRATION_API_PLAN_UNKNOWN: SERVER,
  INTEGRATION_API_NOT_STORED: SERVER,
  INTEGRATION_API_NOT_ANSWERED: SERVER,
  INTEGRATION_API_FAILED: SERVER,
  INTEGRATION_API_BUSY: BUSY,
  RECORD_: INPUT,
  RECORD_JSON_MALFORMED: EMPTY_500,
  XML_: XML,
  TEXT_: INPUT,
};

const ruleOf = (code: string): FaultRule | undefined => {
  let best: string | undefined;
  for (const beginning of Object.keys(FAULT_RULES)) {
    if (code.startsWith(beginning) && beginning.length > (best?.length ?? 0)) best = beginning;
  }
  return best === undefined ? undefined : FAULT_RULES[best];
};

/** Codes of other parts that mean: not now. */
const BUSY_CODES: ReadonlySet<string> = new Set([
  'PIPELINE_BUSY',
  'PIPELINE_DISK_FULL',
  'PIPELINE_DISK_FAILED',
  'PIPELINE_CLOSED',
  'ACCESS_BUSY',
]);

/**
 * What the client is told of any error. Failures of other parts are replaced by one sentence of ours: their texts speak to the
 * administrator and may name paths or hosts.
 */
export const toClientError = (error: unknown, endpoint: EndpointId | undefined): WitnessError => {
  const code = error instanceof WitnessError ? error.code : '';
  if (error instanceof WitnessError && ruleOf(code)) return error;
  if (code === 'PIPELINE_BATCH_TOO_LARGE')
    return apiError('INTEGRATION_API_BODY_TOO_LARGE', {}, { cause: error });
  if (BUSY_CODES.has(code)) return apiError('INTEGRATION_API_BUSY', {}, { cause: error });
  if (endpoint === 'write') return apiError('INTEGRATION_API_NOT_STORED', {}, { cause: error });
  return endpoint === 'enum' || endpoint === 'search'
    ? apiError('INTEGRATION_API_NOT_ANSWERED', {}, { cause: error })
    : apiError('INTEGRATION_API_FAILED', {}, { cause: error });
};

/** The encoding of a body is part of being well-formed only in XML. */
const ruleFor = (error: WitnessError, format: Format): FaultRule => {
  if (error.code === 'TEXT_ENCODING_INVALID') return format === 'xml' ? XML : INPUT;
  return ruleOf(error.code) ?? SERVER;
};

/** XML errors carry `line:column`, the others a path. */
const locationOf = (error: WitnessError): string | undefined =>
  error.location !== undefined && /^\d/.test(error.location)
    ? `line ${error.location.replace(':', ', column ')}`
    : error.location;

export const toFaultAnswer = (
  error: WitnessError,
  format: Format,
  retryAfterSeconds: number,
): Answer => {
  const { status, category, isRetryable } = ruleFor(error, format);
  const headers = isRetryable ? { 'Retry-After': String(retryAfterSeconds) } : {};
  if (!category) return { status, headers };
  const list = toErrorList(
    { category, description: error.message, location: locationOf(error) },
    format,
  );
  return { status, headers, contentType: CONTENT_TYPES[format], body: [Buffer.from(list)] };
};
