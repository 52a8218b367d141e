import type { WindowsEvent } from '../../codecs/index.ts';
import type { Interpretation } from '../source.ts';
import { AUDIT_XML_EVENT_IDS, auditXmlRecord } from './audit-xml.ts';
import { INSTANCE_EVENT_IDS, instancePart } from './instances.ts';
import { SINGLE_EVENTS } from './single-events.ts';

const INTERPRETERS: ReadonlyMap<number, (event: WindowsEvent) => Interpretation> = new Map([
  ...AUDIT_XML_EVENT_IDS.map((eventId) => [eventId, auditXmlRecord] as const),
  ...INSTANCE_EVENT_IDS.map((eventId) => [eventId, instancePart] as const),
  ...SINGLE_EVENTS,
]);

export const AD_FS_EVENT_IDS: readonly number[] = [...INTERPRETERS.keys()].sort((a, b) => a - b);

/** Pure; throws WINDOWS_EVENT_FIELD_MISSING, WINDOWS_EVENT_UNEXPECTED and XML_*. */
export const interpretAdFsEvent = (event: WindowsEvent): Interpretation =>
  (INTERPRETERS.get(event.eventId) ?? auditXmlRecord)(event);
