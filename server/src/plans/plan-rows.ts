/** Plans as rows of the configuration database. */
import type { Kysely, Transaction } from 'kysely';
import type { MonitoringPlan, PlanItem, PlanSource } from './monitoring-plan.ts';
import { toNameKey } from './monitoring-plan.ts';
import type { ConfigurationTables, PlanItemTable, PlanSourceTable, PlanTable } from './schema.ts';

/** A plan with what is never shown. */
export interface StoredPlan {
  readonly plan: MonitoringPlan;
  readonly sealedSecret?: string;
  readonly createdAt: number;
}

/** Fewer parameters a statement than SQLite (32,766) and PostgreSQL (65,535) take. */
const ROWS_PER_STATEMENT = 1_000;

const chunksOf = <Row>(rows: readonly Row[]): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / ROWS_PER_STATEMENT) }, (_, index) =>
    rows.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
  );

const groupBy = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
};

const sourceKey = (planId: string, source: string): string => `${planId}/${source}`;

const toItem = (row: PlanItemTable): PlanItem => ({
  name: row.name,
  type: row.type,
  isEnabled: row.is_enabled === 1,
});

const toStoredPlan = (row: PlanTable, dataSources: readonly PlanSource[]): StoredPlan => ({
  plan: {
    id: row.id,
    name: row.name,
    ...(row.folder === null ? {} : { folder: row.folder }),
    isEnabled: row.is_enabled === 1,
    dataSources,
    ...(row.account_name === null
      ? {}
      : { account: { name: row.account_name, hasSecret: row.account_secret !== null } }),
    ...(row.retention_days === null ? {} : { retentionDays: row.retention_days }),
  },
  ...(row.account_secret === null ? {} : { sealedSecret: row.account_secret }),
  createdAt: row.created_at,
});

/** All plans, in the order of their names. */
export const readPlans = async (queries: Kysely<ConfigurationTables>): Promise<StoredPlan[]> => {
  const plans = await queries.selectFrom('plan').selectAll().orderBy('name_key').execute();
  const sources = await queries
    .selectFrom('plan_source')
    .selectAll()
    .orderBy('plan_id')
    .orderBy('position')
    .execute();
  const items = await queries
    .selectFrom('plan_item')
    .selectAll()
    .orderBy('plan_id')
    .orderBy('position')
    .execute();
  const sourcesOf = groupBy(sources, (row) => row.plan_id);
  const itemsOf = groupBy(items, (row) => sourceKey(row.plan_id, row.source));
  const toSource = (row: PlanSourceTable): PlanSource => ({
    source: row.source,
    isEnabled: row.is_enabled === 1,
    settings: JSON.parse(row.settings),
    items: (itemsOf.get(sourceKey(row.plan_id, row.source)) ?? []).map(toItem),
  });
  return plans.map((row) => toStoredPlan(row, (sourcesOf.get(row.id) ?? []).map(toSource)));
};

const toPlanRow = ({ plan, sealedSecret, createdAt }: StoredPlan, now: number): PlanTable => ({
  id: plan.id,
  name: plan.name,
  name_key: toNameKey(plan.name),
  folder: plan.folder ?? null,
  is_enabled: Number(plan.isEnabled),
  account_name: plan.account?.name ?? null,
  account_secret: sealedSecret ?? null,
  retention_days: plan.retentionDays ?? null,
  created_at: createdAt,
  updated_at: now,
});

const toSourceRows = ({ plan }: StoredPlan): PlanSourceTable[] =>
  plan.dataSources.map(({ source, isEnabled, settings }, position) => ({
    plan_id: plan.id,
    position,
    source,
    is_enabled: Number(isEnabled),
    settings: JSON.stringify(settings),
  }));

const toItemRows = ({ plan }: StoredPlan): PlanItemTable[] =>
  plan.dataSources.flatMap(({ source, items }) =>
    items.map(({ name, type, isEnabled }, position) => ({
      plan_id: plan.id,
      source,
      position,
      name,
      type,
      is_enabled: Number(isEnabled),
    })),
  );

/**
 * Puts the plans in place of those with the same ids. All old ones go before the first new one comes, so that two
 * plans can change names with each other.
 */
export const replacePlans = async (
  transaction: Transaction<ConfigurationTables>,
  plans: readonly StoredPlan[],
  now: number,
): Promise<void> => {
  for (const ids of chunksOf(plans.map(({ plan }) => plan.id))) {
    await transaction.deleteFrom('plan').where('id', 'in', ids).execute();
  }
  for (const rows of chunksOf(plans.map((each) => toPlanRow(each, now)))) {
    await transaction.insertInto('plan').values(rows).execute();
  }
  for (const rows of chunksOf(plans.flatMap(toSourceRows))) {
    await transaction.insertInto('plan_source').values(rows).execute();
  }
  for (const rows of chunksOf(plans.flatMap(toItemRows))) {
    await transaction.insertInto('plan_item').values(rows).execute();
  }
};
