/** Events that stand for themselves: shares, checks of access on them, hard links, transactions. */
import { ACTION, type Activity, createActivity, onlyLooks } from './activity.ts';
import { EVENT, type FileEvent } from './file-event.ts';
import { FOLDER, NAMED_PIPE, type ObjectKinds } from './object-kind.ts';
import { grantedAction, refusedAction } from './open-activities.ts';
import { uncPath } from './paths.ts';

export const SHARE = 'Share';
export const TRANSACTION = 'Transaction';

const shareUnc = ({ head, share }: FileEvent, relative = ''): string | undefined =>
  share === undefined ? undefined : uncPath(head.computer, share.name, relative);

const ofShare = (activity: Activity): Activity => {
  activity.objectType = SHARE;
  activity.unc = shareUnc(activity.decisive);
  return activity;
};

const shareAccess = (event: FileEvent): Activity => {
  const activity = ofShare(
    createActivity(event.isFailure ? ACTION.readFailed : ACTION.read, event),
  );
  activity.path = activity.unc;
  activity.pathKey = `share ${activity.unc?.toLowerCase()}`;
  return activity;
};

/** A check says what was asked for on the way through the share; a pipe is opened to talk, nothing in it is changed. */
const shareCheck = (event: FileEvent, kinds: ObjectKinds): Activity => {
  const rights = event.refused === 0 ? event.access : event.refused;
  const activity = createActivity(ACTION.read, event);
  const kind = kinds.kindOf(activity.pathKey);
  activity.unc = shareUnc(event, event.share?.relative);
  activity.isRequestOnly = !event.isFailure && kind !== NAMED_PIPE;
  if (kind === NAMED_PIPE) {
    activity.action = event.isFailure ? ACTION.readFailed : ACTION.read;
  } else if (event.isFailure) {
    activity.action = refusedAction(rights, kind === FOLDER);
    activity.refused = rights;
  } else {
    activity.action = grantedAction(event.access);
    activity.isLook = onlyLooks(event.access);
  }
  return activity;
};

const transaction = (event: FileEvent): Activity => {
  const activity = createActivity(ACTION.modified, event, `Transaction ${event.transaction ?? ''}`);
  activity.objectType = TRANSACTION;
  return activity;
};

type Build = (event: FileEvent, kinds: ObjectKinds) => Activity;

const BUILDERS: ReadonlyMap<number, Build> = new Map<number, Build>([
  [EVENT.hardLinkCreated, (event) => createActivity(ACTION.added, event)],
  [EVENT.transactionChanged, transaction],
  [EVENT.shareAccessed, shareAccess],
  [EVENT.shareAdded, (event) => ofShare(createActivity(ACTION.added, event))],
  [EVENT.shareModified, (event) => ofShare(createActivity(ACTION.modified, event))],
  [EVENT.shareRemoved, (event) => ofShare(createActivity(ACTION.removed, event))],
  [EVENT.shareChecked, shareCheck],
]);

export const singleActivities = (events: readonly FileEvent[], kinds: ObjectKinds): Activity[] => {
  const activities: Activity[] = [];
  for (const event of events) {
    const build = BUILDERS.get(event.head.eventId);
    if (build !== undefined) activities.push(build(event, kinds));
  }
  return activities;
};
