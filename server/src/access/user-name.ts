/**
 * How the name that a client sends finds the user.
 *
 * A user is stored under one name: `admin`, `CONTOSO\auditor` or `auditor@contoso.example`, and found by exactly that
 * name, letter case ignored. A name with a domain never finds a user without one, nor the other way round: Witness
 * knows no domains, so `CONTOSO\admin` may be somebody else than `admin`. The one exception is `.\admin`, Windows'
 * way to write a local account, which is `admin`.
 */
import { nameFault, toNameKey } from '../plans/index.ts';

const LENGTH_MAX = 255;

const LOCAL_PREFIX = '.\\';

/** What two spellings of one user have in common; undefined when nobody can have such a name. */
export const toUserKey = (userName: string): string | undefined => {
  if (userName.length > LENGTH_MAX) return undefined;
  const name = userName.startsWith(LOCAL_PREFIX) ? userName.slice(LOCAL_PREFIX.length) : userName;
  return userNameFault(name) === undefined ? toNameKey(name) : undefined;
};

/** Why a user cannot be stored under this name; undefined when one can. */
export const userNameFault = (name: string): string | undefined => {
  const fault = nameFault(name, LENGTH_MAX);
  if (fault) return fault;
  // Basic credentials end the user name at the first colon (RFC 7617).
  if (name.includes(':')) return 'must not hold a colon';
  const parts = name.split('\\');
  if (parts.length > 2 || parts.includes('')) return 'must be `DOMAIN\\user` around a backslash';
  return parts.length === 2 && parts[0] === '.' ? 'must not begin with `.\\`' : undefined;
};
