/** The events of one computer -> records of what people did. Pure. */
import type { RecordDraft } from '../source.ts';
import { ACTION, type Activity, addOwnEvents, createActivity } from './activity.ts';
import { toRecordDraft } from './activity-record.ts';
import type { FileEvent } from './file-event.ts';
import { foldActivities } from './folding.ts';
import { findNewNames } from './new-names.ts';
import { type ObjectKinds, objectKinds } from './object-kind.ts';
import { openActivities } from './open-activities.ts';
import { actorKeyOf, joinHandles } from './opening.ts';
import { applySessions } from './sessions.ts';
import { singleActivities } from './share-activities.ts';

export const HANDLES = 'Handles';

const byTime = (a: Activity, b: Activity): number =>
  a.firstWhen - b.firstWhen || a.firstRecordId - b.firstRecordId;

const compareEvents = (a: FileEvent, b: FileEvent): number =>
  a.head.when - b.head.when || a.head.recordId - b.head.recordId;

const isAfter = (event: FileEvent, before: FileEvent | undefined): boolean =>
  before === undefined || compareEvents(before, event) <= 0;

/** The order of a file is not always that of time. */
const inOrder = (events: readonly FileEvent[]): readonly FileEvent[] =>
  events.every((event, i) => isAfter(event, events[i - 1]))
    ? events
    : events.toSorted(compareEvents);

/** Closings of handles that nobody saw opened: one record for a process and session, since they say nothing else. */
const closingActivities = (closings: readonly FileEvent[]): Activity[] => {
  const groups = new Map<string, FileEvent[]>();
  for (const event of closings) {
    const key = actorKeyOf(event);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const activity = createActivity(ACTION.closed, first, `Handles of ${programOf(first)}`);
    activity.objectType = HANDLES;
    activity.changes.push({
      property: 'Handles closed',
      after: String(group.length),
      message: 'Their opening is not at hand: it came with earlier events, or was not audited.',
    });
    addOwnEvents(activity, group, 'closed handles');
    return [activity];
  });
};

const programOf = ({ program, process }: FileEvent): string => program ?? `process ${process}`;

/** What was done, with every event counted in exactly one activity. */
export const toActivities = (
  unordered: readonly FileEvent[],
): { readonly activities: readonly Activity[]; readonly kinds: ObjectKinds } => {
  const events = inOrder(unordered);
  const { openings, closings, others } = joinHandles(events);
  const kinds = objectKinds(events, openings);
  const all = [
    ...openActivities(openings, findNewNames(openings, kinds), kinds),
    ...singleActivities(others, kinds),
    ...closingActivities(closings),
  ].sort(byTime);
  const activities = foldActivities(all, kinds);
  applySessions(activities, events);
  return { activities, kinds };
};

export const toFileActivities = (events: readonly FileEvent[]): RecordDraft[] => {
  const { activities, kinds } = toActivities(events);
  return activities.map((activity) => toRecordDraft(activity, kinds));
};
