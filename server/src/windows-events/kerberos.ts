/** Words for the numbers of Kerberos tickets. Sources: RFC 3961, RFC 3962, RFC 4757, RFC 4120 5.4.1; Microsoft, "4768(S, F)". */
import { numberOf, shortHex } from './fields.ts';

const ENCRYPTION_TYPES: Readonly<Record<string, string>> = {
  '0x1': 'DES-CBC-CRC',
  '0x3': 'DES-CBC-MD5',
  '0x11': 'AES128-CTS-HMAC-SHA1-96',
  '0x12': 'AES256-CTS-HMAC-SHA1-96',
  '0x17': 'RC4-HMAC',
  '0x18': 'RC4-HMAC-EXP',
};

/** `AES256-CTS-HMAC-SHA1-96 (0x12)`; absent for `0xffffffff`, which failed requests carry. */
export const encryptionTypeWords = (text: string): string | undefined => {
  const code = shortHex(text);
  if (code === '0xffffffff') return undefined;
  const words = Object.hasOwn(ENCRYPTION_TYPES, code) ? ENCRYPTION_TYPES[code] : undefined;
  return words === undefined ? code : `${words} (${code})`;
};

/** Bit numbers as RFC 4120 counts them, from the most significant bit. */
const TICKET_OPTIONS: readonly (readonly [bit: number, words: string])[] = [
  [1, 'forwardable'],
  [2, 'forwarded'],
  [3, 'proxiable'],
  [4, 'proxy'],
  [5, 'allow postdate'],
  [6, 'postdated'],
  [8, 'renewable'],
  [11, 'opt hardware auth'],
  [14, 'constrained delegation'],
  [15, 'canonicalize'],
  [16, 'request anonymous'],
  [26, 'disable transited check'],
  [27, 'renewable ok'],
  [28, 'encrypt ticket in session key'],
  [30, 'renew'],
  [31, 'validate'],
];

const cache = new Map<string, string>();
/** Clients use a handful of combinations; more than that is somebody playing. */
const CACHE_ENTRIES_MAX = 256;

const spellOptions = (code: string): string => {
  const bits = numberOf(code);
  if (bits === undefined || bits > 0xffffffff) return code;
  const words = TICKET_OPTIONS.filter(([bit]) => ((bits >>> (31 - bit)) & 1) === 1).map(
    ([, name]) => name,
  );
  return words.length === 0 ? code : `${words.join(', ')} (${code})`;
};

/** `forwardable, renewable, canonicalize (0x40810000)`. */
export const ticketOptionsWords = (text: string): string => {
  const code = shortHex(text);
  const known = cache.get(code);
  if (known !== undefined) return known;
  const words = spellOptions(code);
  if (cache.size < CACHE_ENTRIES_MAX) cache.set(code, words);
  return words;
};

const PREAUTHENTICATION: Readonly<Record<string, string>> = {
  '0': 'none',
  '2': 'password',
  '11': 'encryption types offered',
  '15': 'smart card',
  '16': 'smart card',
  '17': 'smart card',
  '19': 'encryption types offered',
  '20': 'KDC canonicalization',
  '138': 'password through a protected channel (FAST)',
};

/** `password (2)`. */
export const preauthenticationWords = (text: string): string => {
  const words = Object.hasOwn(PREAUTHENTICATION, text) ? PREAUTHENTICATION[text] : undefined;
  return words === undefined ? text : `${words} (${text})`;
};
