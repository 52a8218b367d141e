/** The policy for a person to read and copy from. */
import { toAuditpol } from './audit-policy-files.ts';
import type { AuditPolicySetting, EventLogSetting, PolicyReason, WindowsPolicy } from './policy.ts';

const INDENT = '    ';

const indented = (lines: readonly string[]): string[] => lines.map((line) => `${INDENT}${line}`);

const reasonLines = (reasons: readonly PolicyReason[]): string[] =>
  reasons.map(
    ({ source, computers, reason }) =>
      `  ${source === undefined ? '' : `${source}: `}${reason}. [${computers}]`,
  );

const outcomeWords = ({ isSuccessAudited, isFailureAudited }: AuditPolicySetting): string =>
  [...(isSuccessAudited ? ['Success'] : []), ...(isFailureAudited ? ['Failure'] : [])].join(
    ' and ',
  );

const logCommands = ({ log, sizeBytes, isOffByDefault }: EventLogSetting): string[] => [
  `wevtutil set-log "${log}"${isOffByDefault ? ' /enabled:true' : ''} /maxsize:${sizeBytes} /retention:false`,
];

interface Part {
  readonly title: string;
  readonly intro: string;
  readonly blocks: readonly (readonly string[])[];
}

const partsOf = (policy: WindowsPolicy): readonly Part[] => [
  {
    title: 'Group Policy settings',
    intro: 'Computer Configuration > Policies > ..., or the registry value itself.',
    blocks: policy.registry.map(({ policy: path, key, name, type, value, reasons }) => [
      path,
      ...reasonLines(reasons),
      ...indented([key, `${name} (${type}) = ${value}`]),
    ]),
  },
  {
    title: 'Audit policy',
    intro:
      'Windows Settings > Security Settings > Advanced Audit Policy Configuration. `--format csv` gives Audit.csv, `--format auditpol` the commands alone.',
    blocks: policy.auditPolicy.map((setting) => [
      `${setting.category} > ${setting.subcategory}: ${outcomeWords(setting)}`,
      ...reasonLines(setting.reasons),
      ...indented(
        toAuditpol({ ...policy, auditPolicy: [setting] })
          .split('\r\n')
          .filter((line) => line !== '' && !line.startsWith('rem ')),
      ),
    ]),
  },
  {
    title: 'Event logs',
    intro:
      'Size and overwriting, in an elevated prompt. For Application, Security and System the policies above do the same.',
    blocks: policy.logs.map((setting) => [
      `${setting.log}${setting.isOffByDefault ? ' (off by default)' : ''}`,
      ...reasonLines(setting.reasons),
      ...indented(logCommands(setting)),
    ]),
  },
  {
    title: 'Audit entries (SACL)',
    intro: 'PowerShell, elevated. They are added to what is there.',
    blocks: policy.auditEntries.map(({ objects, script, reasons }) => [
      objects,
      ...reasonLines(reasons),
      ...indented(script),
    ]),
  },
  {
    title: 'Further steps',
    intro: 'On each computer, or by the policy that is named.',
    blocks: policy.steps.map(({ title, commands, reasons }) => [
      title,
      ...reasonLines(reasons),
      ...indented(commands),
    ]),
  },
];

const partText = ({ title, intro, blocks }: Part): string =>
  [`== ${title} ==`, '', intro, ...blocks.flatMap((block) => ['', ...block])].join('\n');

const headText = ({ plans, sources, notes }: WindowsPolicy): string => {
  const names = plans.map((name) => `"${name}"`).join(', ');
  return [
    `What to set on Windows computers${plans.length > 0 ? ` for ${plans.length > 1 ? 'the plans' : 'the plan'} ${names}` : ''}.`,
    ...(sources.length > 0 ? [`Data sources: ${sources.join(', ')}.`] : []),
    ...notes,
    'Computers are named in brackets: link a Group Policy object to each kind, and run `gpupdate /force` on them.',
  ].join('\n');
};

export const toPolicyText = (policy: WindowsPolicy): string =>
  [
    headText(policy),
    ...partsOf(policy)
      .filter(({ blocks }) => blocks.length > 0)
      .map(partText),
  ].join('\n\n');
