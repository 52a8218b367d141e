import type { WindowsEvent } from '../../codecs/index.ts';
import {
  accountChange,
  DIRECTORY_CHANGE_EVENT_IDS,
  eventRecord,
  SUBJECT,
  sessionOf,
  sidFacts,
  subjectActor,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';
import { interpretDirectoryObject } from './directory-changes.ts';
import { DOMAIN_OPERATIONS, interpretDomainOperation } from './domain-operations.ts';
import { interpretObjectAccess, OBJECT_ACCESS } from './object-access.ts';
import { ACTIVE_DIRECTORY } from './title.ts';

/** One record per account or group management event. Throws WINDOWS_EVENT_FIELD_MISSING. */
const interpretAccountChange = (event: WindowsEvent): Interpretation => {
  const change = accountChange(event);
  const record = eventRecord(event, {
    dataSource: ACTIVE_DIRECTORY.title,
    actor: subjectActor(event),
    action: change.action,
    objectType: change.managedClass,
    what: change.account,
    workstation: change.workstation,
    session: sessionOf(event),
    details: change.details,
  });
  return { drafts: [record], sids: sidFacts(event, SUBJECT, ...change.sidFields) };
};

const DIRECTORY_CHANGES: ReadonlySet<number> = new Set(DIRECTORY_CHANGE_EVENT_IDS);

/** Pure; throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretDirectoryEvent = (event: WindowsEvent): Interpretation => {
  const { eventId } = event;
  if (DIRECTORY_CHANGES.has(eventId)) return interpretDirectoryObject(event);
  if (eventId === OBJECT_ACCESS) return interpretObjectAccess(event);
  const operation = DOMAIN_OPERATIONS.get(eventId);
  return operation === undefined
    ? interpretAccountChange(event)
    : interpretDomainOperation(event, operation);
};
