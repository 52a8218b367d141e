/** What an administrator at this machine can do, in this process or through the running server. */

export { createOperations, type OperationsParts } from './create-operations.ts';
export * from './operations.ts';
export { createRateMeter, type RateMeter } from './rate-meter.ts';
export {
  createSelfAuditQueue,
  type SelfAuditFact,
  type SelfAuditOptions,
  type SelfAuditQueue,
} from './self-audit-queue.ts';
export * from './status-report.ts';
