/** Source: Microsoft, "4624(S): An account was successfully logged on", table Logon types; 12 and 13 from ntsecapi.h. */
const LOGON_TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'System'],
  [2, 'Interactive'],
  [3, 'Network'],
  [4, 'Batch'],
  [5, 'Service'],
  [6, 'Proxy'],
  [7, 'Unlock'],
  [8, 'Network cleartext'],
  [9, 'New credentials'],
  [10, 'Remote interactive'],
  [11, 'Cached interactive'],
  [12, 'Cached remote interactive'],
  [13, 'Cached unlock'],
]);

/** Somebody sits in front of it: console, remote desktop, unlock. */
const INTERACTIVE: ReadonlySet<number> = new Set([2, 7, 10, 11, 12, 13]);

const WORDS: ReadonlyMap<string, string> = new Map(
  [...LOGON_TYPES].map(([number, words]) => [String(number), `${words} (${number})`]),
);

/** `Network (3)`; an unknown type is given as written. */
export const logonTypeWords = (type: string): string => WORDS.get(type) ?? type;

export const isInteractiveLogon = (type: number | undefined): boolean =>
  type !== undefined && INTERACTIVE.has(type);
