import type { WindowsEvent } from '../../codecs/index.ts';
import type { Interpretation } from '../source.ts';
import { auditEvent } from './audit-event.ts';
import { SERVER_LOG_EVENTS } from './server-log-events.ts';

const AUDIT_EVENT = 33205;

export const SQL_SERVER_EVENT_IDS: readonly number[] = [...SERVER_LOG_EVENTS.keys(), AUDIT_EVENT];

/** One record per event. Pure; throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretSqlServerEvent = (event: WindowsEvent): Interpretation =>
  (SERVER_LOG_EVENTS.get(event.eventId) ?? auditEvent)(event);
