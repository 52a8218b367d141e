/** The audit database: ClickHouse SQL on an embedded engine or a cluster. */
export type * from './audit-store.ts';
export { storeError } from './errors.ts';
export {
  type EngineChoice,
  openAuditStore,
  type StoreLimits,
  type StoreOptions,
} from './open-audit-store.ts';
export type * from './query.ts';
