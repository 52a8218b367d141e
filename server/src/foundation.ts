/** What every way of running Witness stands on: the data folder with configuration, store and pipeline, and telemetry. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WitnessError } from '@witness/record';
import { type AccessControl, openAccess } from './access/index.ts';
import { type DataFolder, openDataFolder } from './data-folder/index.ts';
import {
  createRateMeter,
  createSelfAuditQueue,
  type RateMeter,
  type SelfAuditQueue,
} from './operations/index.ts';
import { createPipeline, PIPELINE_LIMITS, type Pipeline } from './pipeline/index.ts';
import { openConfigurationDatabase, openPlans, openSecretBox, type Plans } from './plans/index.ts';
import type { Settings } from './settings/index.ts';
import { RAW_INPUTS, SOURCES } from './sources/index.ts';
import {
  type AuditStore,
  type EngineChoice,
  openAuditStore,
  type StoreOptions,
} from './store/index.ts';
import { createTelemetry, type Emit, type Telemetry } from './telemetry/index.ts';

/** What the outside gives: streams, environment, time, randomness. */
export interface Surroundings {
  readonly error: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A batch in the spool is its body written anew, which escapes can make longer. */
const SPOOL_BYTES_PER_BODY_BYTE = 2;

const logFormat = (format: Settings['log']['format'], isTerminal: boolean): 'json' | 'pretty' =>
  format === 'auto' ? (isTerminal ? 'pretty' : 'json') : format;

const engineChoice = ({ store }: Settings, folder: string): EngineChoice => {
  if (store.engine === 'embedded') return { kind: 'embedded', folder };
  const { url = '', cluster, database, username, password = '' } = store.cluster;
  const account = { database, username, password };
  return { kind: 'cluster', url, ...account, ...(cluster === undefined ? {} : { cluster }) };
};

export interface Records {
  readonly store: AuditStore;
  readonly pipeline: Pipeline;
}

/** Everything but the listeners. */
export interface Foundation extends AsyncDisposable {
  readonly folder: DataFolder;
  readonly serverName: string;
  readonly telemetry: Telemetry;
  readonly emit: Emit;
  readonly plans: Plans;
  readonly access: AccessControl;
  readonly selfAudit: SelfAuditQueue;
  readonly rate: RateMeter;
  /** The store with the pipeline before it; opened at the first call. */
  readonly records: () => Promise<Records>;
  readonly recordsIfOpen: () => Records | undefined;
  readonly startedAt: number;
}

/** Counts stored records on their way to the log and the metrics. */
const countingEmit =
  (emit: Emit, rate: RateMeter): Emit =>
  (event) => {
    for (const { metric, by = 1 } of event.counts ?? []) {
      if (metric === 'witness_records_stored_total') rate.add(by);
    }
    emit(event);
  };

/** The engine of a server that was killed ends by itself, but not at once. */
const STORE_PATIENCE_MS = 20_000;
const STORE_RETRY_MS = 500;

/** Tries again for a while what may pass by itself. */
const openStorePatiently = async (options: StoreOptions): Promise<AuditStore> => {
  const startedAt = options.clock();
  for (;;) {
    try {
      return await openAuditStore(options);
    } catch (error) {
      const mayPass = error instanceof WitnessError && error.retry !== 'never';
      if (!mayPass || options.clock() - startedAt > STORE_PATIENCE_MS) throw error;
      options.emit({
        name: 'store.open-retried',
        level: 'warn',
        message: 'The audit database could not be opened; it is tried again',
        error,
      });
      await delay(STORE_RETRY_MS);
    }
  }
};

const openRecords = async (
  settings: Settings,
  { paths }: DataFolder,
  given: Surroundings & { readonly emit: Emit; readonly serverName: string },
): Promise<Records & AsyncDisposable> => {
  const { emit, clock, randomBytes, serverName } = given;
  const { keepRawEvents } = settings.store;
  await using stack = new AsyncDisposableStack();
  const store = stack.use(
    await openStorePatiently({
      engine: engineChoice(settings, paths.store),
      emit,
      clock,
      keepRawEvents,
      limits: { freeBytesMin: settings.limits.freeBytesMin },
    }),
  );
  const pipeline = stack.use(
    await createPipeline({
      folder: paths.spool,
      store,
      inputs: RAW_INPUTS,
      emit,
      clock,
      randomBytes,
      serverName,
      keepRawEvents,
      limits: {
        batchBytesMax: Math.max(
          PIPELINE_LIMITS.batchBytesMax,
          SPOOL_BYTES_PER_BODY_BYTE * settings.limits.requestBytesMax,
        ),
        spoolBytesMax: settings.limits.spoolBytesMax,
        freeBytesMin: settings.limits.freeBytesMin,
      },
    }),
  );
  const owned = stack.move();
  return { store, pipeline, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

export const openFoundation = async (
  settings: Settings,
  surroundings: Surroundings,
): Promise<Foundation> => {
  const { error, clock, randomBytes } = surroundings;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(openDataFolder(settings.data));
  const telemetry = createTelemetry({
    level: settings.log.level,
    format: logFormat(settings.log.format, error.isTTY === true),
    destination: error,
    clock,
  });
  const rate = createRateMeter(clock);
  const emit = countingEmit(telemetry.emit, rate);
  const serverName = settings.serverName ?? hostname();

  let opened: Records | undefined;
  let opening: Promise<Records & AsyncDisposable> | undefined;
  const records = async (): Promise<Records> => {
    opening ??= openRecords(settings, folder, { ...surroundings, emit, serverName });
    opened = await opening;
    return opened;
  };
  stack.defer(async () => {
    await (await opening)?.[Symbol.asyncDispose]();
  });

  const selfAudit = stack.use(
    createSelfAuditQueue({
      sink: async () => (await records()).pipeline,
      serverName,
      clock,
      randomBytes,
      emit,
    }),
  );
  const database = stack.use(
    await openConfigurationDatabase({ file: folder.paths.configuration, emit, clock }),
  );
  const secrets = await openSecretBox({
    keyFile: join(folder.paths.keys, 'secrets.key'),
    database,
    randomBytes,
    emit,
  });
  const shared = { database, selfAudit: selfAudit.add, clock, randomBytes };
  const plans = await openPlans({ ...shared, secrets, sources: SOURCES });
  const access = stack.use(await openAccess({ ...shared, plans, emit }));
  const owned = stack.move();
  return {
    folder,
    serverName,
    telemetry,
    emit,
    plans,
    access,
    selfAudit,
    rate,
    records,
    recordsIfOpen: () => opened,
    startedAt: clock(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
