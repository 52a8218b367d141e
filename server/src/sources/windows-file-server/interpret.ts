import type { WindowsEvent } from '../../codecs/index.ts';
import { isOwnLogonId, SUBJECT, sidFacts } from '../../windows-events/index.ts';
import type { Fragment, Interpretation, LogonFact } from '../source.ts';
import { toRecordDraft } from './activity-record.ts';
import { type FileEvent, toFileEvent } from './file-event.ts';
import { toActivities } from './to-file-activities.ts';

export const WINDOWS_FILE_SERVER_ID = 'windows-file-server';

/** Shares know the address of a session: records of its files in later batches get their workstation from it. */
const logonFacts = ({ head, actor, logonId, address }: FileEvent): LogonFact[] =>
  address === undefined || !isOwnLogonId(logonId) || actor.whoKnownBy !== 'event'
    ? []
    : [{ computer: head.computer, logonId, account: actor.who, address }];

/** Says nothing by itself: the events of one computer are read together. Throws WINDOWS_EVENT_FIELD_MISSING. */
export const interpretFileEvent = (event: WindowsEvent): Interpretation => {
  const value = toFileEvent(event);
  return {
    drafts: [],
    fragments: [{ source: WINDOWS_FILE_SERVER_ID, key: event.computer.toLowerCase(), value }],
    sids: sidFacts(event, SUBJECT),
    logons: logonFacts(value),
  };
};

export const joinFileEvents = (fragments: readonly Fragment[]): Pick<Interpretation, 'drafts'> => {
  const events = fragments.map(({ value }) => value as FileEvent);
  const places = new Map(events.map((event, index) => [event, index]));
  const { activities, kinds } = toActivities(events);
  return {
    drafts: activities.map((activity) => {
      const fragment = places.get(activity.decisive) ?? 0;
      const draft = toRecordDraft(activity, kinds);
      return fragment === 0 ? draft : { ...draft, fragment };
    }),
  };
};
