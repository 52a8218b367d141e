/** Logs, metrics and health from named events. */
export type { Emit, NamedEvent } from './named-event.ts';
