/** The certificate a listener serves: the administrator's own, or the one made on first start. */
import {
  type Certificate,
  ensureCertificate,
  loadCertificate,
  serverNames,
} from './certificates/index.ts';
import type { Foundation, Surroundings } from './foundation.ts';
import type { ListenerSettings, Settings } from './settings/index.ts';

export const createCertificates = (
  settings: Settings,
  foundation: Foundation,
  { clock, randomBytes }: Surroundings,
) => {
  let own: Promise<Certificate> | undefined;
  return async ({ tls }: ListenerSettings): Promise<Certificate | undefined> => {
    if (!tls.enabled) return undefined;
    const { certificate: certificateFile, key: keyFile } = tls;
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
