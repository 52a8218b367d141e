/** What Windows computers are asked to send for the monitoring plans, and what must be set on them so that they can. */
export { toAuditCsv, toAuditpol } from './audit-policy-files.ts';
export type { ForwardingTarget } from './forwarding-settings.ts';
export type * from './policy.ts';
export { toPolicyText } from './policy-text.ts';
export { subscriptionsOf, type WindowsSubscription } from './subscriptions.ts';
export { windowsPolicyOf } from './windows-policy.ts';
