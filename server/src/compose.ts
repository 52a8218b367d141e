/**
 * The composition root: reads the settings, builds every part, owns start and shutdown. Parts are closed in the opposite order of
 * their making.
 */
import { join } from 'node:path';
import { createConsoleApi } from './console-api/index.ts';
import { ensureKeyFile } from './data-folder/index.ts';
import { type Foundation, openFoundation, type Records, type Surroundings } from './foundation.ts';
import { createHealthProbe } from './health-probe.ts';
import { listenAs } from './listen-errors.ts';
import { createCertificates } from './listener-certificates.ts';
import { createIntegrationApi, createLocalControl } from './listeners/index.ts';
import { createOperations, type Operations, type StatusReport } from './operations/index.ts';
import type { RecordSink } from './pipeline/index.ts';
import type { ListenerSettings, Settings } from './settings/index.ts';
import { startEventForwarding } from './start-event-forwarding.ts';
import { createStatus, freeBytesOf } from './status.ts';

export interface Server {
  readonly addresses: readonly { listener: string; title: string; url: string }[];
  readonly dataFolder: string;
  readonly certificateFingerprint: string | undefined;
  readonly firstAdministrator: { name: string; generatedPassword?: string } | undefined;
  readonly submit: RecordSink['submit'];
  close(): Promise<void>;
}

const MARK_KEY_BYTES = 32;

const foundationOperations = (
  foundation: Foundation,
  settings: Settings,
  { clock, randomBytes }: Surroundings,
  rest: { readonly status: () => Promise<StatusReport>; readonly close: () => Promise<void> },
): Operations =>
  createOperations({
    plans: foundation.plans,
    access: foundation.access,
    records: foundation.records,
    audited: foundation.selfAudit.flush,
    clock,
    randomBytes,
    timeZone: settings.timeZone,
    ...rest,
  });

/** The data folder opened by this process, without listeners: what a command works with when no server runs. */
export const composeOperations = async (
  settings: Settings,
  surroundings: Surroundings,
): Promise<Operations> => {
  const quiet = { ...settings, log: { ...settings.log, level: 'error' as const } };
  const foundation = await openFoundation(quiet, surroundings);
  return foundationOperations(foundation, settings, surroundings, {
    status: createStatus(foundation, { isRunning: false, addresses: [] }, surroundings.clock),
    close: async () => foundation[Symbol.asyncDispose](),
  });
};

const urlOf = (
  settings: Settings,
  { tls, address }: ListenerSettings,
  place: { readonly port: number; readonly path: string },
): string => {
  const isAny = address === '0.0.0.0' || address === '::';
  const host = isAny ? (settings.serverName ?? 'localhost') : address;
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${tls.enabled ? 'https' : 'http'}://${shown}:${place.port}${place.path}`;
};

const watch = (foundation: Foundation, { store, pipeline }: Records): void => {
  const { telemetry, folder } = foundation;
  telemetry.gauge('witness_spool_backlog_batches', () => pipeline.state().backlogBatches);
  telemetry.gauge('witness_spool_backlog_bytes', () => pipeline.state().backlogBytes);
  telemetry.gauge('witness_disk_free_bytes', () => freeBytesOf(folder.paths.root));
  telemetry.gauge('witness_store_records', async () => (await store.summary()).records);
  telemetry.gauge('witness_store_bytes', async () => (await store.summary()).bytesOnDisk);
};

/** Resolves when every listener that is on answers. Rejects with the error of the part that could not be started. */
export const composeServer = async (
  settings: Settings,
  surroundings: Surroundings,
): Promise<Server> => {
  const { clock, randomBytes, env } = surroundings;
  await using stack = new AsyncDisposableStack();
  const foundation = stack.use(await openFoundation(settings, surroundings));
  const { folder, access, plans, emit, telemetry, serverName, selfAudit } = foundation;
  const { health } = telemetry;
  const records = await foundation.records();
  const { store, pipeline } = records;
  watch(foundation, records);
  const probe = createHealthProbe(records, { health, clock });
  await probe.look();
  const first = await access.ensureFirstAdministrator(
    env.WITNESS_ADMIN_PASSWORD ? { password: env.WITNESS_ADMIN_PASSWORD } : {},
  );

  const addresses: { listener: string; title: string; url: string }[] = [];
  const certificateFor = createCertificates(settings, foundation, surroundings);
  let fingerprint: string | undefined;
  const tlsOf = async (listener: ListenerSettings) => {
    const certificate = await certificateFor(listener.tls);
    fingerprint ??= certificate?.fingerprint256;
    return certificate ? { tls: { cert: certificate.cert, key: certificate.key } } : {};
  };

  const apiSettings = settings.listeners['integration-api'];
  if (apiSettings.enabled) {
    const { address, port } = apiSettings;
    const api = createIntegrationApi({
      settings: {
        address,
        port,
        ...(await tlsOf(apiSettings)),
        limits: {
          bodyBytesMax: settings.limits.requestBytesMax,
          connectionsMax: settings.limits.connectionsMax,
          requestTimeoutMs: settings.limits.requestSecondsMax * 1000,
        },
      },
      access,
      store,
      sink: pipeline,
      plans,
      markKey: ensureKeyFile(join(folder.paths.keys, 'marks.key'), MARK_KEY_BYTES, randomBytes),
      emit,
      clock,
      timeZone: settings.timeZone,
      serverName,
      selfAudit: selfAudit.add,
      randomBytes,
    });
    const bound = await listenAs('integration-api', apiSettings, api.listen);
    stack.defer(() => api.close());
    health.report({ name: 'listener integration-api', isReady: true });
    const url = urlOf(settings, apiSettings, { port: bound.port, path: '/netwrix/api/v1' });
    addresses.push({ listener: 'integration-api', title: 'Integration API', url });
  }

  const consoleSettings = settings.listeners.console;
  if (consoleSettings.enabled) {
    const consoleApi = createConsoleApi({
      address: consoleSettings.address,
      port: consoleSettings.port,
      ...(await tlsOf(consoleSettings)),
      access,
      telemetry,
      look: probe.look,
      integrationApiUrl: addresses[0]?.url,
    });
    const bound = await listenAs('console', consoleSettings, consoleApi.listen);
    stack.defer(() => consoleApi.close());
    health.report({ name: 'listener console', isReady: true });
    const url = urlOf(settings, consoleSettings, { port: bound.port, path: '/' });
    addresses.push({ listener: 'console', title: 'Console', url });
  }

  const forwarding = await startEventForwarding(settings, foundation, {
    ...surroundings,
    tlsFor: certificateFor,
    sink: pipeline,
  });
  if (forwarding) {
    stack.use(forwarding);
    health.report({ name: 'listener event-forwarding', isReady: true });
    for (const { scheme, port } of forwarding.state().ports) {
      const url = `${scheme}://${settings.serverName ?? 'localhost'}:${port}/wsman/SubscriptionManager/WEC`;
      addresses.push({ listener: 'event-forwarding', title: 'Event forwarding', url });
    }
  }

  const control = createLocalControl({
    socketPath: folder.paths.controlSocket,
    operations: foundationOperations(foundation, settings, surroundings, {
      status: createStatus(foundation, { isRunning: true, addresses }, clock),
      close: async () => {},
    }),
    emit,
  });
  await control.listen();
  stack.defer(() => control.close());

  const owned = stack.move();
  return {
    addresses,
    dataFolder: folder.paths.root,
    certificateFingerprint: fingerprint,
    firstAdministrator:
      first.outcome === 'created'
        ? {
            name: first.userName,
            ...(first.password === undefined ? {} : { generatedPassword: first.password }),
          }
        : undefined,
    submit: pipeline.submit,
    close: () => owned.disposeAsync(),
  };
};
