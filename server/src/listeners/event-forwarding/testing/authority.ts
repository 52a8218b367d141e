/** Certificate authorities of the tests, and what they sign. */
import { webcrypto, X509Certificate } from 'node:crypto';

import './reflect-metadata.ts';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type X509Certificate as PeculiarCertificate,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 24 * 3600 * 1000;

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly serialNumber: string;
}

export interface LeafRequest {
  readonly commonName?: string;
  readonly dnsNames?: readonly string[];
  /** Days from now. */
  readonly validDays?: readonly [from: number, until: number];
  readonly usage?: 'client' | 'server';
}

export interface Authority {
  readonly pem: string;
  /** SHA-1, as Windows shows it. */
  readonly thumbprint: string;
  issue(request: LeafRequest): Promise<TestCertificate>;
  /** An authority below this one. */
  subordinate(name: string): Promise<Authority>;
  /** Revocation list, PEM, that ends so many days from now. */
  revoke(serialNumbers: readonly string[], untilDays?: number): Promise<string>;
}

const keyPem = async (key: webcrypto.CryptoKey): Promise<string> => {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
};

const days = (count: number): Date => new Date(Date.now() + count * DAY_MS);

let serial = 0;
const nextSerial = (): string => {
  serial += 1;
  return `01${serial.toString(16).padStart(6, '0')}`;
};

interface Signer {
  readonly certificate: PeculiarCertificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

const authorityOf = ({ certificate, keys }: Signer): Authority => {
  const pem = `${certificate.toString('pem')}\n`;
  const issuer = certificate.subject;
  return {
    pem,
    thumbprint: new X509Certificate(pem).fingerprint.replaceAll(':', ''),
    issue: async ({ commonName, dnsNames = [], validDays = [-1, 30], usage = 'client' }) => {
      const leafKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const serialNumber = nextSerial();
      const leaf = await X509CertificateGenerator.create({
        serialNumber,
        subject: commonName === undefined ? 'O=Test' : `CN=${commonName}`,
        issuer,
        notBefore: days(validDays[0]),
        notAfter: days(validDays[1]),
        signingAlgorithm: ALGORITHM,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new ExtendedKeyUsageExtension([
            usage === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth,
          ]),
          ...(dnsNames.length === 0
            ? []
            : [
                new SubjectAlternativeNameExtension(
                  dnsNames.map((value) => ({ type: 'dns' as const, value })),
                ),
              ]),
        ],
      });
      return {
        cert: `${leaf.toString('pem')}\n${pem}`,
        key: await keyPem(leafKeys.privateKey),
        serialNumber,
      };
    },
    subordinate: async (name) => makeAuthority(name, { certificate, keys }),
    revoke: async (serialNumbers, untilDays = 7) => {
      const crl = await X509CrlGenerator.create({
        issuer,
        thisUpdate: days(-1),
        nextUpdate: days(untilDays),
        signingAlgorithm: ALGORITHM,
        signingKey: keys.privateKey,
        entries: serialNumbers.map((serialNumber) => ({ serialNumber, revocationDate: days(-1) })),
      });
      return `${crl.toString('pem').replaceAll(' CRL-', ' X509 CRL-')}\n`;
    },
  };
};

const makeAuthority = async (name: string, parent?: Signer): Promise<Authority> => {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    subject: `CN=${name}`,
    issuer: parent?.certificate.subject ?? `CN=${name}`,
    notBefore: days(-400),
    notAfter: days(400),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: (parent ?? { keys }).keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return authorityOf({ certificate, keys });
};

export const createAuthority = (name: string): Promise<Authority> => makeAuthority(name);
