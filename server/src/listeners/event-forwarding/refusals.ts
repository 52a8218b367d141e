/** Senders that are refused, for people: each address and reason once an hour, so that a scan does not fill the log. */
import { WitnessError } from '@witness/record';
import type { SelfAudit } from '../../access/index.ts';
import type { Emit } from '../../telemetry/index.ts';
import type { Exchange } from './exchange.ts';

export interface Refusals {
  /** Looks whether the request was refused for who sent it; if so, self-audit is told. */
  request(exchange: Exchange): void;
  /** TLS refused: nobody knows who it was, so that only the log is told. */
  tls(error: Error & { readonly code?: string }, address: string): void;
}

const HOUR_MS = 3_600_000;
/** Told of in one hour; beyond it a scan from many addresses is known well enough. */
const TOLD_MAX = 1_000;

const REFUSED: ReadonlySet<string> = new Set([
  'FORWARDING_SENDER_UNKNOWN',
  'FORWARDING_KERBEROS_REFUSED',
  'FORWARDING_KERBEROS_MESSAGE',
]);

/** Whether it is the first of its kind in this hour. */
const createHourly = (clock: () => number): ((key: string) => boolean) => {
  let hour = Number.NaN;
  const told = new Set<string>();
  return (key) => {
    const now = Math.floor(clock() / HOUR_MS);
    if (now !== hour) told.clear();
    hour = now;
    if (told.has(key) || told.size >= TOLD_MAX) return false;
    told.add(key);
    return true;
  };
};

export const createRefusals = (options: {
  readonly selfAudit: SelfAudit;
  readonly emit: Emit;
  readonly clock: () => number;
}): Refusals => {
  const isFirst = createHourly(options.clock);
  return {
    request: ({ facts, address }) => {
      const { error } = facts;
      if (!(error instanceof WitnessError) || !REFUSED.has(error.code)) return;
      if (!isFirst(`${address}\n${error.message}`)) return;
      options.selfAudit({
        who: facts.machine ?? address,
        action: 'Failed Logon',
        objectType: 'Event forwarding',
        what: 'Event forwarding',
        workstation: address,
        details: [{ property: 'Reason', message: error.message }],
      });
    },
    tls: (error, address) => {
      options.emit({
        name: 'event-forwarding.tls-refused',
        level: isFirst(`${address}\n${error.code}`) ? 'warn' : 'debug',
        message: `A TLS connection of ${address} was refused: ${error.message}`,
        fields: { address, code: error.code },
      });
    },
  };
};
