/** What a plan file would change: decided on values alone, before anything is written. */
import type { Detail, WitnessError } from '@witness/record';
import { error } from './errors.ts';
import { type MonitoringPlan, toNameKey } from './monitoring-plan.ts';
import type { PlanDraft } from './parse-plans.ts';
import type { StoredPlan } from './plan-rows.ts';

export interface PlannedChange {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly next: StoredPlan;
  readonly before?: StoredPlan;
  readonly details: readonly Detail[];
}

/** How sealing looks from here; `place` is decided by the owner of the secret. */
export interface AccountSecrets {
  seal(plan: Pick<MonitoringPlan, 'id'>, account: string, secret: string): string;
  /** Whether the plan's stored secret is this one. */
  isSame(stored: StoredPlan, secret: string): boolean;
}

export interface PlanContext {
  readonly stored: readonly StoredPlan[];
  readonly secrets: AccountSecrets;
  readonly createId: () => string;
  readonly now: number;
}

/** JSON text that does not depend on the order of keys. */
const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)),
        )
      : member,
  );

const PROPERTIES = [
  ['Name', (plan) => plan.name],
  ['Folder', (plan) => plan.folder],
  ['Enabled', (plan) => String(plan.isEnabled)],
  ['Data sources', (plan) => stableJson(plan.dataSources)],
  ['Account', (plan) => plan.account?.name],
  ['Retention in days', (plan) => plan.retentionDays?.toString()],
] as const satisfies readonly (readonly [string, (plan: MonitoringPlan) => string | undefined])[];

/** Each property that differs. A secret shows as changed, never as a value. */
export const describeChange = (
  before: StoredPlan | undefined,
  next: StoredPlan | undefined,
): Detail[] => {
  const details = PROPERTIES.flatMap(([property, show]): Detail[] => {
    const [was, is] = [before && show(before.plan), next && show(next.plan)];
    if (was === is) return [];
    return [
      {
        property,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ];
  });
  return before?.sealedSecret === next?.sealedSecret
    ? details
    : [...details, { property: 'Secret of the account', message: 'changed' }];
};

const toAccount = (
  draft: PlanDraft,
  id: string,
  { before, secrets }: { before: StoredPlan | undefined; secrets: AccountSecrets },
): Pick<StoredPlan, 'sealedSecret'> & { account?: MonitoringPlan['account'] } => {
  if (!draft.account) return {};
  const { name, secret } = draft.account;
  const kept = before?.plan.account;
  const isSameAccount = kept !== undefined && toNameKey(kept.name) === toNameKey(name);
  const keeps = before && isSameAccount && (secret === undefined || secrets.isSame(before, secret));
  const sealed = keeps
    ? before.sealedSecret
    : secret === undefined
      ? undefined
      : secrets.seal({ id }, name, secret);
  return {
    account: { name, hasSecret: sealed !== undefined },
    ...(sealed === undefined ? {} : { sealedSecret: sealed }),
  };
};

const toNext = (
  draft: PlanDraft,
  before: StoredPlan | undefined,
  { secrets, createId, now }: PlanContext,
): StoredPlan => {
  const id = before?.plan.id ?? draft.id ?? createId();
  const { account, ...sealed } = toAccount(draft, id, { before, secrets });
  return {
    plan: {
      id,
      name: draft.name,
      ...(draft.folder === undefined ? {} : { folder: draft.folder }),
      isEnabled: draft.isEnabled,
      dataSources: draft.dataSources,
      ...(account === undefined ? {} : { account }),
      ...(draft.retentionDays === undefined ? {} : { retentionDays: draft.retentionDays }),
    },
    ...sealed,
    createdAt: before?.createdAt ?? now,
  };
};

/** Two plans of the file that are one, or a name that another plan keeps. */
const collisions = (
  drafts: readonly PlanDraft[],
  changes: readonly PlannedChange[],
  stored: readonly StoredPlan[],
): WitnessError[] => {
  const touched = new Set(changes.map(({ next }) => next.plan.id));
  const owners = new Map(
    stored
      .filter(({ plan }) => !touched.has(plan.id))
      .map(({ plan }) => [toNameKey(plan.name), plan.id]),
  );
  const names = new Set<string>();
  const ids = new Set<string>();
  return changes.flatMap(({ next: { plan } }, index) => {
    const location = drafts[index]?.location ?? '1:1';
    const key = toNameKey(plan.name);
    const isRepeated = names.has(key) || ids.has(plan.id);
    names.add(key);
    ids.add(plan.id);
    if (isRepeated) return [error('PLAN_DUPLICATE', { plan: plan.name }, { location })];
    const owner = owners.get(key);
    return owner ? [error('PLAN_NAME_TAKEN', { plan: plan.name, id: owner }, { location })] : [];
  });
};

/** One change a draft, in their order, and what speaks against applying them. */
export const planChanges = (
  drafts: readonly PlanDraft[],
  context: PlanContext,
): { changes: PlannedChange[]; faults: WitnessError[] } => {
  const byId = new Map(context.stored.map((each) => [each.plan.id, each]));
  const byName = new Map(context.stored.map((each) => [toNameKey(each.plan.name), each]));
  const changes = drafts.map((draft): PlannedChange => {
    const before = draft.id ? byId.get(draft.id) : byName.get(toNameKey(draft.name));
    const next = toNext(draft, before, context);
    const details = describeChange(before, next);
    const outcome = !before ? 'created' : details.length > 0 ? 'updated' : 'unchanged';
    return { outcome, next, ...(before ? { before } : {}), details };
  });
  return { changes, faults: collisions(drafts, changes, context.stored) };
};
