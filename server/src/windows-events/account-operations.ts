/** Account management events, one row each. Source: Microsoft, "Audit User Account Management" and "Audit Computer Account Management". */
import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../codecs/index.ts';
import { changedAccountDetails, newAccountDetails } from './account-attributes.ts';
import { accountName, netbiosName } from './accounts.ts';
import { appendDetails } from './details.ts';
import { field, hexField, listOf } from './fields.ts';
import { type SidFields, TARGET } from './sid-facts.ts';
import { ntStatusWords } from './status-codes.ts';

export type ManagementAction = 'Added' | 'Removed' | 'Modified';

export interface AccountOperation {
  readonly action: ManagementAction;
  readonly details: (event: WindowsEvent) => Detail[];
  /** Domain and name where they are not in TargetDomainName and TargetUserName. */
  readonly account?: (event: WindowsEvent) => string | undefined;
  readonly workstation?: (event: WindowsEvent) => string | undefined;
  readonly sidFields?: readonly SidFields[];
  /** Failed by its nature, whatever the keywords say. */
  readonly isFailure?: (event: WindowsEvent) => boolean;
}

const nothing = (): Detail[] => [];

const changed = (property: string, before: string, after: string) => (): Detail[] => [
  { property, before, after },
];

const renamed = (event: WindowsEvent): Detail[] => {
  const before = field(event, 'OldTargetUserName');
  const after = field(event, 'NewTargetUserName');
  return [
    {
      property: 'SAM account name',
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    },
  ];
};

const renamedAccount = (event: WindowsEvent): string | undefined => {
  const name = field(event, 'NewTargetUserName') ?? field(event, 'OldTargetUserName');
  return name && accountName(field(event, 'TargetDomainName'), name);
};

/** A domain controller locks accounts of its own domain, any other computer its own. */
const lockedAccount = (event: WindowsEvent): string | undefined => {
  const name = field(event, 'TargetUserName');
  const domain = field(event, 'SubjectDomainName');
  const owner = domain?.toUpperCase() === 'WORKGROUP' ? netbiosName(event.computer) : domain;
  return name === undefined ? undefined : accountName(owner, name);
};

const callerComputer = (event: WindowsEvent): string | undefined =>
  field(event, 'TargetDomainName')?.replace(/^\\+/, '');

const restoreModeDetails = (event: WindowsEvent): Detail[] => {
  const status = hexField(event, 'Status');
  return status === undefined || status === '0x0'
    ? [{ property: 'Password', message: 'Set' }]
    : [{ property: 'Cause', after: `${ntStatusWords(status) ?? 'failed'} (${status})` }];
};

const sidHistory = (event: WindowsEvent): Detail[] =>
  appendDetails([], event, [
    { field: 'SourceUserName', property: 'Source account' },
    { field: 'SourceSid', property: 'SID history' },
    { field: 'SidList', property: 'SID list', words: (sids) => listOf(sids).join(', ') },
  ]);

export const ACCOUNT_OPERATIONS: ReadonlyMap<number, AccountOperation> = new Map<
  number,
  AccountOperation
>([
  [4720, { action: 'Added', details: newAccountDetails }],
  [4722, { action: 'Modified', details: changed('Enabled', 'No', 'Yes') }],
  [
    4723,
    {
      action: 'Modified',
      details: () => [{ property: 'Password', message: 'Change with the old password' }],
    },
  ],
  [
    4724,
    {
      action: 'Modified',
      details: () => [{ property: 'Password', message: 'Reset without the old password' }],
    },
  ],
  [4725, { action: 'Modified', details: changed('Enabled', 'Yes', 'No') }],
  [4726, { action: 'Removed', details: nothing }],
  [4738, { action: 'Modified', details: changedAccountDetails }],
  [
    4740,
    {
      action: 'Modified',
      details: changed('Locked out', 'No', 'Yes'),
      account: lockedAccount,
      sidFields: [{ ...TARGET, domain: 'SubjectDomainName' }],
      workstation: callerComputer,
    },
  ],
  [4741, { action: 'Added', details: newAccountDetails }],
  [4742, { action: 'Modified', details: changedAccountDetails }],
  [4743, { action: 'Removed', details: nothing }],
  [4765, { action: 'Modified', details: sidHistory }],
  [4766, { action: 'Modified', details: sidHistory, isFailure: () => true }],
  [4767, { action: 'Modified', details: changed('Locked out', 'Yes', 'No') }],
  [
    4780,
    {
      action: 'Modified',
      details: () => [
        {
          property: 'Permissions',
          message: 'Reset to those of AdminSDHolder, because the account is an administrator',
        },
      ],
    },
  ],
  [
    4781,
    {
      action: 'Modified',
      details: renamed,
      account: renamedAccount,
      sidFields: [{ ...TARGET, name: 'NewTargetUserName' }],
    },
  ],
  [
    4794,
    {
      action: 'Modified',
      details: restoreModeDetails,
      account: () => 'Directory Services Restore Mode administrator',
      workstation: (event) => field(event, 'Workstation'),
      isFailure: (event) => (hexField(event, 'Status') ?? '0x0') !== '0x0',
    },
  ],
]);
