/** Openings of objects -> what was done. */
import { FILE_ACCESS } from '../../windows-events/index.ts';
import {
  ACTION,
  type Activity,
  addOwnEvents,
  createActivity,
  type FileAction,
  hasChange,
  onlyLooks,
} from './activity.ts';
import { EVENT, type FileEvent } from './file-event.ts';
import type { NewName, NewNames } from './new-names.ts';
import { FOLDER, type ObjectKinds } from './object-kind.ts';
import type { Opening } from './opening.ts';

const ADDS = FILE_ACCESS.writeData | FILE_ACCESS.appendData;

const NEW_NAME_ACTIONS: Readonly<Record<NewName['kind'], FileAction>> = {
  renamed: ACTION.renamed,
  moved: ACTION.moved,
  added: ACTION.added,
};

/**
 * What a refused request was for: the refused rights decide, all of the requested ones when the event does not say which.
 * Asking to write and to delete at once is asking to change.
 */
export const refusedAction = (rights: number, isFolder: boolean): FileAction => {
  if (isFolder && (rights & ADDS) !== 0) return ACTION.addFailed;
  if (hasChange(rights)) return ACTION.modifyFailed;
  return (rights & FILE_ACCESS.delete) === 0 ? ACTION.readFailed : ACTION.removeFailed;
};

/** What a granted request would be, or used rights are: the strongest of them. */
export const grantedAction = (rights: number): FileAction =>
  hasChange(rights) || (rights & FILE_ACCESS.delete) !== 0 ? ACTION.modified : ACTION.read;

/** The first event that shows what the action says. */
const decisiveOf = (opening: Opening, action: FileAction): FileEvent => {
  if (opening.deletion !== undefined) return opening.deletion;
  const first = opening.shown ?? opening.first;
  if (action !== ACTION.modified && action !== ACTION.added) return first;
  return opening.events.find(isChangeEvent) ?? first;
};

const isChangeEvent = ({ head, access }: FileEvent): boolean =>
  head.eventId === EVENT.permissionsChanged ||
  head.eventId === EVENT.auditChanged ||
  (head.eventId === EVENT.accessUsed && grantedAction(access) === ACTION.modified);

const failedActivity = (opening: Opening, kinds: ObjectKinds): Activity => {
  const { first, requested } = opening;
  const rights = first.refused === 0 ? requested : first.refused;
  const action =
    first.head.eventId === EVENT.deletionRequested
      ? ACTION.removeFailed
      : refusedAction(rights, kinds.kindOf(opening.pathKey) === FOLDER);
  const activity = createActivity(action, first, opening.path);
  activity.rights = requested;
  activity.refused = rights;
  return activity;
};

const actionOf = (opening: Opening, name: NewName | undefined): FileAction => {
  if (opening.deletion !== undefined) return ACTION.removed;
  if (name !== undefined) return NEW_NAME_ACTIONS[name.kind];
  return opening.securityEvents.length > 0 ? ACTION.modified : grantedAction(opening.used);
};

const activityOf = (opening: Opening, name: NewName | undefined, kinds: ObjectKinds): Activity => {
  if (opening.isFailure) return failedActivity(opening, kinds);
  const action = actionOf(opening, name);
  const decisive = decisiveOf(opening, action);
  const activity = createActivity(action, decisive, opening.path);
  const isUnused = opening.used === 0 && opening.deletion === undefined;
  activity.rights = isUnused ? opening.requested : opening.used;
  activity.isRequestOnly = isUnused && name === undefined;
  activity.isLook = action === ACTION.read && (isUnused || onlyLooks(opening.used));
  for (const event of opening.securityEvents) {
    if (event !== decisive) activity.changes.push(...(event.changes ?? []));
  }
  activity.newPath = name?.newPath;
  activity.newFolder = name?.newFolder;
  addOwnEvents(activity, opening.events, 'same handle');
  return activity;
};

/** One activity for each opening, but for those whose events belong to another one's new name. */
export const openActivities = (
  openings: readonly Opening[],
  { names, owners }: NewNames,
  kinds: ObjectKinds,
): Activity[] => {
  const byOrder = new Map<number, Activity>();
  for (const opening of openings) {
    if (owners.has(opening.order)) continue;
    byOrder.set(opening.order, activityOf(opening, names.get(opening.order), kinds));
  }
  for (const opening of openings) {
    const owner = owners.get(opening.order);
    const activity = owner === undefined ? undefined : byOrder.get(owner);
    if (activity !== undefined) addOwnEvents(activity, opening.events, 'name change');
  }
  return [...byOrder.values()];
};
