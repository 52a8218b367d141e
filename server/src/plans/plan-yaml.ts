import { stringify } from 'yaml';
import type { MonitoringPlan } from './monitoring-plan.ts';

/** A plan in the shape of a plan file. The account's secret is never part of it: applying keeps what is stored. */
const toWritten = ({ account, ...plan }: MonitoringPlan): object => ({
  ...plan,
  ...(account ? { account: { name: account.name } } : {}),
});

/** The text of a plan file that, applied, changes nothing here and makes the same plans elsewhere. */
export const plansToYaml = (plans: readonly MonitoringPlan[]): string =>
  stringify({ plans: plans.map(toWritten) }, { lineWidth: 0, aliasDuplicateObjects: false });
