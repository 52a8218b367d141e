/** A certificate with its key, read from PEM files and checked. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { certificateError } from './errors.ts';

export interface Certificate {
  /** PEM: the certificate and its chain. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** SHA-256 over the certificate: `AB:CD:...`. */
  readonly fingerprint256: string;
  /** SHA-1, the "thumbprint" that Windows clients pin. */
  readonly fingerprint: string;
  /** UTC milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Host names and addresses it is valid for. */
  readonly names: readonly string[];
}

export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

const read = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw certificateError('CERTIFICATE_UNREADABLE', { file, reason }, { cause });
  }
};

const parseCertificate = (file: string, pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw certificateError('CERTIFICATE_MALFORMED', { file }, { cause });
  }
};

const parseKey = (file: string, pem: string): KeyObject => {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const isEncrypted = pem.includes('ENCRYPTED');
    const reason = isEncrypted ? 'it is protected by a passphrase' : 'it cannot be parsed';
    throw certificateError('CERTIFICATE_KEY_MALFORMED', { file, reason }, { cause });
  }
};

/** `DNS:a.example.test, IP Address:127.0.0.1` -> names; quoting appears only for names no certificate of ours has. */
const toNames = (subjectAltName: string | undefined): string[] =>
  (subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);

/**
 * Throws CERTIFICATE_UNREADABLE, CERTIFICATE_MALFORMED, CERTIFICATE_KEY_MALFORMED, CERTIFICATE_KEY_MISMATCH. Whether
 * it is valid today is the caller's question.
 */
export const readCertificate = async (files: CertificateFiles): Promise<Certificate> => {
  const { certificateFile, keyFile } = files;
  const cert = await read(certificateFile);
  const key = await read(keyFile);
  const parsed = parseCertificate(certificateFile, cert);
  if (!parsed.checkPrivateKey(parseKey(keyFile, key))) {
    throw certificateError('CERTIFICATE_KEY_MISMATCH', { file: certificateFile, keyFile });
  }
  return {
    cert,
    key,
    fingerprint256: parsed.fingerprint256,
    fingerprint: parsed.fingerprint,
    notBefore: parsed.validFromDate.getTime(),
    notAfter: parsed.validToDate.getTime(),
    names: toNames(parsed.subjectAltName),
  };
};

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/**
 * A certificate the administrator gave. Beside what `readCertificate` throws: CERTIFICATE_EXPIRED and
 * CERTIFICATE_NOT_YET_VALID, because whoever chose it wants it to be trusted.
 */
export const loadCertificate = async (
  request: CertificateFiles & { readonly clock: () => number },
): Promise<Certificate> => {
  const certificate = await readCertificate(request);
  const now = request.clock();
  const file = request.certificateFile;
  if (certificate.notAfter <= now) {
    throw certificateError('CERTIFICATE_EXPIRED', { file, when: toDay(certificate.notAfter) });
  }
  if (certificate.notBefore > now) {
    const when = new Date(certificate.notBefore).toISOString();
    throw certificateError('CERTIFICATE_NOT_YET_VALID', { file, when });
  }
  return certificate;
};
