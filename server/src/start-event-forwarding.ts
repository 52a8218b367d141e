/** Puts the collector of Windows Event Forwarding together from the settings and the monitoring plans. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineErrors } from '@witness/record';
import type { Foundation, Surroundings } from './foundation.ts';
import type { TlsFor } from './listener-certificates.ts';
import {
  createEventForwarding,
  type EventForwarding,
  type EventForwardingSettings,
  openBookmarkStore,
} from './listeners/index.ts';
import type { RecordSink } from './pipeline/index.ts';
import type { Settings } from './settings/index.ts';
import { SOURCES } from './sources/index.ts';
import { subscriptionsOf } from './windows-collection/index.ts';

const error = defineErrors({
  FORWARDING_FILE_UNREADABLE: {
    message: 'Cannot read {file}, which {setting} names: {reason}.',
    advice: 'Check the path and that the account of the server may read it.',
    retry: 'never',
  },
});

const DELIVERY = {
  heartbeatMs: 900_000,
  /** The lowest latency that Windows offers of its own is 30 s; an alert within seconds needs less. */
  deliveryMaxMs: 5_000,
  envelopeBytesMax: 512_000,
} as const;

const readPem = async (setting: string, file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw error('FORWARDING_FILE_UNREADABLE', { file, setting, reason }, { cause });
  }
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** SHA-1 of each certificate, as Windows shows them. */
const thumbprintsOf = (pem: string): string[] =>
  [...pem.matchAll(CERTIFICATE)].map(([text]) =>
    new X509Certificate(text).fingerprint.replaceAll(':', ''),
  );

const httpsOf = async (
  { listeners }: Settings,
  tlsFor: TlsFor,
): Promise<Pick<EventForwardingSettings, 'https'>> => {
  const { enabled, address, port, tls } = listeners['event-forwarding'];
  if (!enabled || tls.clientCa === undefined) return {};
  const certificate = await tlsFor({ ...tls, enabled: true });
  if (!certificate) return {};
  const base = 'listeners.event-forwarding.tls';
  const clientCa = await readPem(`${base}.clientCa`, tls.clientCa);
  return {
    https: {
      address,
      port,
      cert: certificate.cert,
      key: certificate.key,
      clientCa,
      issuerThumbprints: thumbprintsOf(clientCa),
      ...(tls.crl === undefined ? {} : { crl: await readPem(`${base}.crl`, tls.crl) }),
    },
  };
};

const httpOf = (
  { listeners }: Settings,
  serverName: string,
): Pick<EventForwardingSettings, 'http'> => {
  const { enabled, address, port, keytab, servicePrincipal } =
    listeners['event-forwarding-kerberos'];
  if (!enabled || keytab === undefined) return {};
  return {
    http: { address, port, keytab, servicePrincipal: servicePrincipal ?? `HTTP/${serverName}` },
  };
};

/** Undefined when neither listener is on. */
export const startEventForwarding = async (
  settings: Settings,
  foundation: Foundation,
  given: Surroundings & { readonly tlsFor: TlsFor; readonly sink: RecordSink },
): Promise<(EventForwarding & AsyncDisposable) | undefined> => {
  const { folder, plans, emit, selfAudit, serverName } = foundation;
  const { clock, randomBytes, sink, tlsFor } = given;
  const ways = { ...(await httpsOf(settings, tlsFor)), ...httpOf(settings, serverName) };
  if (!ways.https && !ways.http) return undefined;
  await using stack = new AsyncDisposableStack();
  const bookmarks = stack.use(
    await openBookmarkStore({ folder: join(folder.paths.root, 'event-forwarding'), emit }),
  );
  const forwarding = createEventForwarding({
    settings: { ...DELIVERY, ...ways, serverName },
    subscriptions: () =>
      subscriptionsOf(plans.current(), SOURCES).map(({ planId, ...subscription }) => ({
        ...subscription,
        plan: { id: planId, name: subscription.name },
        includesExisting: true,
      })),
    sink,
    bookmarks,
    declaredForwarders: () => [],
    emit,
    clock,
    randomBytes,
    selfAudit: selfAudit.add,
  });
  await forwarding.listen();
  stack.defer(() => forwarding.close());
  const owned = stack.move();
  return { ...forwarding, [Symbol.asyncDispose]: async () => owned.disposeAsync() };
};
