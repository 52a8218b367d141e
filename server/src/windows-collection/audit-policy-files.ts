/** The audit policy in the forms Windows takes: lines of a command file, and the file of a Group Policy object. */
import type { AuditPolicySetting, PolicyReason, WindowsPolicy } from './policy.ts';

const LINE_END = '\r\n';

const remark = ({ source, reason }: PolicyReason): string => `rem   ${source}: ${reason}`;

const auditpolLines = (setting: AuditPolicySetting): readonly string[] => [
  `rem ${setting.category}: ${setting.subcategory}`,
  ...setting.reasons.map(remark),
  // What nobody needs is left as it is: another product may audit it.
  [
    `auditpol /set /subcategory:"${setting.guid}"`,
    ...(setting.isSuccessAudited ? ['/success:enable'] : []),
    ...(setting.isFailureAudited ? ['/failure:enable'] : []),
  ].join(' '),
];

/** For an elevated command prompt, or a `.cmd` file. */
export const toAuditpol = ({ auditPolicy }: WindowsPolicy): string =>
  auditPolicy
    .flatMap(auditpolLines)
    .map((line) => `${line}${LINE_END}`)
    .join('');

const HEADER =
  'Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting,Setting Value';

/** Names that differ between the editor and [MS-GPAC]; Windows goes by the GUID. */
const EDITOR_NAMES: Readonly<Record<string, string>> = { 'Plug and Play Events': 'PNP Activity' };

/** [MS-GPAC] 2.2.1: the words, and their numbers in the last column. */
const settingOf = ({
  isSuccessAudited,
  isFailureAudited,
}: AuditPolicySetting): readonly [string, number] => {
  if (isSuccessAudited && isFailureAudited) return ['Success and Failure', 3];
  return isSuccessAudited ? ['Success', 1] : ['Failure', 2];
};

const csvLine = (setting: AuditPolicySetting): string => {
  const [words, value] = settingOf(setting);
  const name = EDITOR_NAMES[setting.subcategory] ?? setting.subcategory;
  return `,System,Audit ${name},${setting.guid.toLowerCase()},${words},,${value}`;
};

/**
 * `Audit.csv` of a Group Policy object, at `Machine\Microsoft\Windows NT\Audit` of its folder in SYSVOL; also what the policy editor
 * imports ([MS-GPAC] 2.2).
 */
export const toAuditCsv = ({ auditPolicy }: WindowsPolicy): string =>
  [HEADER, ...auditPolicy.map(csvLine)].map((line) => `${line}${LINE_END}`).join('');
