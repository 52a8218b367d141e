/** Kerberos over HTTP (RFC 4559, MS-WSMV 3.1.4.1.1): one sign-in for each connection, then encrypted bodies. */
import type { Socket } from 'node:net';
import type { SessionProtocol } from '../../codecs/index.ts';
import { forwardingError } from './errors.ts';
import type { GssAcceptor, GssContext, GssNegotiation } from './gssapi.ts';
import { type Machine, machineOfPrincipal } from './machine.ts';

export interface KerberosSession {
  readonly machine: Machine;
  readonly context: GssContext;
  /** By the scheme of the sign-in. */
  readonly protocol: SessionProtocol;
}

export interface SignIn {
  /** Absent: refused, or one more token is due. */
  readonly session?: KerberosSession;
  /** Of the answer, `WWW-Authenticate`. */
  readonly challenge?: readonly string[];
}

export interface KerberosSessions {
  /**
   * What is known of the connection, after the `Authorization` of this request. Throws FORWARDING_KERBEROS_REFUSED or
   * FORWARDING_SENDER_UNKNOWN.
   */
  signIn(socket: Socket, authorization: string | undefined): SignIn;
  /** The connection has to sign in anew. */
  end(socket: Socket): void;
  readonly size: number;
}

type Scheme = 'Kerberos' | 'Negotiate';

const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['kerberos', 'Kerberos'],
  ['negotiate', 'Negotiate'],
]);

/** Offered in this order to a client that says nothing. */
export const CHALLENGE: readonly string[] = ['Negotiate', 'Kerberos'];

const PROTOCOL_OF: Readonly<Record<Scheme, SessionProtocol>> = {
  Kerberos: 'Kerberos',
  Negotiate: 'SPNEGO',
};

/** Base64 of a Kerberos token; with many group memberships it has tens of kilobytes. */
const AUTHORIZATION = /^(\w+) +([A-Za-z\d+/]{1,87384}={0,2})$/;

const tokenOf = (
  authorization: string,
): { readonly scheme: Scheme; readonly token: Uint8Array } | undefined => {
  const [, name = '', base64 = ''] = AUTHORIZATION.exec(authorization.trim()) ?? [];
  const scheme = SCHEMES.get(name.toLowerCase());
  return scheme && { scheme, token: Buffer.from(base64, 'base64') };
};

interface Held {
  readonly negotiation: GssNegotiation;
  readonly session?: KerberosSession;
}

export const createKerberosSessions = (
  acceptor: GssAcceptor,
  dnsSuffixes: readonly string[],
): KerberosSessions => {
  const held = new Map<Socket, Held>();
  const watched = new WeakSet<Socket>();
  const end = (socket: Socket): void => {
    held.get(socket)?.negotiation.close();
    held.delete(socket);
  };
  /** A connection that is established begins anew; one that is under way goes on. */
  const negotiationOf = (socket: Socket): GssNegotiation => {
    const before = held.get(socket);
    if (before && !before.session) return before.negotiation;
    if (before) end(socket);
    if (!watched.has(socket)) socket.once('close', () => end(socket));
    watched.add(socket);
    const negotiation = acceptor.begin();
    held.set(socket, { negotiation });
    return negotiation;
  };
  const establish = (context: GssContext, scheme: Scheme): KerberosSession => {
    const machine = machineOfPrincipal(context.principal, dnsSuffixes);
    if (!machine) {
      const reason = `${context.principal} is no computer account`;
      throw forwardingError('FORWARDING_SENDER_UNKNOWN', { reason });
    }
    return { machine, context, protocol: PROTOCOL_OF[scheme] };
  };
  return {
    signIn: (socket, authorization) => {
      if (authorization === undefined) {
        const session = held.get(socket)?.session;
        return session ? { session } : { challenge: CHALLENGE };
      }
      const given = tokenOf(authorization);
      if (!given || socket.destroyed) return { challenge: CHALLENGE };
      const negotiation = negotiationOf(socket);
      try {
        const { token, context } = negotiation.step(given.token);
        const answer = Buffer.from(token).toString('base64');
        const challenge = [answer === '' ? given.scheme : `${given.scheme} ${answer}`];
        if (!context) return { challenge };
        const session = establish(context, given.scheme);
        held.set(socket, { negotiation, session });
        return { challenge, session };
      } catch (error) {
        end(socket);
        throw error;
      }
    },
    end,
    get size() {
      return held.size;
    },
  };
};
