import type { Detail } from '@witness/record';
import type { WindowsEvent } from '../../codecs/index.ts';
import {
  addressOf,
  auditOutcome,
  eventRecord,
  field,
  SECURITY_AUDITING,
  SUBJECT,
  sessionOf,
  sidFacts,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { eventActor } from './event-actor.ts';
import { dataDetails } from './event-data.ts';
import { SECURITY_EVENT_TITLES } from './event-titles.ts';

/** The one action: Windows wrote the event. What happened is in the event's own words. */
export const LOGGED = 'Logged';
export const EVENT_LOG_TITLE = 'Event Log';

/** Level 0 means "always written"; Windows shows it as information. */
const LEVELS = ['Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'] as const;

const OUTCOMES = { success: 'Audit success', failure: 'Audit failure' } as const;

const headDetails = (event: WindowsEvent): Detail[] => {
  const isSecurity = event.provider === SECURITY_AUDITING;
  const title = isSecurity ? SECURITY_EVENT_TITLES.get(event.eventId) : undefined;
  const outcome = isSecurity ? auditOutcome(event) : undefined;
  const level = event.level === undefined ? undefined : LEVELS[event.level];
  const details: Detail[] = [];
  if (title !== undefined) details.push({ property: 'Event', after: title });
  details.push({ property: 'Event ID', after: String(event.eventId) });
  details.push({ property: 'Channel', after: event.channel });
  if (outcome !== undefined) details.push({ property: 'Outcome', after: OUTCOMES[outcome] });
  else if (level !== undefined) details.push({ property: 'Level', after: level });
  return details;
};

/** One record per event, whatever it is. Pure; never throws. */
export const interpretAnyEvent = (event: WindowsEvent): Interpretation => {
  const isSecurity = event.provider === SECURITY_AUDITING;
  const record = eventRecord(event, {
    dataSource: EVENT_LOG_TITLE,
    actor: eventActor(event),
    action: LOGGED,
    objectType: event.provider,
    what: `Event ${event.eventId}`,
    workstation: isSecurity ? addressOf(field(event, 'IpAddress')) : undefined,
    session: sessionOf(event),
    details: [...headDetails(event), ...dataDetails(event)],
  });
  return { drafts: [record], sids: sidFacts(event, SUBJECT) };
};
