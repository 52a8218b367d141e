/** What telemetry learns of a request. Never its content. */
import { WitnessError } from '@witness/record';
import type { NamedEvent } from '../../telemetry/index.ts';
import type { Exchange } from './exchange.ts';

/**
 * 500 and 503 need somebody's attention; a refused request is its client's business, and so is one whose client went away, where
 * any failure is a consequence of that.
 */
const levelOf = (exchange: Exchange, status: number): NamedEvent['level'] => {
  const { error } = exchange.facts;
  const isMalformed = error instanceof WitnessError && error.code.endsWith('_MALFORMED');
  if (status < 500 || isMalformed || exchange.signal.aborted) return 'debug';
  return status === 503 ? 'warn' : 'error';
};

export const toRequestEvent = (exchange: Exchange, status: number): NamedEvent => {
  const { endpoint, method, address, facts, format, startedAt } = exchange;
  const route = endpoint?.id ?? 'none';
  const level = levelOf(exchange, status);
  const outcome = exchange.signal.aborted ? 'gone' : String(status);
  const isSearch = route === 'search' && outcome === '200';
  return {
    name: 'integration-api.request',
    level,
    message:
      outcome === 'gone'
        ? `The client of ${method} ${route} went away before its answer`
        : `${method} ${route} was answered with ${status}`,
    fields: {
      route,
      method,
      status: outcome,
      format,
      address,
      user: facts.userName,
      records: facts.records,
      bodyBytes: facts.bodyBytes,
      durationMs: Math.round(performance.now() - startedAt),
      code: facts.error instanceof WitnessError ? facts.error.code : undefined,
    },
    ...(level !== 'debug' && facts.error && { error: facts.error }),
    counts: [
      {
        metric: 'witness_requests_total',
        labels: { listener: 'integration-api', route, status: outcome },
      },
      ...(isSearch
        ? [{ metric: 'witness_searches_total', labels: { door: 'integration-api' } }]
        : []),
    ],
  };
};
