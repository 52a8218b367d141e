/** Claims that AD FS lists in events 500 and 501: type, value, type, value, ..., filled up with `-`. */
import type { Detail } from '@witness/record';
import {
  type Actor,
  isAccountSid,
  type NamedSid,
  namedActor,
  sidActor,
} from '../../windows-events/index.ts';
import { methodWords, present } from './vocabulary.ts';

export interface Claim {
  readonly type: string;
  readonly value: string;
}

/** `values` without the instance id. */
export const claimsOf = (values: readonly string[]): Claim[] => {
  const claims: Claim[] = [];
  for (let i = 0; i + 1 < values.length; i += 2) {
    const type = present(values[i]);
    const value = present(values[i + 1]);
    if (type !== undefined && value !== undefined) claims.push({ type, value });
  }
  return claims;
};

const WINDOWS_ACCOUNT =
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname';
const UPN = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';
const NAME = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';
const PRIMARY_SID = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid';
const AUTHENTICATION_METHOD =
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod';

/** Claims that are the name of an account; e-mail addresses and identifiers made for a relying party are not. */
const ACCOUNT_CLAIMS: readonly string[] = [WINDOWS_ACCOUNT, UPN, NAME];

const claimOf = (claims: readonly Claim[], type: string): string | undefined =>
  claims.find((claim) => claim.type === type)?.value;

const accountOf = (claims: readonly Claim[]): string | undefined => {
  for (const type of ACCOUNT_CLAIMS) {
    const account = claimOf(claims, type);
    if (account !== undefined) return account;
  }
  return undefined;
};

/** Undefined when the claims name nobody. */
export const claimsActor = (claims: readonly Claim[]): Actor | undefined => {
  const account = accountOf(claims);
  if (account !== undefined) return namedActor(account);
  const sid = claimOf(claims, PRIMARY_SID);
  return sid !== undefined && /^S-1-\d+-/.test(sid) ? sidActor(sid) : undefined;
};

export const claimsSids = (claims: readonly Claim[]): NamedSid[] => {
  const sid = claimOf(claims, PRIMARY_SID);
  const account = accountOf(claims);
  return sid !== undefined && account?.includes('\\') && isAccountSid(sid)
    ? [{ sid, account }]
    : [];
};

/** `upn` of `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn`. */
const shortType = (type: string): string => type.slice(type.lastIndexOf('/') + 1) || type;

export const claimDetails = (claims: readonly Claim[]): Detail[] =>
  claims.map(({ type, value }) => ({
    property: `Claim ${shortType(type)}`.slice(0, 255),
    after: type === AUTHENTICATION_METHOD ? methodWords(value) : value,
  }));
