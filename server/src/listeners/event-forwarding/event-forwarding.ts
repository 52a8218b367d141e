/** The collector of Windows Event Forwarding, source-initiated: computers come, ask what to send, and send it. */
import { WitnessError } from '@witness/record';
import type { SelfAudit } from '../../access/index.ts';
import type { RecordSink } from '../../pipeline/index.ts';
import type { Emit } from '../../telemetry/index.ts';
import type { BookmarkStore } from './bookmark-store.ts';
import { createByteBudget } from './byte-budget.ts';
import { thumbprintKey } from './client-certificate.ts';
import { createDeliverer } from './deliver-events.ts';
import { createCertificateDoor, createKerberosDoor } from './door.ts';
import { forwardingError } from './errors.ts';
import { type GssAcceptor, openKerberos } from './gssapi.ts';
import type { ClientTls } from './http-server.ts';
import { createKerberosSessions } from './kerberos-session.ts';
import { EVENT_FORWARDING_LIMITS, type EventForwardingLimits } from './limits.ts';
import type { MachineState } from './machine-ledger.ts';
import { createMachineWatch, type MachineWatch } from './machine-watch.ts';
import { createPort, type ListeningPort, type Port, type PortOptions } from './port.ts';
import { createRefusals } from './refusals.ts';
import { checkSettings, type EventForwardingSettings } from './settings.ts';
import { type SubscriptionDefinition, subscriptionKey } from './subscriptions.ts';

export interface EventForwardingOptions {
  readonly settings: EventForwardingSettings;
  /** Asked each time a computer asks. */
  readonly subscriptions: () => readonly SubscriptionDefinition[];
  readonly sink: RecordSink;
  /** Stays the caller's to close, after the listener. */
  readonly bookmarks: BookmarkStore;
  /** Computers whose events a machine, named in lower case, may send beside its own; `*` is all of them. */
  readonly declaredForwarders: (machine: string) => readonly string[];
  readonly emit: Emit;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Told of senders that are refused. */
  readonly selfAudit: SelfAudit;
}

export interface EventForwardingState {
  readonly ports: readonly ListeningPort[];
  /** Why Kerberos is not offered although it is set up. */
  readonly kerberosTrouble?: string;
  readonly machines: number;
  readonly quietMachines: number;
}

export interface EventForwarding {
  /**
   * Throws FORWARDING_NO_PORT, FORWARDING_SETTINGS_INVALID, FORWARDING_KERBEROS_KEYTAB, or what the operating system says
   * of the port; nothing listens then.
   */
  listen(): Promise<readonly ListeningPort[]>;
  /** Takes no new requests, lets those under way finish within a grace time, then cuts them. */
  close(): Promise<void>;
  state(): EventForwardingState;
  /** Every computer known, with when it was last heard from. */
  machines(): Iterable<MachineState>;
  /** New certificates or revocation lists, for connections from now on. Throws FORWARDING_SETTINGS_INVALID. */
  renewTls(tls: ClientTls): void;
}

type Shared = Omit<PortOptions, 'door' | 'address' | 'port' | 'tls'>;

/** What both ports share, and the watch over the computers behind them. */
const createShared = (
  options: EventForwardingOptions,
  limits: EventForwardingLimits,
): { readonly shared: Shared; readonly watch: MachineWatch } => {
  const { settings, sink, bookmarks, emit, clock, randomBytes, selfAudit } = options;
  const deliverer = createDeliverer({
    sink,
    bookmarks,
    declaredForwarders: options.declaredForwarders,
    planOf: (subscription) =>
      options.subscriptions().find(({ id }) => subscriptionKey(id) === subscription)?.plan,
    clock,
    randomBytes,
    unverifiedPairsMax: limits.unverifiedPairsMax,
  });
  const watch = createMachineWatch({
    quietAfterMs: settings.heartbeatMs * limits.heartbeatsMissedMax,
    machinesMax: limits.machinesMax,
    bookmarks,
    deliverer,
    emit,
    clock,
  });
  const { subscriptions } = options;
  const shared: Shared = {
    conversation: { deliverer, bookmarks, subscriptions, delivery: settings, clock, randomBytes },
    limits,
    bodies: createByteBudget(limits.bodiesBytesMax),
    serverName: settings.serverName,
    heard: watch.heard,
    refusals: createRefusals({ selfAudit, emit, clock }),
    emit,
  };
  return { shared, watch };
};

/** Where there is no library: why, after a word to the administrator. */
const openAcceptor = async (
  http: NonNullable<EventForwardingSettings['http']>,
  emit: Emit,
): Promise<GssAcceptor | string> => {
  try {
    return await openKerberos(http);
  } catch (error) {
    const isMissing = error instanceof WitnessError && error.code === 'FORWARDING_KERBEROS_MISSING';
    if (!isMissing) throw error;
    emit({
      name: 'event-forwarding.kerberos-missing',
      level: 'warn',
      message: `${error.message}; port ${http.port} is not offered. ${error.advice}`,
    });
    return error.message;
  }
};

/** How often computers are looked at for silence: often enough for the shortest heartbeat, never a burden. */
const SWEEPS_PER_HEARTBEAT = 4;
const SWEEP_MS_MAX = 60_000;

/** Throws FORWARDING_SETTINGS_INVALID. */
export const createEventForwarding = (options: EventForwardingOptions): EventForwarding => {
  const { settings, emit, clock } = options;
  const limits: EventForwardingLimits = { ...EVENT_FORWARDING_LIMITS, ...settings.limits };
  checkSettings(settings, limits);
  const { shared, watch } = createShared(options, limits);
  const ports: Port[] = [];
  const listening: ListeningPort[] = [];
  let acceptor: GssAcceptor | undefined;
  let kerberosTrouble: string | undefined;
  let sweeping: NodeJS.Timeout | undefined;

  const openHttps = (): void => {
    const { https } = settings;
    if (!https) return;
    const { address, port } = https;
    const issuerThumbprints = https.issuerThumbprints.map(thumbprintKey);
    const door = createCertificateDoor({ issuerThumbprints, clock });
    ports.push(createPort({ ...shared, door, address, port, tls: https }));
  };
  const openHttp = async (): Promise<void> => {
    const { http } = settings;
    if (!http) return;
    const { address, port, dnsSuffixes = [] } = http;
    const opened = await openAcceptor(http, emit);
    if (typeof opened === 'string') {
      kerberosTrouble = opened;
      return;
    }
    acceptor = opened;
    const door = createKerberosDoor(createKerberosSessions(opened, dnsSuffixes));
    ports.push(createPort({ ...shared, door, address, port }));
  };
  const listenOnAll = async (): Promise<void> => {
    openHttps();
    await openHttp();
    if (ports.length === 0) {
      throw forwardingError('FORWARDING_NO_PORT', { reason: kerberosTrouble ?? '' });
    }
    for (const one of ports) {
      const place = await one.listen();
      listening.push(place);
      emit({
        name: 'event-forwarding.listening',
        level: 'info',
        message: `Event forwarding listens on ${place.scheme}://${place.address}:${place.port}`,
        fields: { ...place },
      });
    }
  };

  const close = async (): Promise<void> => {
    clearInterval(sweeping);
    await Promise.all(ports.map((one) => one.close()));
    listening.length = 0;
    ports.length = 0;
    acceptor?.close();
    acceptor = undefined;
    await watch.sweep();
  };

  return {
    listen: async () => {
      try {
        await listenOnAll();
      } catch (error) {
        await close();
        throw error;
      }
      const sweepMs = Math.min(SWEEP_MS_MAX, settings.heartbeatMs / SWEEPS_PER_HEARTBEAT);
      sweeping = setInterval(() => void watch.sweep(), sweepMs);
      sweeping.unref();
      return [...listening];
    },
    close,
    state: () => {
      let quietMachines = 0;
      for (const { isQuiet } of watch.machines()) quietMachines += isQuiet ? 1 : 0;
      return {
        ports: [...listening],
        ...(kerberosTrouble !== undefined && { kerberosTrouble }),
        machines: watch.size,
        quietMachines,
      };
    },
    machines: watch.machines,
    renewTls: (tls) => {
      for (const port of ports) if (port.scheme === 'https') port.renewTls(tls);
    },
  };
};
