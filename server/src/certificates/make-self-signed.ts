/** A self-signed server certificate, ECDSA on P-256: what every TLS 1.2 client of the last ten years accepts. */
import './reflect-metadata.ts';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface SelfSignedRequest {
  /** Host names and addresses; the first becomes the common name where it is short enough. */
  readonly names: readonly string[];
  /** UTC milliseconds. */
  readonly now: number;
  readonly randomBytes: (count: number) => Uint8Array;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** As the vendor's own tool makes them (Integration API reference, "Transport"). */
const VALID_YEARS = 5;

/** Clients whose clock is behind must accept it too. */
const CLOCK_SKEW_MS = 24 * 3600 * 1000;

/** RFC 5280, ub-common-name. */
const COMMON_NAME_LENGTH_MAX = 64;

const toPem = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

/** RFC 5280: positive and at most 20 octets. */
const toSerial = (bytes: Uint8Array): string => `01${Buffer.from(bytes).toString('hex')}`;

const yearsLater = (ms: number, years: number): Date => {
  const date = new Date(ms);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
};

/** PEM texts of the certificate and its private key (PKCS #8). */
export const makeSelfSigned = async (
  request: SelfSignedRequest,
): Promise<{ readonly cert: string; readonly key: string }> => {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const commonName =
    request.names.find((name) => name.length <= COMMON_NAME_LENGTH_MAX) ?? 'Witness';
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: toSerial(request.randomBytes(16)),
    name: [{ CN: [commonName] }],
    notBefore: new Date(request.now - CLOCK_SKEW_MS),
    notAfter: yearsLater(request.now, VALID_YEARS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        request.names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name })),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem').concat('\n'), key: toPem('PRIVATE KEY', key) };
};
