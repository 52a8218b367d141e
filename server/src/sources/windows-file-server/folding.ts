/** The rules by which events that are one doing, or nobody's doing, become one record. In this order. */
import { ACTION, type Activity, absorb, type FileAction, type FoldRule } from './activity.ts';
import { EVENT } from './file-event.ts';
import { NAMED_PIPE, type ObjectKinds } from './object-kind.ts';
import { keyOf, nameOf, parentOf } from './paths.ts';
import { TRANSACTION } from './share-activities.ts';
import { foldTemporaryFiles } from './temporary-files.ts';
import { createTimelines } from './timelines.ts';

export interface FoldDeclaration {
  readonly rule: FoldRule;
  readonly title: string;
  /** Activities in the order of time, and so the result. */
  readonly fold: (activities: readonly Activity[], kinds: ObjectKinds) => readonly Activity[];
}

const placeKey = ({ sessionKey, pathKey }: Activity): string => `${sessionKey}|${pathKey}`;

const foldTransactions = (activities: readonly Activity[]): readonly Activity[] => {
  const byTransaction = new Map<string, Activity>();
  for (const activity of activities) {
    const { transaction } = activity.decisive;
    if (transaction === undefined || activity.objectType === TRANSACTION) continue;
    if (!byTransaction.has(transaction)) byTransaction.set(transaction, activity);
  }
  return activities.filter((activity) => {
    if (activity.objectType !== TRANSACTION) return true;
    const into = byTransaction.get(activity.decisive.transaction ?? '');
    if (into === undefined) return true;
    // A number without a name says nothing beside what was done.
    activity.changes.length = 0;
    absorb(into, activity, 'transaction');
    return false;
  });
};

/** A check comes right before the use; clocks of one computer do not differ. */
export const SHARE_CHECK_WINDOW_MS = 10_000;

const isShareCheck = ({ decisive }: Activity): boolean =>
  decisive.head.eventId === EVENT.shareChecked;

const foldShareChecks = (activities: readonly Activity[]): readonly Activity[] => {
  const uses = createTimelines();
  for (const activity of activities) {
    if (!isShareCheck(activity) && activity.objectType === undefined) {
      uses.add(placeKey(activity), activity);
    }
  }
  return activities.filter((activity) => {
    if (!isShareCheck(activity) || activity.decisive.isFailure) return true;
    const use = uses.nearest(placeKey(activity), activity, SHARE_CHECK_WINDOW_MS);
    if (use === undefined) return true;
    use.asked |= activity.rights;
    absorb(use, activity, 'share check');
    return false;
  });
};

export const SHELL_WINDOW_MS = 60_000;

/** Files that Explorer and its like read and write by themselves when a person looks at a folder. */
const SHELL_FILES: ReadonlySet<string> = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini']);
const ZONE_STREAM = ':zone.identifier';

/** A change of desktop.ini is somebody's: it can make a folder load what an attacker wants. */
const isShellFile = ({ pathKey, action, isLook }: Activity): boolean => {
  const name = nameOf(pathKey);
  if (name.endsWith(ZONE_STREAM)) return action === ACTION.read;
  if (!SHELL_FILES.has(name)) return false;
  return name !== 'desktop.ini' || action === ACTION.read || isLook;
};

const folderKey = ({ sessionKey, pathKey }: Activity, kinds: ObjectKinds): string =>
  `${sessionKey}|${kinds.isFolder(pathKey) ? pathKey : (parentOf(pathKey) ?? pathKey)}`;

const foldShellFiles = (
  activities: readonly Activity[],
  kinds: ObjectKinds,
): readonly Activity[] => {
  const people = createTimelines();
  for (const activity of activities) {
    const { objectType, decisive } = activity;
    if (objectType === undefined && !decisive.isFailure && !isShellFile(activity)) {
      people.add(folderKey(activity, kinds), activity);
    }
  }
  return activities.filter((activity) => {
    if (activity.objectType !== undefined || !isShellFile(activity)) return true;
    const into = people.nearest(folderKey(activity, kinds), activity, SHELL_WINDOW_MS);
    if (into === undefined) return true;
    if (activity.path !== undefined) {
      into.named.push({ property: 'Shell file', path: activity.path });
    }
    absorb(into, activity, 'shell file');
    return false;
  });
};

const MINUTE = 60_000;

/** How long the same action of the same session on the same object counts as one; others always count. */
export const REPEAT_WINDOWS_MS: ReadonlyMap<FileAction, number> = new Map<FileAction, number>([
  [ACTION.read, 5 * MINUTE],
  [ACTION.modified, MINUTE / 6],
  [ACTION.readFailed, MINUTE],
  [ACTION.addFailed, MINUTE],
  [ACTION.modifyFailed, MINUTE],
  [ACTION.removeFailed, MINUTE],
]);

/** What was created is written into: that is one doing. */
const repeats = (earlier: Activity, later: Activity): boolean => {
  const isSame = earlier.action === later.action && earlier.isLook === later.isLook;
  const isFirstWrite = earlier.action === ACTION.added && later.action === ACTION.modified;
  if (!isSame && !isFirstWrite) return false;
  if (later.changes.length > 0 || later.newPath !== undefined) return false;
  const windowMs = REPEAT_WINDOWS_MS.get(later.action);
  return windowMs !== undefined && later.firstWhen - earlier.firstWhen <= windowMs;
};

/** After these, what has the path is another object. */
const ENDS: ReadonlySet<FileAction> = new Set([ACTION.removed, ACTION.renamed, ACTION.moved]);

const foldRepeats = (activities: readonly Activity[]): readonly Activity[] => {
  const lastOf = new Map<string, Activity>();
  const ended = new Map<string, number>();
  return activities.filter((activity) => {
    const { pathKey } = activity;
    if (pathKey === '') return true;
    const generation = ended.get(pathKey) ?? 0;
    if (ENDS.has(activity.action)) ended.set(pathKey, generation + 1);
    const key = `${placeKey(activity)}|${generation}|${activity.isLook}`;
    const isWrite = activity.action === ACTION.modified;
    const earlier =
      lastOf.get(`${key}|${activity.action}`) ??
      (isWrite ? lastOf.get(`${key}|${ACTION.added}`) : undefined);
    if (earlier !== undefined && repeats(earlier, activity)) {
      earlier.rights |= activity.rights;
      earlier.refused |= activity.refused;
      earlier.isRequestOnly &&= activity.isRequestOnly;
      absorb(earlier, activity, 'repeated');
      return false;
    }
    lastOf.set(`${key}|${activity.action}`, activity);
    return true;
  });
};

export const LOOK_WINDOW_MS = 5 * MINUTE;

/** Several objects of one folder become a record of the folder that names them. */
const foldIntoFolders = (
  activities: readonly Activity[],
  kinds: ObjectKinds,
  { rule, takes }: { readonly rule: FoldRule; readonly takes: (activity: Activity) => boolean },
): readonly Activity[] => {
  const groups = new Map<string, Activity[]>();
  const folded = new Set<Activity>();
  const close = (group: readonly Activity[]): void => {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0) return;
    const named = group.flatMap(({ path }) => (path === undefined ? [] : [path]));
    if (others.some(({ pathKey }) => pathKey !== first.pathKey)) becomeFolder(first, kinds);
    for (const other of others) {
      first.rights |= other.rights;
      first.isLook &&= other.isLook;
      first.isRequestOnly &&= other.isRequestOnly;
      absorb(first, other, rule);
      folded.add(other);
    }
    for (const path of named) {
      if (keyOf(path) !== first.pathKey) first.named.push({ property: 'Object', path });
    }
  };
  for (const activity of activities) {
    if (activity.pathKey === '' || activity.objectType !== undefined || !takes(activity)) continue;
    const key = `${activity.decisive.program ?? ''}|${folderKey(activity, kinds)}`;
    const group = groups.get(key);
    const first = group?.[0];
    if (first !== undefined && activity.firstWhen - first.firstWhen <= LOOK_WINDOW_MS) {
      group?.push(activity);
      continue;
    }
    close(group ?? []);
    groups.set(key, [activity]);
  }
  for (const group of groups.values()) close(group);
  return activities.filter((activity) => !folded.has(activity));
};

const becomeFolder = (activity: Activity, kinds: ObjectKinds): void => {
  if (kinds.isFolder(activity.pathKey) || activity.path === undefined) return;
  const folder = parentOf(activity.path);
  if (folder === undefined) return;
  activity.path = folder;
  activity.pathKey = keyOf(folder);
  activity.unc = activity.unc === undefined ? undefined : parentOf(activity.unc);
};

const foldLooks = (activities: readonly Activity[], kinds: ObjectKinds): readonly Activity[] => {
  const doings = createTimelines();
  for (const activity of activities) if (!activity.isLook) doings.add(placeKey(activity), activity);
  const rest = activities.filter((activity) => {
    if (!activity.isLook) return true;
    const doing = doings.nearest(placeKey(activity), activity, LOOK_WINDOW_MS);
    if (doing !== undefined) absorb(doing, activity, 'properties only');
    return doing === undefined;
  });
  return foldIntoFolders(rest, kinds, {
    rule: 'properties only',
    takes: ({ isLook }) => isLook,
  });
};

const foldComputerReads = (
  activities: readonly Activity[],
  kinds: ObjectKinds,
): readonly Activity[] =>
  foldIntoFolders(activities, kinds, {
    rule: 'computer reads',
    takes: ({ decisive, action, pathKey }) =>
      decisive.isMachine && action === ACTION.read && kinds.kindOf(pathKey) !== NAMED_PIPE,
  });

export const FOLDS: readonly FoldDeclaration[] = [
  {
    rule: 'transaction',
    title: 'The state of a transaction belongs to what was done in it.',
    fold: foldTransactions,
  },
  {
    rule: 'share check',
    title: 'A check of access on a share belongs to the use of the file that follows it.',
    fold: foldShareChecks,
  },
  {
    rule: 'temporary file',
    title:
      'Temporary and lock files of office programs belong to their document, which names them.',
    fold: foldTemporaryFiles,
  },
  {
    rule: 'shell file',
    title:
      'Previews and folder settings that Explorer handles by itself belong to what the person did there.',
    fold: foldShellFiles,
  },
  {
    rule: 'repeated',
    title: 'The same action of the same session on the same object within a window is one.',
    fold: foldRepeats,
  },
  {
    rule: 'properties only',
    title:
      'Looking at properties belongs to what was done with the object; else one record for a folder names the objects.',
    fold: foldLooks,
  },
  {
    rule: 'computer reads',
    title:
      'Reads by computer and service accounts in a folder are one record that names the objects.',
    fold: foldComputerReads,
  },
];

export const foldActivities = (
  activities: readonly Activity[],
  kinds: ObjectKinds,
): readonly Activity[] => {
  let rest = activities;
  for (const { fold } of FOLDS) rest = fold(rest, kinds);
  return rest;
};
