/** Attributes of accounts in 4720, 4738, 4741 and 4742. Source: Microsoft, "4738(S): A user account was changed". */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import { appendDetails, type DetailSpec } from './details.ts';
import { field, listOf, numberField } from './fields.ts';
import { isLocalAccountEvent } from './local-accounts.ts';
import { expandMessages, messageText } from './message-table.ts';
import { accountFlags, changedAccountFlags } from './user-account-control.ts';

const PRIMARY_GROUPS: Readonly<Record<string, string>> = {
  '512': 'Domain Admins',
  '513': 'Domain Users',
  '514': 'Domain Guests',
  '515': 'Domain Computers',
  '516': 'Domain Controllers',
  '521': 'Read-only Domain Controllers',
};

/** The numbers stand for groups of a domain; 513 of a computer is its group `None`. */
const primaryGroupWords = (rid: string, event: WindowsEvent): string =>
  Object.hasOwn(PRIMARY_GROUPS, rid) && !isLocalAccountEvent(event)
    ? `${PRIMARY_GROUPS[rid]} (${rid})`
    : expandMessages(rid);

const listWords = (text: string): string => expandMessages(listOf(text).join(', '));

const ATTRIBUTES: readonly DetailSpec[] = [
  { field: 'SamAccountName', property: 'SAM account name' },
  { field: 'DisplayName', property: 'Display name' },
  { field: 'UserPrincipalName', property: 'User principal name' },
  { field: 'HomeDirectory', property: 'Home directory' },
  { field: 'HomePath', property: 'Home drive' },
  { field: 'ScriptPath', property: 'Logon script' },
  { field: 'ProfilePath', property: 'Profile path' },
  { field: 'UserWorkstations', property: 'User workstations' },
  { field: 'PasswordLastSet', property: 'Password last set' },
  { field: 'AccountExpires', property: 'Account expires' },
  { field: 'PrimaryGroupId', property: 'Primary group', words: primaryGroupWords },
  { field: 'AllowedToDelegateTo', property: 'Allowed to delegate to', words: listWords },
  { field: 'UserParameters', property: 'User parameters' },
  { field: 'SidHistory', property: 'SID history', words: listWords },
  { field: 'LogonHours', property: 'Logon hours' },
  { field: 'DnsHostName', property: 'DNS host name' },
  { field: 'ServicePrincipalNames', property: 'Service principal names', words: listWords },
].map((spec) => ({ words: (value: string) => expandMessages(value), ...spec }));

const NOT_SET = '%%1793';

const SET_ATTRIBUTES: readonly DetailSpec[] = ATTRIBUTES.map((spec) => ({
  ...spec,
  words: (value, event) => (value === NOT_SET ? undefined : spec.words?.(value, event)),
}));

/** Attributes a new account was given. */
export const newAccountDetails = (event: WindowsEvent): Detail[] => {
  const details = appendDetails([], event, SET_ATTRIBUTES);
  const flags = numberField(event, 'NewUacValue');
  if (flags !== undefined) {
    details.push({ property: 'User account control', after: accountFlags(flags).join(', ') });
  }
  return details;
};

const UNSPECIFIC = 'The event does not say which attributes changed.';
const DIRECTORY_ADVICE =
  'Directory service change events (5136) do; audit Directory Service Changes to get them.';

const unspecific = (event: WindowsEvent): Detail => ({
  property: 'Attributes',
  message: isLocalAccountEvent(event) ? UNSPECIFIC : `${UNSPECIFIC} ${DIRECTORY_ADVICE}`,
});

/** Flags as the event words them, for events without the two values. */
const wordedFlags = (event: WindowsEvent): Detail[] => {
  const text = field(event, 'UserAccountControl');
  if (text === undefined) return [];
  const words = listOf(text).map((reference) => messageText(reference) ?? reference);
  return [{ property: 'User account control', after: words.join(', ') }];
};

/** Changed attributes. The event has their new values only, except for the account flags. */
export const changedAccountDetails = (event: WindowsEvent): Detail[] => {
  const details = appendDetails([], event, ATTRIBUTES);
  const [old, now] = [field(event, 'OldUacValue'), field(event, 'NewUacValue')];
  details.push(
    ...(old !== undefined && now !== undefined
      ? changedAccountFlags(old, now)
      : wordedFlags(event)),
  );
  return details.length === 0 ? [unspecific(event)] : details;
};
