/** The two ports: how each knows who is there. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type CertifiedMachine, certifiedMachine } from './client-certificate.ts';
import { forwardingError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { KerberosSession, KerberosSessions } from './kerberos-session.ts';
import type { Machine } from './machine.ts';
import type { DeliveryPlace } from './subscriptions.ts';

export type Scheme = 'https' | 'http';

export interface Admission {
  /** Absent: the request is refused. */
  readonly machine?: Machine;
  /** Present where bodies are encrypted by Kerberos. */
  readonly session?: KerberosSession;
  /** `WWW-Authenticate` of the answer. */
  readonly challenge?: readonly string[];
}

export interface Door {
  readonly scheme: Scheme;
  readonly authentication: DeliveryPlace['authentication'];
  /** Throws FORWARDING_SENDER_UNKNOWN or FORWARDING_KERBEROS_REFUSED. */
  admit(exchange: Exchange): Admission;
  /** The sign-in of this connection is no longer good. */
  expel(socket: Socket): void;
}

/** 5986. */
export const createCertificateDoor = (options: {
  /** In the form of `thumbprintKey`. */
  readonly issuerThumbprints: readonly string[];
  readonly clock: () => number;
}): Door => {
  const accepted: ReadonlySet<string> = new Set(options.issuerThumbprints);
  const known = new WeakMap<Socket, CertifiedMachine>();
  const certify = (socket: Socket): CertifiedMachine => {
    const before = known.get(socket);
    if (before) return before;
    if (!(socket instanceof TLSSocket)) throw forwardingError('FORWARDING_FAILED');
    const certified = certifiedMachine(socket, accepted);
    known.set(socket, certified);
    return certified;
  };
  return {
    scheme: 'https',
    authentication: { kind: 'certificate', issuerThumbprints: options.issuerThumbprints },
    admit: ({ request }) => {
      const { machine, notAfter } = certify(request.socket);
      if (options.clock() > notAfter) {
        const reason = 'its certificate has expired since it connected';
        throw forwardingError('FORWARDING_SENDER_UNKNOWN', { reason });
      }
      return { machine };
    },
    expel: (socket) => void known.delete(socket),
  };
};

/** 5985. */
export const createKerberosDoor = (sessions: KerberosSessions): Door => ({
  scheme: 'http',
  authentication: { kind: 'kerberos' },
  admit: ({ request }) => {
    const signIn = sessions.signIn(request.socket, request.headers.authorization);
    return { ...signIn, ...(signIn.session && { machine: signIn.session.machine }) };
  },
  expel: sessions.end,
});
