/** What an Exchange cmdlet does to which kind of object, by its name. Source: Microsoft, "Approved verbs for PowerShell commands" and the Exchange cmdlet reference. */

export const ADDED = 'Added';
export const REMOVED = 'Removed';
export const MODIFIED = 'Modified';
export const READ = 'Read';

const FAILED: Readonly<Record<string, string>> = {
  [ADDED]: 'Add (Failed Attempt)',
  [REMOVED]: 'Remove (Failed Attempt)',
  [MODIFIED]: 'Modify (Failed Attempt)',
  [READ]: 'Read (Failed Attempt)',
};

export const EXCHANGE_ACTIONS: readonly string[] = [
  ...Object.keys(FAILED),
  ...Object.values(FAILED),
];

export const failedAttempt = (action: string): string => FAILED[action] ?? action;

const VERBS: Readonly<Record<string, string>> = {
  add: ADDED,
  import: ADDED,
  install: ADDED,
  new: ADDED,
  clear: REMOVED,
  remove: REMOVED,
  uninstall: REMOVED,
  export: READ,
  find: READ,
  get: READ,
  measure: READ,
  search: READ,
  test: READ,
};

/** Enabling gives an account its mailbox or address, disabling takes it away; of other objects they switch a state. */
const MAILBOX_LIKE: ReadonlySet<string> = new Set([
  'distributiongroup',
  'mailbox',
  'mailcontact',
  'mailpublicfolder',
  'mailuser',
  'remotemailbox',
  'ummailbox',
]);

interface Switching {
  readonly forMailboxes: string;
  readonly after: string;
}

const SWITCHING: Readonly<Record<string, Switching>> = {
  enable: { forMailboxes: ADDED, after: 'Yes' },
  disable: { forMailboxes: REMOVED, after: 'No' },
};

export interface CmdletMeaning {
  readonly action: string;
  /** `Oab Virtual Directory`. */
  readonly objectType: string;
  /** What the cmdlet switched on or off. */
  readonly enabled?: string;
}

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** `Oab Virtual Directory` of `OabVirtualDirectory`, `UM Mailbox` of `UMMailbox`. */
export const nounInWords = (noun: string): string =>
  noun.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');

/** A cmdlet without a noun is an object of its own name; a verb that is not known changes something. */
export const cmdletMeaning = (cmdlet: string): CmdletMeaning => {
  const dash = cmdlet.indexOf('-');
  const verb = cmdlet.slice(0, Math.max(dash, 0)).toLowerCase();
  const noun = cmdlet.slice(dash + 1);
  const objectType = nounInWords(noun) || 'Cmdlet';
  const switching = own(SWITCHING, verb);
  if (switching === undefined) return { action: own(VERBS, verb) ?? MODIFIED, objectType };
  return MAILBOX_LIKE.has(noun.toLowerCase())
    ? { action: switching.forMailboxes, objectType }
    : { action: MODIFIED, objectType, enabled: switching.after };
};

/** Parameters that name the object, the most telling first. */
const OBJECT_PARAMETERS: readonly string[] = [
  'identity',
  'name',
  'mailbox',
  'alias',
  'userprincipalname',
  'primarysmtpaddress',
  'displayname',
  'role',
  'database',
  'websitename',
  'server',
];

export const objectParameter = (names: readonly string[]): number => {
  const lower = names.map((name) => name.toLowerCase());
  for (const wanted of OBJECT_PARAMETERS) {
    const at = lower.indexOf(wanted);
    if (at >= 0) return at;
  }
  return -1;
};

const SECRET = /password|passphrase|credential|secret|privatekey|^pin$|token$/i;

/** Whose value must not be shown. `ResetPasswordOnNextLogon` and its like are switches, not secrets. */
export const isSecretParameter = (name: string, value: string): boolean =>
  SECRET.test(name) && !/^\$?(?:true|false)$/i.test(value);
