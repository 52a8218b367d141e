/** From monitoring plans to what must be set on Windows computers, every setting once, with everyone who needs it. */
import type { MonitoringPlan } from '../plans/index.ts';
import type { SourceDeclaration, WindowsSetup } from '../sources/index.ts';
import {
  APPLICATION_LOG,
  auditSubcategory,
  auditSubcategoryGuid,
  SECURITY_LOG,
  SYSTEM_LOG,
} from '../windows-events/index.ts';
import {
  FORCE_SUBCATEGORIES,
  type ForwardingTarget,
  forwardingRegistry,
  forwardingSteps,
  ISSUER_TO_FILL_IN,
} from './forwarding-settings.ts';
import { enabledSources } from './plan-sources.ts';
import type {
  AuditEntriesSetting,
  AuditPolicySetting,
  EventLogSetting,
  PolicyReason,
  PolicyStep,
  RegistrySetting,
  WindowsPolicy,
} from './policy.ts';

/** A need with the source that has it. */
type Needed<Need> = Need & { readonly because: PolicyReason };

type NeedsOf<Need> = (setup: WindowsSetup) => readonly Need[] | undefined;

const needed = <Need extends { readonly reason: string }>(
  sources: readonly SourceDeclaration[],
  needsOf: NeedsOf<Need>,
): Needed<Need>[] =>
  sources.flatMap(({ title, windowsSetup }) =>
    windowsSetup === undefined
      ? []
      : (needsOf(windowsSetup) ?? []).map((need) => ({
          ...need,
          because: { source: title, computers: windowsSetup.computers, reason: need.reason },
        })),
  );

/** Needs of the same thing become one setting, in the order of their first mention. */
const merged = <Need, Setting>(
  needs: readonly Needed<Need>[],
  keyOf: (need: Need) => string,
  toSetting: (
    first: Needed<Need>,
    all: readonly Needed<Need>[],
    reasons: readonly PolicyReason[],
  ) => Setting,
): Setting[] =>
  [...Map.groupBy(needs, keyOf).values()].flatMap((all) =>
    all.slice(0, 1).map((first) =>
      toSetting(
        first,
        all,
        all.map(({ because }) => because),
      ),
    ),
  );

const auditPolicyOf = (sources: readonly SourceDeclaration[]): AuditPolicySetting[] =>
  merged(
    needed(sources, (setup) => setup.auditPolicy),
    ({ subcategory }) => subcategory,
    ({ subcategory }, all, reasons) => {
      const guid = auditSubcategoryGuid(subcategory) ?? '';
      return {
        category: auditSubcategory(guid)?.category ?? '',
        subcategory,
        guid,
        isSuccessAudited: all.some(({ outcomes }) => outcomes !== 'failure'),
        isFailureAudited: all.some(({ outcomes }) => outcomes !== 'success'),
        reasons,
      };
    },
  ).sort((a, b) => (a.guid < b.guid ? -1 : 1));

const logsOf = (sources: readonly SourceDeclaration[]): EventLogSetting[] =>
  merged(
    needed(sources, (setup) => setup.logs),
    ({ log }) => log,
    ({ log, isOffByDefault = false }, all, reasons) => ({
      log,
      sizeBytes: Math.max(...all.map(({ sizeBytes }) => sizeBytes)),
      isOffByDefault,
      reasons,
    }),
  );

const auditEntriesOf = (sources: readonly SourceDeclaration[]): AuditEntriesSetting[] =>
  merged(
    needed(sources, (setup) => setup.auditEntries),
    ({ script }) => script.join('\n'),
    ({ objects, script }, _, reasons) => ({ objects, script, reasons }),
  );

const registryOf = (sources: readonly SourceDeclaration[]): RegistrySetting[] =>
  merged(
    needed(sources, (setup) => setup.registry),
    ({ key, name }) => `${key}\\${name}`,
    ({ key, name, type, value, policy }, _, reasons) => ({
      key,
      name,
      type,
      value,
      policy,
      reasons,
    }),
  );

const stepsOf = (sources: readonly SourceDeclaration[]): PolicyStep[] =>
  merged(
    needed(sources, (setup) => setup.steps),
    ({ title }) => title,
    ({ title, commands }, _, reasons) => ({ title, commands, reasons }),
  );

/** Names of these logs in the policy "Specify the maximum log file size (KB)"; other logs have no policy. */
const LOGS_WITH_POLICY: ReadonlySet<string> = new Set([APPLICATION_LOG, SECURITY_LOG, SYSTEM_LOG]);

const logSizeRegistry = ({
  log,
  sizeBytes,
  reasons,
}: EventLogSetting): readonly RegistrySetting[] =>
  LOGS_WITH_POLICY.has(log)
    ? [
        {
          key: `HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\EventLog\\${log}`,
          name: 'MaxSize',
          type: 'REG_DWORD',
          value: String(sizeBytes / 1024),
          policy: `Administrative Templates > Windows Components > Event Log Service > ${log} > Specify the maximum log file size (KB)`,
          reasons,
        },
      ]
    : [];

const isFedByWindows = ({ windowsSetup }: SourceDeclaration): boolean => windowsSetup !== undefined;

const notesOf = (
  plans: readonly MonitoringPlan[],
  chosen: readonly SourceDeclaration[],
  sources: readonly SourceDeclaration[],
): string[] => {
  const disabled = plans.filter(({ isEnabled }) => !isEnabled).map(({ name }) => name);
  const absent = sources.filter((source) => isFedByWindows(source) && !chosen.includes(source));
  const others = sources.filter(
    (source) =>
      !isFedByWindows(source) && plans.some((plan) => enabledSources(plan, [source]).length > 0),
  );
  return [
    ...(plans.length === 0 ? ['No monitoring plan is enabled.'] : []),
    ...disabled.map(
      (name) => `The plan "${name}" is disabled: nothing is collected for it until it is enabled.`,
    ),
    ...(chosen.length === 0
      ? ['Nothing here needs Windows events, so there is nothing to audit.']
      : []),
    ...others.map(
      ({ title }) =>
        `${title} needs nothing to be set on Windows computers, and no events are collected for it.`,
    ),
    ...(absent.length === 0
      ? []
      : [
          `Not part of it, because no plan here has them: ${absent.map(({ title }) => title).join(', ')}.`,
        ]),
  ];
};

/**
 * What the plans need, whether they are enabled or not: the settings come first. Throws WINDOWS_SERVER_NAME_INVALID,
 * WINDOWS_ISSUER_INVALID.
 */
export const windowsPolicyOf = (
  plans: readonly MonitoringPlan[],
  sources: readonly SourceDeclaration[],
  target: ForwardingTarget,
): WindowsPolicy => {
  const chosen = sources.filter(
    (source) =>
      isFedByWindows(source) && plans.some((plan) => enabledSources(plan, [source]).length > 0),
  );
  const logs = logsOf(chosen);
  const auditPolicy = auditPolicyOf(chosen);
  const forwarding = forwardingRegistry(target);
  return {
    plans: plans.map(({ name }) => name),
    sources: chosen.map(({ title }) => title),
    registry: [
      ...forwarding,
      ...(auditPolicy.length > 0 ? [FORCE_SUBCATEGORIES] : []),
      ...logs.flatMap(logSizeRegistry),
      ...registryOf(chosen),
    ],
    auditPolicy,
    logs,
    auditEntries: auditEntriesOf(chosen),
    steps: [...forwardingSteps(target), ...stepsOf(chosen)],
    notes: [
      ...notesOf(plans, chosen, sources),
      ...(forwarding.some(({ value }) => value.includes(ISSUER_TO_FILL_IN))
        ? [`Put the thumbprint of your certification authority in place of ${ISSUER_TO_FILL_IN}.`]
        : []),
    ],
  };
};
