/** Looks whether the parts that can fail while the server runs do their work, and reports it to telemetry. */
import type { Records } from './foundation.ts';
import type { Health } from './telemetry/index.ts';

export interface HealthProbe {
  /** Resolves when what telemetry knows is at most a second old. Never rejects. */
  look(): Promise<void>;
}

/** Anybody may ask for readiness, so that asking often must cost nothing. */
const FRESH_MS = 1_000;
const PING_TIMEOUT_MS = 3_000;

const STORE = 'audit database';
const STORE_ADVICE =
  'What arrives waits in the spool; it is stored when the database answers again. See the log of the server.';
const SPOOL_ADVICE = 'Senders are told to wait; nothing is lost meanwhile.';

const reasonOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message : String(fault);

export const createHealthProbe = (
  { store, pipeline }: Records,
  { health, clock }: { readonly health: Health; readonly clock: () => number },
): HealthProbe => {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  /** Why the store does not answer; undefined when it does. */
  const storeTrouble = async (): Promise<string | undefined> => {
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(
      () => late.resolve(`no answer within ${PING_TIMEOUT_MS / 1000} seconds`),
      PING_TIMEOUT_MS,
    );
    try {
      return await Promise.race([store.ping().then(() => undefined, reasonOf), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };

  const report = (name: string, reason: string | undefined, advice: string): void =>
    health.report(
      reason === undefined ? { name, isReady: true } : { name, isReady: false, reason, advice },
    );

  const lookNow = async (): Promise<void> => {
    const trouble = await storeTrouble();
    const state = pipeline.state();
    report(STORE, trouble ?? state.storeTrouble, STORE_ADVICE);
    report('spool', state.reason, SPOOL_ADVICE);
    lookedAt = clock();
  };

  return {
    look: () => {
      if (looking) return looking;
      if (Math.abs(clock() - lookedAt) < FRESH_MS) return Promise.resolve();
      looking = lookNow().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };
};
