/** Keeps secrets out of logs: by the name of what holds them, and by the shapes they have inside text. */

const MASK = '[masked]';

/** Names whose value is never shown: password, clientSecret, accessToken, authorization, cookie, ... */
const SECRET_NAME = /pass(?:word|phrase|wd)|pwd|secret|token|credential|authori[sz]ation|cookie/i;

/** key, apiKey, private_key, but not monkey. */
const KEY_NAME = /(?:^k|[\da-z]K|[_-]k)ey$/;

/** Identifiers that only sound like secrets. */
const HARMLESS_NAMES: ReadonlySet<string> = new Set(['tokenId', 'tokenName']);

export const isSecretName = (name: string): boolean =>
  (SECRET_NAME.test(name) || KEY_NAME.test(name)) && !HARMLESS_NAMES.has(name);

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // Credentials of a URL: scheme://user:password@host
  [/(:\/\/[^\s/:@]{0,256}:)[^\s/@]{1,256}(?=@)/g, `$1${MASK}`],
  // An Authorization header's value
  [/\b(Basic|Bearer|Negotiate|NTLM)\s+[\w+/=.~-]{6,}/gi, `$1 ${MASK}`],
  // password=..., pwd: ..., client_secret="..."
  [
    /\b([\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?token))(["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1$2${MASK}`,
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
];

/** Text longer than this is cut first; a log line is no place for a document. */
const TEXT_LENGTH_MAX = 8192;

export const maskText = (text: string): string => {
  const short = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}...` : text;
  return SHAPES.reduce((masked, [shape, replacement]) => masked.replace(shape, replacement), short);
};

export type FieldValue = string | number | boolean | undefined;

export const maskFields = (
  fields: Readonly<Record<string, FieldValue>>,
): Readonly<Record<string, FieldValue>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (value === undefined) return [name, value];
      if (isSecretName(name)) return [name, MASK];
      return [name, typeof value === 'string' ? maskText(value) : value];
    }),
  );
