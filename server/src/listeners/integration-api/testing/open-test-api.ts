/** The listener on a free port of this machine over a store in memory. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelfAuditEntry } from '../../../access/index.ts';
import type { RecordSink } from '../../../pipeline/index.ts';
import type { AuditStore } from '../../../store/index.ts';
import { createMemoryStore } from '../../../store/testing.ts';
import type { NamedEvent } from '../../../telemetry/index.ts';
import {
  createIntegrationApi,
  type IntegrationApi,
  type IntegrationApiLimits,
  type IntegrationApiOptions,
} from '../index.ts';
import { createTestAccess, PLAN_DOORS, PLAN_VAULT, type TestAccess } from './accounts.ts';
import { createStoreSink, type StoreSink } from './store-sink.ts';

export interface TestApi extends AsyncDisposable {
  readonly api: IntegrationApi;
  readonly port: number;
  readonly isSecure: boolean;
  readonly store: AuditStore;
  readonly sink: StoreSink;
  readonly access: TestAccess;
  readonly events: NamedEvent[];
  readonly audits: SelfAuditEntry[];
  now: number;
}

export interface TestApiOptions {
  readonly limits?: Partial<IntegrationApiLimits>;
  readonly isSecure?: boolean;
  readonly markKey?: Uint8Array;
  readonly timeZone?: string;
  readonly store?: AuditStore;
  /** Instead of the one that stores at once. */
  readonly sink?: RecordSink;
  readonly serverName?: string;
  readonly accountsOfGroup?: IntegrationApiOptions['accountsOfGroup'];
}

let certificate: { readonly key: string; readonly cert: string } | undefined;

/** Made once per test file. */
const makeCertificate = () => {
  const folder = mkdtempSync(join(tmpdir(), 'integration-api-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', key, '-out', cert];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', ...kind, '-days', '2', ...subject, ...files], {
      stdio: 'pipe',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const MARK_KEY = new Uint8Array(32).fill(7);

export const openTestApi = async (options: TestApiOptions = {}): Promise<TestApi> => {
  const { isSecure = false, limits } = options;
  const store = options.store ?? createMemoryStore();
  const sink = createStoreSink(store);
  const access = createTestAccess();
  const events: NamedEvent[] = [];
  const audits: SelfAuditEntry[] = [];
  if (isSecure) certificate ??= makeCertificate();
  const api = createIntegrationApi({
    settings: {
      address: '127.0.0.1',
      port: 0,
      ...(isSecure && certificate && { tls: certificate }),
      limits: { closeGraceMs: 100, ...limits },
    },
    access,
    store,
    sink: options.sink ?? sink,
    plans: {
      findForWriting: async (name, id) => {
        const plan = [PLAN_DOORS, PLAN_VAULT].find(
          (known) => known.name.toLowerCase() === name.toLowerCase(),
        );
        if (!plan || (id !== undefined && id !== plan.id)) return undefined;
        return { plan, items: [{ name: 'Badge feed', type: 'Integration' }] };
      },
    },
    markKey: options.markKey ?? MARK_KEY,
    emit: (event) => events.push(event),
    clock: () => test.now,
    timeZone: options.timeZone ?? 'UTC',
    serverName: options.serverName ?? 'witness.example.test',
    selfAudit: (entry) => audits.push(entry),
    ...(options.accountsOfGroup && { accountsOfGroup: options.accountsOfGroup }),
  });
  const { port } = await api.listen();
  const test: TestApi = {
    api,
    port,
    isSecure,
    store,
    sink,
    access,
    events,
    audits,
    now: Date.parse('2026-03-17T12:00:00Z'),
    [Symbol.asyncDispose]: () => api.close(),
  };
  return test;
};
