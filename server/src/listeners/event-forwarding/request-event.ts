/** What telemetry learns of a request. Never its content. */
import { WitnessError } from '@witness/record';
import type { NamedEvent } from '../../telemetry/index.ts';
import { isOurs } from './answer.ts';
import { LISTENER } from './deliver-events.ts';
import type { Scheme } from './door.ts';
import type { Exchange } from './exchange.ts';

/** What fails within the server needs somebody's attention; a refused request is its sender's business. */
const levelOf = (status: number, error: unknown): NamedEvent['level'] => {
  if (error === undefined || !isOurs(status, error)) return 'debug';
  return status === 503 ? 'warn' : 'error';
};

export const toRequestEvent = (
  exchange: Exchange,
  { status, scheme }: { readonly status: number; readonly scheme: Scheme },
): NamedEvent => {
  const { facts, address, startedAt } = exchange;
  const route = facts.kind ?? exchange.route?.kind ?? 'none';
  const level = levelOf(status, facts.error);
  return {
    name: 'event-forwarding.request',
    level,
    message: `${route} of ${facts.machine ?? address} was answered with ${status}`,
    fields: {
      scheme,
      route,
      status,
      machine: facts.machine,
      address,
      events: facts.events,
      unverified: facts.unverified,
      bodyBytes: facts.bodyBytes,
      durationMs: Math.round(performance.now() - startedAt),
      code: facts.error instanceof WitnessError ? facts.error.code : undefined,
    },
    ...(level !== 'debug' && { error: facts.error }),
    counts: [
      {
        metric: 'witness_requests_total',
        labels: { listener: LISTENER, route, status: String(status) },
      },
    ],
  };
};
