import type { WindowsEvent } from '../../codecs/index.ts';
import {
  accountChange,
  eventRecord,
  SUBJECT,
  sessionOf,
  sidFacts,
  subjectActor,
} from '../../windows-events/index.ts';
import type { Interpretation } from '../source.ts';

export const ACTIVE_DIRECTORY_TITLE = 'Active Directory';

/** One record per account or group management event. Pure; throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretDirectoryChange = (event: WindowsEvent): Interpretation => {
  const change = accountChange(event);
  const record = eventRecord(event, {
    dataSource: ACTIVE_DIRECTORY_TITLE,
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
