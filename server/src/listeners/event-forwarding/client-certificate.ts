/** The computer behind a TLS connection, by the certificate that TLS has verified already. */
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { forwardingError } from './errors.ts';
import { type Machine, machineOfNames } from './machine.ts';

/** `DNS:pc1.example.org, IP Address:10.0.0.1`; Node quotes names with odd characters, which are no DNS names. */
const DNS_ENTRY = /^DNS:([^"]+)$/;

/** Names of the subject alternative name; where there are none, the common name. */
const namesOf = ({ subjectaltname, subject }: DetailedPeerCertificate): readonly string[] => {
  const entries = (subjectaltname ?? '').split(', ');
  const dnsNames = entries.flatMap((entry) => DNS_ENTRY.exec(entry)?.[1] ?? []);
  // Node gives an array when a certificate has several common names.
  const commonNames: readonly string[] = [subject?.CN ?? []].flat();
  return dnsNames.length > 0 ? dnsNames : commonNames.slice(0, 1);
};

/** SHA-1, as Windows shows thumbprints: hexadecimal in upper case. */
export const thumbprintKey = (text: string): string =>
  text.replace(/[^\dA-Fa-f]/g, '').toUpperCase();

const CHAIN_LENGTH_MAX = 10;

/** Thumbprints of those who vouch for the certificate, the nearest first. */
const issuersOf = (certificate: DetailedPeerCertificate): readonly string[] => {
  const issuers: string[] = [];
  let at = certificate;
  while (issuers.length < CHAIN_LENGTH_MAX) {
    const issuer = at.issuerCertificate;
    if (issuer === undefined || issuer === at || issuer.fingerprint === at.fingerprint) break;
    issuers.push(thumbprintKey(issuer.fingerprint));
    at = issuer;
  }
  return issuers;
};

export interface CertifiedMachine {
  readonly machine: Machine;
  /** UTC milliseconds: a connection may outlive its certificate. */
  readonly notAfter: number;
}

/** Throws FORWARDING_SENDER_UNKNOWN. */
export const certifiedMachine = (
  socket: TLSSocket,
  accepted: ReadonlySet<string>,
): CertifiedMachine => {
  const refuse = (reason: string): never => {
    throw forwardingError('FORWARDING_SENDER_UNKNOWN', { reason });
  };
  const certificate = socket.authorized ? socket.getPeerCertificate(true) : undefined;
  if (certificate?.raw === undefined) return refuse('it has no verified certificate');
  if (!issuersOf(certificate).some((issuer) => accepted.has(issuer))) {
    refuse('its certificate is of an issuer that is not accepted');
  }
  const machine = machineOfNames(namesOf(certificate));
  return machine === undefined
    ? refuse('its certificate names no computer')
    : { machine, notAfter: Date.parse(certificate.valid_to) };
};
