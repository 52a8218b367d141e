/** Windows Event Forwarding: events pushed by Windows computers, without software on them. */
export {
  type BookmarkEntry,
  type BookmarkStore,
  openBookmarkStore,
} from './bookmark-store.ts';
export {
  createEventForwarding,
  type EventForwarding,
  type EventForwardingOptions,
  type EventForwardingState,
} from './event-forwarding.ts';
export type { ClientTls } from './http-server.ts';
export { EVENT_FORWARDING_LIMITS, type EventForwardingLimits } from './limits.ts';
export type { MachineState } from './machine-ledger.ts';
export type { ListeningPort } from './port.ts';
export type { EventForwardingSettings } from './settings.ts';
export type { SubscriptionDefinition } from './subscriptions.ts';
