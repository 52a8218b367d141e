/** Accounts as records write them: `DOMAIN\name`. */

export const accountName = (domain: string | undefined, name: string): string =>
  domain === undefined || name.includes('\\') || name.includes('@') ? name : `${domain}\\${name}`;

/** Kerberos events write `name@REALM` beside the realm; both forms of one account read the same. */
export const kerberosAccountName = (realm: string | undefined, name: string): string => {
  const at = name.lastIndexOf('@');
  if (at <= 0) return accountName(realm, name);
  const ownRealm = name.slice(at + 1);
  return realm === undefined || ownRealm.toUpperCase() === realm.toUpperCase()
    ? accountName(ownRealm, name.slice(0, at))
    : name;
};

export const isComputerAccount = (name: string): boolean => name.endsWith('$');

export type AccountKind = 'computer account' | 'anonymous' | 'Windows service account';

const WINDOWS_SERVICE_SIDS: ReadonlySet<string> = new Set(['S-1-5-18', 'S-1-5-19', 'S-1-5-20']);

/** Kinds that make most of the noise among logons; undefined for people and their like. */
export const accountKind = (
  name: string | undefined,
  sid: string | undefined,
): AccountKind | undefined => {
  if (sid === 'S-1-5-7') return 'anonymous';
  if (sid?.startsWith('S-1-5-') && !sid.startsWith('S-1-5-21-')) {
    if (WINDOWS_SERVICE_SIDS.has(sid)) return 'Windows service account';
    if (sid.startsWith('S-1-5-90-') || sid.startsWith('S-1-5-96-')) {
      return 'Windows service account';
    }
  }
  if (name === undefined) return undefined;
  if (name === 'ANONYMOUS LOGON') return 'anonymous';
  const at = name.lastIndexOf('@');
  return isComputerAccount(at > 0 ? name.slice(0, at) : name) ? 'computer account' : undefined;
};

const NETBIOS_LENGTH = 15;

/** `SRV01` for `srv01.contoso.com`. */
export const netbiosName = (computer: string): string => {
  const dot = computer.indexOf('.');
  return (dot < 0 ? computer : computer.slice(0, dot)).slice(0, NETBIOS_LENGTH).toUpperCase();
};
