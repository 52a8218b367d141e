/**
 * What an account or group management event says, of a domain or of a computer. Active Directory and Windows Server
 * put it in their own words.
 */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import {
  ACCOUNT_OPERATIONS,
  type AccountOperation,
  type ManagementAction,
} from './account-operations.ts';
import { accountName, isComputerAccount } from './accounts.ts';
import { appendDetails } from './details.ts';
import { windowsEventError } from './errors.ts';
import { field } from './fields.ts';
import { GROUP_OPERATIONS, type GroupOperation } from './group-operations.ts';
import { auditOutcome } from './keywords.ts';
import { privilegeListWords } from './privileges.ts';
import { type SidFields, TARGET } from './sid-facts.ts';
import { wellKnownName } from './well-known-sids.ts';

export type ManagedClass = 'user' | 'computer' | 'group';

export interface AccountChange {
  readonly action: string;
  readonly managedClass: ManagedClass;
  /** `CONTOSO\jdoe`. */
  readonly account: string;
  readonly workstation?: string | undefined;
  readonly details: Detail[];
  /** Where the event states the name behind the object's SID. */
  readonly sidFields: readonly SidFields[];
}

const GROUP_TYPE_CHANGED = 4764;
const ACCOUNT_RENAMED = 4781;

export const ACCOUNT_EVENT_IDS: readonly number[] = [
  ...ACCOUNT_OPERATIONS.keys(),
  ...GROUP_OPERATIONS.keys(),
  GROUP_TYPE_CHANGED,
].sort((a, b) => a - b);

/** 4780 gives a distinguished name; no account name can contain `=`. */
const targetAccount = (event: WindowsEvent): string | undefined => {
  const name = field(event, 'TargetUserName');
  if (name === undefined) return field(event, 'TargetSid');
  return name.includes('=') ? name : accountName(field(event, 'TargetDomainName'), name);
};

const required = (event: WindowsEvent, account: string | undefined): string => {
  if (account !== undefined) return account;
  throw windowsEventError('WINDOWS_EVENT_FIELD_MISSING', {
    eventId: event.eventId,
    field: 'TargetUserName',
  });
};

const PRIVILEGES_USED = [
  { field: 'PrivilegeList', property: 'Privileges used', words: privilegeListWords },
] as const;

/** Relative identifiers of the built-in groups of a domain; the built-in users end at 504. */
const BUILT_IN_GROUP = /^S-1-5-(32-\d+|21-\d+-\d+-\d+-(50[5-9]|5[1-9]\d|[6-9]\d\d))$/;

const CLASS_NAMES = ['TargetUserName', 'OldTargetUserName', 'NewTargetUserName'] as const;

/** 4781 renames groups as well, and only the built-in ones can be told from users. */
const classOf = (event: WindowsEvent): ManagedClass => {
  const { eventId } = event;
  const isComputer = CLASS_NAMES.some((name) => isComputerAccount(field(event, name) ?? ''));
  if (isComputer || (eventId >= 4741 && eventId <= 4743)) return 'computer';
  return eventId === ACCOUNT_RENAMED && BUILT_IN_GROUP.test(field(event, 'TargetSid') ?? '')
    ? 'group'
    : 'user';
};

const FAILED: Readonly<Record<ManagementAction, string>> = {
  Added: 'Add (Failed Attempt)',
  Removed: 'Remove (Failed Attempt)',
  Modified: 'Modify (Failed Attempt)',
};

/** Every action of an account or group management event. */
export const MANAGEMENT_ACTIONS: readonly string[] = [
  ...Object.keys(FAILED),
  ...Object.values(FAILED),
];

const accountOperationChange = (
  event: WindowsEvent,
  operation: AccountOperation,
): AccountChange => {
  const isFailed = operation.isFailure?.(event) || auditOutcome(event) === 'failure';
  return {
    action: isFailed ? FAILED[operation.action] : operation.action,
    managedClass: classOf(event),
    account: required(event, (operation.account ?? targetAccount)(event)),
    workstation: operation.workstation?.(event),
    sidFields: operation.sidFields ?? [TARGET],
    details: appendDetails(operation.details(event), event, PRIVILEGES_USED),
  };
};

const GROUP_ACTIONS: Readonly<Record<GroupOperation['verb'], ManagementAction>> = {
  created: 'Added',
  deleted: 'Removed',
  changed: 'Modified',
  'member added': 'Modified',
  'member removed': 'Modified',
};

/** The member as the event names it: distinguished name, well-known name, or SID. */
const memberDetails = (event: WindowsEvent, verb: GroupOperation['verb']): Detail[] => {
  if (verb !== 'member added' && verb !== 'member removed') return [];
  const sid = field(event, 'MemberSid');
  const name = field(event, 'MemberName') ?? (sid && wellKnownName(sid)) ?? sid;
  const member = name ?? '(not named by the event)';
  const detail: Detail =
    verb === 'member added'
      ? { property: 'Member', after: member }
      : { property: 'Member', before: member };
  return sid === undefined || sid === name
    ? [detail]
    : [detail, { property: 'Member SID', after: sid }];
};

const GROUP_NAMES = [
  { field: 'SamAccountName', property: 'SAM account name' },
  { field: 'SidHistory', property: 'SID history' },
  ...PRIVILEGES_USED,
] as const;

const groupAction = (event: WindowsEvent, { verb }: GroupOperation): string =>
  auditOutcome(event) === 'failure' ? FAILED[GROUP_ACTIONS[verb]] : GROUP_ACTIONS[verb];

const groupChange = (event: WindowsEvent, operation: GroupOperation): AccountChange => ({
  action: groupAction(event, operation),
  managedClass: 'group',
  sidFields: [TARGET],
  account: required(event, targetAccount(event)),
  details: appendDetails(
    [
      ...memberDetails(event, operation.verb),
      { property: 'Group type', after: `${operation.kind}, ${operation.scope.toLowerCase()}` },
    ],
    event,
    GROUP_NAMES,
  ),
});

const groupTypeChange = (event: WindowsEvent): AccountChange => ({
  action: 'Modified',
  managedClass: 'group',
  sidFields: [TARGET],
  account: required(event, targetAccount(event)),
  details: appendDetails([], event, [
    { field: 'GroupTypeChange', property: 'Group type' },
    ...PRIVILEGES_USED,
  ]),
});

/** For an event of ACCOUNT_EVENT_IDS. Throws WINDOWS_EVENT_FIELD_MISSING when it does not name its object. */
export const accountChange = (event: WindowsEvent): AccountChange => {
  const account = ACCOUNT_OPERATIONS.get(event.eventId);
  if (account !== undefined) return accountOperationChange(event, account);
  const group = GROUP_OPERATIONS.get(event.eventId);
  if (group !== undefined) return groupChange(event, group);
  return groupTypeChange(event);
};
