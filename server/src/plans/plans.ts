/** Monitoring plans: kept in the configuration database, answered from memory. */
import { type ItemRef, type PlanRef, WitnessError } from '@witness/record';
import type { SourceDeclaration } from '../sources/index.ts';
import type { ConfigurationDatabase } from './configuration-database.ts';
import { createGuid, type MonitoringPlan, toNameKey, tryParseGuid } from './monitoring-plan.ts';
import { createMutex } from './mutex.ts';
import { parsePlans, throwFaults } from './parse-plans.ts';
import { type AccountSecrets, describeChange, planChanges } from './plan-changes.ts';
import { readPlans, replacePlans, type StoredPlan } from './plan-rows.ts';
import { plansToYaml } from './plan-yaml.ts';
import type { SecretBox } from './secrets.ts';
import type { Actor, SelfAudit, SelfAuditEntry } from './self-audit.ts';

export interface AppliedPlan {
  readonly id: string;
  readonly name: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  /** What differs, when updated: `Folder`, `Data sources`, ... */
  readonly changed: readonly string[];
}

export interface ApplyReport {
  /** In the order of the file. */
  readonly plans: readonly AppliedPlan[];
}

/** Where records written from outside go. */
export interface WritingPlace {
  readonly plan: PlanRef;
  /** Enabled items of type `Integration`. */
  readonly items: readonly ItemRef[];
}

export interface Plans {
  /** All plans in the order of their names. */
  list(): Promise<readonly MonitoringPlan[]>;
  /** The same at once, from memory. */
  current(): readonly MonitoringPlan[];
  /** By name, letter case ignored. */
  get(name: string): MonitoringPlan | undefined;
  /**
   * Makes the plans of the text exist as written: all of them or none. A plan is found by its `id`, without one by
   * its name; plans that the text does not name stay as they are. Applying again changes nothing.
   * Rejects with a PLAN_* error that has a location `line:column`.
   */
  apply(yamlText: string, by: Actor): Promise<ApplyReport>;
  /** False when there is no such plan. */
  remove(name: string, by: Actor): Promise<boolean>;
  /** A plan file of all plans, or of one; undefined when there is no such plan. Secrets are left out. */
  exportYaml(name?: string): string | undefined;
  /**
   * The enabled plan of that name (letter case ignored) and, where given, id, that has the `integration-api` source
   * enabled. Synchronous: asked for every record that is written from outside.
   */
  findForWriting(name: string, id?: string): WritingPlace | undefined;
  /** The account a plan collects with; rejects with a SECRET_* error. */
  account(planId: string): Promise<{ readonly name: string; readonly secret?: string } | undefined>;
}

export interface PlansOptions {
  readonly database: ConfigurationDatabase;
  readonly secrets: SecretBox;
  readonly sources: readonly SourceDeclaration[];
  readonly selfAudit: SelfAudit;
  readonly clock: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
}

const WRITING_SOURCE = 'integration-api';
const WRITING_ITEM_TYPE = 'Integration';
const OBJECT_TYPE = 'Monitoring plan';
const ACTIONS = { created: 'Added', updated: 'Modified' } as const;

/** The account's name belongs to the place: a secret must not be sent under another name. */
const placeOf = (planId: string, account: string): string =>
  `plan/${planId}/account/${toNameKey(account)}`;

const createAccountSecrets = (
  box: SecretBox,
): AccountSecrets & {
  open(stored: StoredPlan): string | undefined;
} => {
  const open = ({ plan, sealedSecret }: StoredPlan): string | undefined =>
    sealedSecret === undefined || !plan.account
      ? undefined
      : box.unseal(sealedSecret, placeOf(plan.id, plan.account.name));
  return {
    open,
    seal: ({ id }, account, secret) => box.seal(secret, placeOf(id, account)),
    isSame: (stored, secret) => {
      try {
        return open(stored) === secret;
      } catch (cause) {
        // One that no longer opens is replaced by entering it anew.
        if (cause instanceof WitnessError) return false;
        throw cause;
      }
    },
  };
};

const toWritingPlace = ({
  id,
  name,
  isEnabled,
  dataSources,
}: MonitoringPlan): WritingPlace | undefined => {
  const source = dataSources.find((each) => each.source === WRITING_SOURCE && each.isEnabled);
  if (!isEnabled || !source) return undefined;
  const items = source.items
    .filter((item) => item.isEnabled && item.type === WRITING_ITEM_TYPE)
    .map((item): ItemRef => ({ name: item.name, type: item.type }));
  return { plan: { id, name }, items };
};

/** What is asked often, made once a change. */
interface Cache {
  readonly stored: readonly StoredPlan[];
  readonly plans: readonly MonitoringPlan[];
  readonly byName: ReadonlyMap<string, StoredPlan>;
  readonly writing: ReadonlyMap<string, WritingPlace>;
}

const toCache = (stored: readonly StoredPlan[]): Cache => ({
  stored,
  plans: stored.map(({ plan }) => plan),
  byName: new Map(stored.map((each) => [toNameKey(each.plan.name), each])),
  writing: new Map(
    stored.flatMap(({ plan }) => {
      const place = toWritingPlace(plan);
      return place ? [[toNameKey(plan.name), place] as const] : [];
    }),
  ),
});

const toEntry = (
  { who, workstation }: Actor,
  content: Pick<SelfAuditEntry, 'action' | 'what' | 'details'>,
): SelfAuditEntry => ({
  who,
  objectType: OBJECT_TYPE,
  ...content,
  ...(workstation === undefined ? {} : { workstation }),
});

/** Reads all plans into memory. */
export const openPlans = async (options: PlansOptions): Promise<Plans> => {
  const { database, sources, selfAudit, clock, randomBytes } = options;
  const secrets = createAccountSecrets(options.secrets);
  const exclusively = createMutex();
  let cache = toCache(await readPlans(database.queries));
  const reload = async (): Promise<void> => {
    cache = toCache(await readPlans(database.queries));
  };

  const apply = async (yamlText: string, by: Actor): Promise<ApplyReport> => {
    const drafts = parsePlans(yamlText, sources);
    const { changes, faults } = planChanges(drafts, {
      stored: cache.stored,
      secrets,
      createId: () => createGuid(randomBytes),
      now: clock(),
    });
    throwFaults(faults);
    const written = changes.filter(({ outcome }) => outcome !== 'unchanged');
    if (written.length > 0) {
      const next = written.map((change) => change.next);
      await database.transaction((transaction) => replacePlans(transaction, next, clock()));
      await reload();
    }
    for (const { outcome, next, details } of changes) {
      if (outcome === 'unchanged') continue;
      selfAudit(toEntry(by, { action: ACTIONS[outcome], what: next.plan.name, details }));
    }
    return {
      plans: changes.map(({ outcome, next: { plan }, details }) => ({
        id: plan.id,
        name: plan.name,
        outcome,
        changed: outcome === 'updated' ? details.map(({ property }) => property) : [],
      })),
    };
  };

  const remove = async (name: string, by: Actor): Promise<boolean> => {
    const found = cache.byName.get(toNameKey(name));
    if (!found) return false;
    await database.transaction((transaction) =>
      transaction.deleteFrom('plan').where('id', '=', found.plan.id).execute(),
    );
    await reload();
    const details = describeChange(found, undefined);
    selfAudit(toEntry(by, { action: 'Removed', what: found.plan.name, details }));
    return true;
  };

  return {
    list: async () => cache.plans,
    current: () => cache.plans,
    get: (name) => cache.byName.get(toNameKey(name))?.plan,
    apply: (yamlText, by) => exclusively(() => apply(yamlText, by)),
    remove: (name, by) => exclusively(() => remove(name, by)),
    exportYaml: (name) => {
      if (name === undefined) return plansToYaml(cache.plans);
      const found = cache.byName.get(toNameKey(name));
      return found && plansToYaml([found.plan]);
    },
    findForWriting: (name, id) => {
      const place = cache.writing.get(toNameKey(name));
      return id === undefined || place?.plan.id === tryParseGuid(id) ? place : undefined;
    },
    account: async (planId) => {
      const found = cache.stored.find(({ plan }) => plan.id === tryParseGuid(planId));
      if (!found?.plan.account) return undefined;
      const secret = secrets.open(found);
      return { name: found.plan.account.name, ...(secret === undefined ? {} : { secret }) };
    },
  };
};
