/** What the listener is told of its ports, and whether it can work. */
import { thumbprintKey } from './client-certificate.ts';
import { forwardingError } from './errors.ts';
import type { KerberosService } from './gssapi.ts';
import type { ClientTls } from './http-server.ts';
import type { EventForwardingLimits } from './limits.ts';
import type { DeliverySettings } from './subscriptions.ts';

export interface EventForwardingSettings extends DeliverySettings {
  /** 5986: computers sign in by certificates. */
  readonly https?: ClientTls & {
    readonly address: string;
    /** 0 takes any free one. */
    readonly port: number;
    /** SHA-1, as Windows shows them, of the authorities whose certificates are accepted; also told to the computers. */
    readonly issuerThumbprints: readonly string[];
  };
  /** 5985: computers sign in by Kerberos. Left out, with a word at start, where there is no GSSAPI library. */
  readonly http?: KerberosService & {
    readonly address: string;
    readonly port: number;
    /** DNS suffixes of computers whose DNS name does not end in the name of their domain. */
    readonly dnsSuffixes?: readonly string[];
  };
  /** As computers reach this server; certificates and service principal must agree with it. */
  readonly serverName: string;
  readonly limits?: Partial<EventForwardingLimits>;
}

const THUMBPRINT = /^[\dA-F]{40}$/;

/** Throws FORWARDING_SETTINGS_INVALID. */
export const checkSettings = (
  { https, http, heartbeatMs, envelopeBytesMax }: EventForwardingSettings,
  { bodyBytesMax }: EventForwardingLimits,
): void => {
  const fail = (reason: string): never => {
    throw forwardingError('FORWARDING_SETTINGS_INVALID', { reason });
  };
  if (!https && !http) fail('neither HTTPS nor Kerberos is set up');
  if (!(heartbeatMs > 0)) fail('the heartbeat interval is not positive');
  if (envelopeBytesMax > bodyBytesMax) {
    fail(`computers would be told to send ${envelopeBytesMax} bytes, ${bodyBytesMax} are taken`);
  }
  const thumbprints = https?.issuerThumbprints.map(thumbprintKey);
  if (thumbprints?.length === 0) fail('no issuer of client certificates is accepted');
  const wrong = thumbprints?.find((thumbprint) => !THUMBPRINT.test(thumbprint));
  if (wrong !== undefined) fail(`"${wrong}" is no SHA-1 thumbprint`);
};
