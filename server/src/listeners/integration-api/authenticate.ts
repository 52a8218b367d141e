/** Who asks. Everything that is not a known account is the same empty 401. */
import type { Access, Principal, SignInOutcome } from '../../access/index.ts';
import type { Answer } from './answer.ts';
import { type Credentials, toChallenges, tryParseCredentials } from './credentials.ts';

export type Authentication =
  | { readonly principal: Principal }
  | { readonly principal: undefined; readonly answer: Answer };

export interface Authenticator {
  /** What the account asking from this address gets. */
  authenticate(request: {
    readonly authorization: string | undefined;
    readonly address: string;
  }): Promise<Authentication>;
  /** Also for an account whose role is missing: the documentation knows no 403. */
  readonly unauthorized: Answer;
}

export const createAuthenticator = (
  access: Pick<Access, 'signIn' | 'bearer'>,
  realm: string,
): Authenticator => {
  const challenges = { 'WWW-Authenticate': toChallenges(realm) };
  const unauthorized: Answer = { status: 401, headers: challenges };

  const ask = (credentials: Credentials, address: string): Promise<SignInOutcome> =>
    credentials.scheme === 'basic'
      ? access.signIn({
          userName: credentials.userName,
          password: credentials.password,
          address,
        })
      : access.bearer({ token: credentials.token, address });

  /** A locked account is told when to come back; that it exists is not told, as any name can be locked. */
  const locked = (retryAfterMs: number): Answer => ({
    status: 401,
    headers: { ...challenges, 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) },
  });

  return {
    unauthorized,
    authenticate: async ({ authorization, address }) => {
      const credentials = tryParseCredentials(authorization);
      if (!credentials) return { principal: undefined, answer: unauthorized };
      const outcome = await ask(credentials, address);
      if (outcome.outcome === 'granted') return { principal: outcome.principal };
      return {
        principal: undefined,
        answer: outcome.outcome === 'locked' ? locked(outcome.retryAfterMs) : unauthorized,
      };
    },
  };
};
