/** The listener on loopback ports, with its own authority and a sink in the test's hands. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelfAuditEntry } from '../../../access/index.ts';
import type { RecordSink } from '../../../pipeline/index.ts';
import type { NamedEvent } from '../../../telemetry/index.ts';
import {
  createEventForwarding,
  type EventForwarding,
  type EventForwardingOptions,
  type EventForwardingSettings,
  openBookmarkStore,
  type SubscriptionDefinition,
} from '../index.ts';
import { type Authority, createAuthority, type TestCertificate } from './authority.ts';

export const SUBSCRIPTION: SubscriptionDefinition = {
  id: '219C5353-5F3D-4CD7-A644-F6B69E57C1C1',
  name: 'Witness',
  revision: '1',
  selections: [{ channel: 'Application' }],
  contentFormat: 'Events',
  includesExisting: true,
};

export interface TestAuthorities {
  readonly ca: Authority;
  readonly server: TestCertificate;
}

let shared: Promise<TestAuthorities> | undefined;

const makeAuthorities = async (): Promise<TestAuthorities> => {
  const ca = await createAuthority('Test clients');
  return { ca, server: await ca.issue({ dnsNames: ['localhost'], usage: 'server' }) };
};

/** Made once in a process. */
export const authorities = (): Promise<TestAuthorities> => {
  shared ??= makeAuthorities();
  return shared;
};

export interface TestForwarding extends AsyncDisposable {
  readonly forwarding: EventForwarding;
  readonly port: number;
  readonly httpPort: number;
  readonly ca: Authority;
  readonly events: NamedEvent[];
  readonly audited: SelfAuditEntry[];
  readonly folder: string;
}

export interface TestForwardingOptions
  extends Partial<Omit<EventForwardingOptions, 'settings' | 'bookmarks'>> {
  readonly sink: RecordSink;
  readonly folder?: string;
  readonly settings?: Partial<EventForwardingSettings>;
  readonly https?: Partial<NonNullable<EventForwardingSettings['https']>> | false;
}

export const openTestForwarding = async (
  options: TestForwardingOptions,
): Promise<TestForwarding> => {
  const { ca, server } = await authorities();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'event-forwarding-')));
  const events: NamedEvent[] = [];
  const audited: SelfAuditEntry[] = [];
  const emit = options.emit ?? ((event: NamedEvent) => void events.push(event));
  const bookmarks = await openBookmarkStore({ folder, emit });
  const { https, settings, folder: given, ...rest } = options;
  const create = (): EventForwarding =>
    createEventForwarding({
      subscriptions: () => [SUBSCRIPTION],
      declaredForwarders: () => [],
      clock: Date.now,
      randomBytes,
      selfAudit: (entry) => void audited.push(entry),
      ...rest,
      emit,
      bookmarks,
      settings: {
        serverName: 'localhost',
        heartbeatMs: 60_000,
        deliveryMaxMs: 30_000,
        envelopeBytesMax: 512_000,
        ...(https !== false && {
          https: {
            address: '127.0.0.1',
            port: 0,
            key: server.key,
            cert: server.cert,
            clientCa: ca.pem,
            issuerThumbprints: [ca.thumbprint],
            ...https,
          },
        }),
        ...settings,
      },
    });
  const release = async (): Promise<void> => {
    await bookmarks[Symbol.asyncDispose]();
    if (given === undefined) await rm(folder, { recursive: true, force: true });
  };
  const open = async () => {
    try {
      const forwarding = create();
      return { forwarding, ports: await forwarding.listen() };
    } catch (error) {
      await release();
      throw error;
    }
  };
  const { forwarding, ports } = await open();
  const portOf = (scheme: string): number =>
    ports.find((port) => port.scheme === scheme)?.port ?? 0;
  return {
    forwarding,
    port: portOf('https'),
    httpPort: portOf('http'),
    ca,
    events,
    audited,
    folder,
    [Symbol.asyncDispose]: async () => {
      await forwarding.close();
      await release();
    },
  };
};
