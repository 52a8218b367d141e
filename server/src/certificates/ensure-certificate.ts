/** The certificate Witness makes for itself: once, then kept, because clients pin its thumbprint. */
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WitnessError } from '@witness/record';
import type { Emit } from '../telemetry/index.ts';
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.ts';
import { certificateError } from './errors.ts';

export interface EnsureCertificateRequest {
  /** Made when absent. Holds `certificate.pem` and `private-key.pem`. */
  readonly folder: string;
  /** Host names and addresses clients may use; see `serverNames`. */
  readonly names: readonly string[];
  readonly emit: Emit;
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

const WARN_BEFORE_EXPIRY_MS = 30 * 24 * 3600 * 1000;

/** Faults of a pair that a crash between its two files can leave behind, or a file somebody removed: made anew. */
const REPLACED_FAULTS: ReadonlySet<string> = new Set([
  'CERTIFICATE_MALFORMED',
  'CERTIFICATE_KEY_MALFORMED',
  'CERTIFICATE_KEY_MISMATCH',
]);

const isReplaceable = (error: unknown): error is WitnessError =>
  error instanceof WitnessError &&
  (REPLACED_FAULTS.has(error.code) ||
    (error.code === 'CERTIFICATE_UNREADABLE' && error.values.reason === 'ENOENT'));

const write = async (file: string, text: string, mode: number): Promise<void> => {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode, flag: 'wx', flush: true });
  await rename(draft, file);
};

const make = async (request: EnsureCertificateRequest, files: CertificateFiles): Promise<void> => {
  // Loaded only now: on every later start the certificate is there already.
  const { makeSelfSigned } = await import('./make-self-signed.ts');
  const made = await makeSelfSigned({
    names: request.names,
    now: request.clock(),
    randomBytes: request.randomBytes,
  });
  try {
    await mkdir(request.folder, { recursive: true, mode: 0o700 });
    await write(files.keyFile, made.key, 0o600);
    await write(files.certificateFile, made.cert, 0o644);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw certificateError('CERTIFICATE_NOT_KEPT', { folder: request.folder, reason }, { cause });
  }
};

const readKept = async (
  request: EnsureCertificateRequest,
  files: CertificateFiles,
): Promise<Certificate | undefined> => {
  try {
    const certificate = await readCertificate(files);
    await chmod(files.keyFile, 0o600);
    return certificate;
  } catch (error) {
    if (!isReplaceable(error)) throw error;
    const isFirstStart = error.code === 'CERTIFICATE_UNREADABLE';
    request.emit({
      name: 'certificates.made',
      level: isFirstStart ? 'info' : 'warn',
      message: isFirstStart
        ? 'A certificate is made for this server'
        : 'The kept certificate cannot be used; a new one is made, and clients that pinned the old one must be told',
      fields: { folder: request.folder, names: request.names.join(' ') },
      ...(!isFirstStart && { error }),
    });
    return undefined;
  }
};

/** An expired certificate is still served: clients that pin it go on working, and replacing it would cut them off. */
const tellWhatIsWrong = (request: EnsureCertificateRequest, certificate: Certificate): void => {
  const expires = new Date(certificate.notAfter).toISOString().slice(0, 10);
  if (certificate.notAfter - request.clock() < WARN_BEFORE_EXPIRY_MS) {
    request.emit({
      name: 'certificates.expiring',
      level: 'warn',
      message: `The certificate made for this server expires on ${expires}. Remove both files of the folder and restart to get a new one, then let clients trust it`,
      fields: { folder: request.folder, expires },
    });
  }
  const missing = request.names.filter(
    (name) => !certificate.names.some((known) => isSameName(known, name)),
  );
  if (missing.length > 0) {
    request.emit({
      name: 'certificates.names-missing',
      level: 'warn',
      message:
        'The certificate made for this server does not hold all its names; clients that check the name refuse it there. Remove both files of the folder and restart to get a new one',
      fields: { folder: request.folder, missing: missing.join(' ') },
    });
  }
};

/** Addresses are written in several ways: `::1` is `0:0:0:0:0:0:0:1` in a certificate's text. */
const isSameName = (left: string, right: string): boolean =>
  toComparable(left) === toComparable(right);

const toComparable = (name: string): string =>
  name.includes(':') && URL.canParse(`http://[${name}]`)
    ? new URL(`http://[${name}]`).hostname
    : name.toLowerCase();

/**
 * The kept certificate, or a new one on first start. Throws CERTIFICATE_UNREADABLE (files there but not readable) and
 * CERTIFICATE_NOT_KEPT.
 */
export const ensureCertificate = async (
  request: EnsureCertificateRequest,
): Promise<Certificate> => {
  const files: CertificateFiles = {
    certificateFile: join(request.folder, 'certificate.pem'),
    keyFile: join(request.folder, 'private-key.pem'),
  };
  const kept = await readKept(request, files);
  if (!kept) await make(request, files);
  const certificate = kept ?? (await readCertificate(files));
  tellWhatIsWrong(request, certificate);
  return certificate;
};
