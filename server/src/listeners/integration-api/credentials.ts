/** The `Authorization` header, and the challenges of a 401. */

export type Credentials =
  | { readonly scheme: 'basic'; readonly userName: string; readonly password: string }
  | { readonly scheme: 'bearer'; readonly token: string };

/**
 * One header line each. Basic comes first; Negotiate, NTLM and Digest must never appear: .NET clients would take them and not fall
 * back. The charset parameter is RFC 7617's.
 */
export const toChallenges = (realm: string): string[] => {
  const quoted = realm.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
  return [`Basic realm="${quoted}", charset="UTF-8"`, `Bearer realm="${quoted}"`];
};

const HEADER = /^(basic|bearer) +(\S+) *$/i;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Clients encode as UTF-8 or, some older ones, as ISO-8859-1. */
const toText = (bytes: Uint8Array): string => {
  try {
    return UTF8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
};

const toBasic = (encoded: string): Credentials | undefined => {
  if (!BASE64.test(encoded)) return undefined;
  const text = toText(Buffer.from(encoded, 'base64'));
  const colon = text.indexOf(':');
  return colon < 0
    ? undefined
    : { scheme: 'basic', userName: text.slice(0, colon), password: text.slice(colon + 1) };
};

/** Undefined when the header is absent, of another scheme or unreadable. */
export const tryParseCredentials = (header: string | undefined): Credentials | undefined => {
  const [, scheme, value] = HEADER.exec(header ?? '') ?? [];
  if (!scheme || !value) return undefined;
  return scheme.toLowerCase() === 'basic' ? toBasic(value) : { scheme: 'bearer', token: value };
};
