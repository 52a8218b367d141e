/**
 * Office programs never write into a document: they write a temporary file beside it and exchange the names. The document
 * was modified; the temporary files are named in its record.
 */
import { ACTION, type Activity, absorb, hasChange } from './activity.ts';
import { keyOf, nameOf, parentOf } from './paths.ts';

/** All names of one save, before and after the exchange. */
export const SAVE_WINDOW_MS = 30_000;
/** Lock files stay while a document is open. */
export const LOCK_WINDOW_MS = 5 * 60_000;

const TEMPORARY_NAMES: readonly RegExp[] = [
  // Word: ~WRD0001.tmp, ~WRL2740.tmp
  /^~wr[a-z]\d{4}\.tmp$/,
  // Excel: 9F3A7000, 1C2D3E40.tmp
  /^[0-9a-f]{7,8}(\.tmp)?$/,
  // PowerPoint: ppt41FC.tmp
  /^ppt[0-9a-f]{1,4}\.tmp$/,
  // shared by all of Office: mso1A2B.tmp, ~DF0123456789ABCDEF.TMP
  /^mso[0-9a-f]{1,8}\.tmp$/,
  /^~df[0-9a-f]+\.tmp$/,
  // LibreOffice: lu1234abcd.tmp
  /^lu[0-9a-z]{6,}\.tmp$/,
];

const OWNER_LOCK = '~$';
const LIBRE_LOCK = /^\.~lock\.(.+)#$/;

export const isTemporaryName = (pathKey: string): boolean => {
  const name = nameOf(pathKey);
  return isLockName(name) || TEMPORARY_NAMES.some((pattern) => pattern.test(name));
};

const isLockName = (name: string): boolean =>
  name.startsWith(OWNER_LOCK) || name.startsWith('.~lock.');

/** `~$port.docx` locks `report.docx`: Word writes its mark over the first two characters of long names, before short ones. */
const isLockOf = (lockKey: string, documentKey: string): boolean => {
  const [lock, document] = [nameOf(lockKey), nameOf(documentKey)];
  if (!lock.startsWith(OWNER_LOCK)) return LIBRE_LOCK.exec(lock)?.[1] === document;
  const rest = lock.slice(OWNER_LOCK.length);
  return document === rest || document.slice(2) === rest;
};

const isNear = (a: Activity, b: Activity, windowMs: number): boolean =>
  Math.abs(a.firstWhen - b.firstWhen) <= windowMs;

const takeIn = (into: Activity, other: Activity): void => {
  for (const path of [other.path, other.newPath]) {
    if (path === undefined || !isTemporaryName(keyOf(path))) continue;
    if (!into.named.some((one) => one.path === path)) {
      into.named.push({ property: TEMPORARY_FILE, path });
    }
  }
  absorb(into, other, 'temporary file');
};

export const TEMPORARY_FILE = 'Temporary file';

const isExchange = (activity: Activity): boolean =>
  activity.action === ACTION.renamed &&
  activity.newPath !== undefined &&
  isTemporaryName(activity.pathKey) &&
  !isTemporaryName(keyOf(activity.newPath));

/** The temporary file took the document's name: the document was modified. */
const becomeSave = (activity: Activity): void => {
  const { path, newPath } = activity;
  if (path === undefined || newPath === undefined) return;
  activity.named.push({ property: TEMPORARY_FILE, path });
  activity.action = ACTION.modified;
  activity.path = newPath;
  activity.pathKey = keyOf(newPath);
  activity.newPath = undefined;
  activity.unc = undefined;
};

/** What happened to the document's own name on the way. */
const isPartOfSave = (save: Activity, other: Activity): boolean => {
  if (other.pathKey !== save.pathKey || !isNear(save, other, SAVE_WINDOW_MS)) return false;
  if (other.action === ACTION.renamed) {
    return other.newPath !== undefined && isTemporaryName(keyOf(other.newPath));
  }
  if (other.action === ACTION.removed) return other.firstWhen <= save.firstWhen;
  return other.action === ACTION.modified && other.changes.length === 0;
};

const isChanged = ({ action, rights, named }: Activity): boolean =>
  (action === ACTION.modified && (hasChange(rights) || named.some(isTemporaryFile))) ||
  action === ACTION.added;

const isTemporaryFile = ({ property }: { readonly property: string }): boolean =>
  property === TEMPORARY_FILE;

/** The one document that the temporary file can belong to. */
const documentOf = (temporary: Activity, documents: readonly Activity[]): Activity | undefined => {
  if (isLockName(nameOf(temporary.pathKey))) {
    const locked = documents.filter(
      (other) =>
        isNear(temporary, other, LOCK_WINDOW_MS) && isLockOf(temporary.pathKey, other.pathKey),
    );
    return locked.find(isChanged) ?? locked[0];
  }
  const near = documents.filter(
    (other) => isNear(temporary, other, SAVE_WINDOW_MS) && isChanged(other),
  );
  const [first] = near;
  return near.every((other) => other.pathKey === first?.pathKey) ? first : undefined;
};

/** Bounds the work in a folder where one session does very much at once; what is more stays as it is. */
const GROUP_MAX = 1_000;

const foldGroup = (group: readonly Activity[]): ReadonlySet<Activity> => {
  const folded = new Set<Activity>();
  const saves = new Set(group.filter(isExchange));
  for (const save of saves) becomeSave(save);
  const fold = (into: Activity, other: Activity): void => {
    takeIn(into, other);
    folded.add(other);
  };
  const temporaries: Activity[] = [];
  const documents: Activity[] = [...saves];
  for (const other of group) {
    if (saves.has(other)) continue;
    const save = [...saves].find((one) => isPartOfSave(one, other));
    if (save !== undefined) fold(save, other);
    else if (isTemporaryName(other.pathKey)) temporaries.push(other);
    else documents.push(other);
  }
  for (const other of temporaries) {
    const document = documentOf(other, documents);
    if (document !== undefined) fold(document, other);
  }
  return folded;
};

/** Rule `temporary file`. */
export const foldTemporaryFiles = (activities: readonly Activity[]): Activity[] => {
  const groups = new Map<string, Activity[]>();
  for (const activity of activities) {
    if (!isTemporaryName(activity.pathKey)) continue;
    groups.set(groupKey(activity), []);
  }
  if (groups.size === 0) return [...activities];
  for (const activity of activities) {
    const group = groups.get(groupKey(activity));
    if (group !== undefined && group.length < GROUP_MAX) group.push(activity);
  }
  const folded = new Set<Activity>();
  for (const group of groups.values()) for (const one of foldGroup(group)) folded.add(one);
  return activities.filter((activity) => !folded.has(activity));
};

const groupKey = ({ sessionKey, pathKey }: Activity): string =>
  `${sessionKey}|${parentOf(pathKey) ?? ''}`;
