/** The names clients may know this machine by. */
import { lookup, lookupService } from 'node:dns/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'] as const;

/** How long a start waits for a name server that does not answer. */
const LOOKUP_TIMEOUT_MS = 2000;

/** What a certificate may hold as a DNS name; a Windows host name with an underscore passes too. */
const DNS_NAME = /^(?=.{1,253}$)[a-z\d_](?:[a-z\d_-]{0,62})(?:\.[a-z\d_](?:[a-z\d_-]{0,62}))*$/i;

const IS_ADDRESS = /^[\d.]+$|:/;

/** Without doubles, without what no certificate can hold; the given name first. */
export const toServerNames = (given: readonly (string | undefined)[]): string[] => {
  const usable = given.filter(
    (name): name is string => name !== undefined && (IS_ADDRESS.test(name) || DNS_NAME.test(name)),
  );
  return [...new Set([...usable.map((name) => name.toLowerCase()), ...LOOPBACK_NAMES])];
};

/** The host name's fully qualified form as the name service knows it; undefined when it knows none or is slow. */
const qualifiedName = async (host: string): Promise<string | undefined> => {
  const cancel = new AbortController();
  const asked = lookup(host)
    .then(({ address }) => lookupService(address, 0))
    .then(({ hostname: name }) => name)
    // A machine without a name service is ordinary: it then has only its short name.
    .catch(() => undefined);
  const timedOut = delay(LOOKUP_TIMEOUT_MS, undefined, { signal: cancel.signal }).catch(
    () => undefined,
  );
  const name = await Promise.race([asked, timedOut]);
  cancel.abort();
  return name && !IS_ADDRESS.test(name) ? name : undefined;
};

/** The given server name, the host name, its qualified and its short form, `localhost`, 127.0.0.1 and ::1. */
export const serverNames = async (serverName?: string): Promise<string[]> => {
  const host = hostname();
  return toServerNames([serverName, host, await qualifiedName(host), host.split('.')[0]]);
};
