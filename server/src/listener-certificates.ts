/** The certificate a listener serves: the administrator's own, or the one made on first start. */
import {
  type Certificate,
  ensureCertificate,
  loadCertificate,
  serverNames,
} from './certificates/index.ts';
import type { Foundation, Surroundings } from './foundation.ts';
import type { Settings } from './settings/index.ts';

/** Own files of a listener, or the wish for the certificate made on first start. */
export interface TlsChoice {
  readonly enabled: boolean;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Undefined: plain HTTP. */
export type TlsFor = (tls: TlsChoice) => Promise<Certificate | undefined>;

export const createCertificates = (
  settings: Settings,
  foundation: Foundation,
  { clock, randomBytes }: Surroundings,
): TlsFor => {
  let own: Promise<Certificate> | undefined;
  return async ({ enabled, certificate: certificateFile, key: keyFile }) => {
    if (!enabled) return undefined;
    if (certificateFile && keyFile) return loadCertificate({ certificateFile, keyFile, clock });
    own ??= serverNames(settings.serverName).then((names) =>
      ensureCertificate({
        folder: foundation.folder.paths.certificates,
        names,
        emit: foundation.emit,
        clock,
        randomBytes,
      }),
    );
    return own;
  };
};
