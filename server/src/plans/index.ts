/** Monitoring plans, their accounts and secrets; the configuration database they share with users and tokens. */
export {
  type ConfigurationDatabase,
  type ConfigurationDatabaseOptions,
  openConfigurationDatabase,
} from './configuration-database.ts';
export { PLAN_ERRORS } from './errors.ts';
export {
  createGuid,
  folderFault,
  isInFolder,
  type MonitoringPlan,
  nameFault,
  PLAN_LIMITS,
  type PlanAccount,
  type PlanItem,
  type PlanSource,
  toNameKey,
  tryParseGuid,
} from './monitoring-plan.ts';
export { createMutex, type Exclusive } from './mutex.ts';
export {
  type AppliedPlan,
  type ApplyReport,
  openPlans,
  type Plans,
  type PlansOptions,
  type WritingPlace,
} from './plans.ts';
export type { ConfigurationTables } from './schema.ts';
export {
  createSecretBox,
  openSecretBox,
  type SecretBox,
  type SecretBoxOptions,
} from './secrets.ts';
export type { Actor, SelfAudit, SelfAuditEntry } from './self-audit.ts';
