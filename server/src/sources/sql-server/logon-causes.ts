/** Why SQL Server refused a logon, in words. Source: Microsoft, "MSSQLSERVER_18456". */

const STATES: Readonly<Record<string, string>> = {
  2: 'unknown login',
  5: 'unknown login',
  6: 'Windows account name used with SQL Server authentication',
  7: 'login disabled and wrong password',
  8: 'wrong password',
  9: 'password not valid',
  11: 'login has no access to the server',
  12: 'login has no access to the server',
  13: 'service paused',
  16: 'login may not use the database asked for',
  18: 'password must be changed',
  23: 'server is shutting down',
  27: 'first database not found',
  38: 'database asked for not found or not allowed',
  40: 'default database not found or not allowed',
  46: 'database asked for not found or not allowed',
  50: 'database asked for not found or not allowed',
  58: 'server accepts Windows authentication only',
  62: 'Windows account does not match the contained database user',
  65: 'wrong password',
  122: 'user name or password empty',
  123: 'user name or password empty',
  124: 'user name or password empty',
  126: 'database asked for not found or not allowed',
};

/** As English servers write them; the start is enough. */
const REASONS: readonly (readonly [text: string, words: string])[] = [
  ['Could not find a login matching the name provided', 'unknown login'],
  ['Password did not match that for the login provided', 'wrong password'],
  ['Password did not match that for the user provided', 'wrong password'],
  [
    'An attempt to login using SQL authentication failed',
    'server accepts Windows authentication only',
  ],
  [
    'Attempting to use an NT account name with SQL Server Authentication',
    'Windows account name used with SQL Server authentication',
  ],
  ['The account is disabled', 'login disabled'],
  ['The account is currently locked out', 'login locked out'],
  ['The password of the account must be changed', 'password must be changed'],
  ['The password of the account has expired', 'password expired'],
  ['Token-based server access validation failed', 'login has no access to the server'],
  ['Login-based server access validation failed', 'login has no access to the server'],
  [
    'Failed to open the explicitly specified database',
    'database asked for not found or not allowed',
  ],
  ['Failed to open the database', 'database asked for not found or not allowed'],
  ['Server is in single user mode', 'server in single user mode'],
];

/** By the state; SQL Server shows it in audit events only. */
export const stateCause = (state: string | undefined): string | undefined =>
  state !== undefined && Object.hasOwn(STATES, state) ? STATES[state] : undefined;

/** By SQL Server's own sentence; undefined for other languages and reasons. */
export const reasonCause = (reason: string): string | undefined =>
  REASONS.find(([text]) => reason.startsWith(text))?.[1];

const PREFIX = 'Reason: ';

interface LogonText {
  /** SQL Server's own sentence. */
  readonly reason: string | undefined;
  /** As written: an address, `<local machine>`, `<named pipe>`. */
  readonly client: string | undefined;
}

/** `[CLIENT: 10.0.2.17]`, the word in the language of the server. */
const bracketed = (text: string): string | undefined => {
  const start = text.endsWith(']') ? text.lastIndexOf('[') : -1;
  return start < 0 ? undefined : text.slice(start + 1, -1);
};

/** Of `Login failed for user 'sa'. Reason: .... [CLIENT: 10.0.2.17]` or any part of it. */
export const readLogonText = (text: string): LogonText => {
  const trimmed = text.trim();
  const inBrackets = bracketed(trimmed);
  const colon = inBrackets?.indexOf(':') ?? -1;
  const client = colon < 0 ? undefined : inBrackets?.slice(colon + 1).trim();
  const before =
    client === undefined || inBrackets === undefined
      ? trimmed
      : trimmed.slice(0, -(inBrackets.length + 2)).trim();
  const at = before.indexOf(PREFIX);
  const reason = at < 0 ? undefined : before.slice(at + PREFIX.length).trim();
  return { reason: reason || undefined, client: client || undefined };
};
