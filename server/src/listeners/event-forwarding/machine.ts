/** Who sends, as TLS or Kerberos says, and whether an event may be its own. Names are compared without letter case. */

export interface Machine {
  /** DNS name in lower case: key of its bookmarks and of what is known of it. */
  readonly name: string;
  /** Whether an event with this `Computer` is one of its own. */
  isOwn(computer: string): boolean;
}

const shortOf = (name: string): string => name.split('.', 1)[0] ?? name;

/** Events name a computer by its DNS name, or by the short one before it joins a domain. */
const namesOf = (dnsName: string): readonly string[] => [dnsName, shortOf(dnsName)];

/** RFC 1123 with the underscore Windows allows; no wildcard, no address. */
const DNS_NAME =
  /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,62})(?:\.[\p{L}\p{N}_][\p{L}\p{N}_-]{0,62})*$/u;
const ADDRESS = /^[\d.]+$/;

const isDnsName = (name: string): boolean => DNS_NAME.test(name) && !ADDRESS.test(name);

/** Undefined when none of the names of the certificate is that of a computer. */
export const machineOfNames = (dnsNames: readonly string[]): Machine | undefined => {
  const usable = dnsNames.filter(isDnsName).map((name) => name.toLowerCase());
  const [name] = usable;
  if (name === undefined) return undefined;
  const own = new Set(usable.flatMap(namesOf));
  return { name, isOwn: (computer) => own.has(computer.toLowerCase()) };
};

/** Windows cuts account names of computers here; the DNS name goes on. */
const ACCOUNT_NAME_LENGTH = 15;

/** `PC1$@EXAMPLE.ORG`; accounts of people and of services have no dollar. */
const MACHINE_PRINCIPAL = /^([^$@/\\]{1,64})\$@([^@/\\]{1,255})$/u;

/**
 * Undefined when the principal is no computer. Its DNS name is taken to be below the realm, as Windows makes it, or below
 * one of `dnsSuffixes`, for domains where it is not.
 */
export const machineOfPrincipal = (
  principal: string,
  dnsSuffixes: readonly string[] = [],
): Machine | undefined => {
  const [, account, realm] = MACHINE_PRINCIPAL.exec(principal) ?? [];
  if (account === undefined || realm === undefined) return undefined;
  const short = account.toLowerCase();
  if (!isDnsName(short)) return undefined;
  const domains = [realm, ...dnsSuffixes].map((domain) => domain.toLowerCase());
  const isIt = (label: string): boolean =>
    label === short || (short.length === ACCOUNT_NAME_LENGTH && label.startsWith(short));
  return {
    name: `${short}.${domains[0]}`,
    isOwn: (computer) => {
      const [label = '', ...domain] = computer.toLowerCase().split('.');
      return isIt(label) && (domain.length === 0 || domains.includes(domain.join('.')));
    },
  };
};
