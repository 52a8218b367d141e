/**
 * Which openings belong together because a name came into being: renamed, moved, created. Windows has no event for
 * these. What shows them:
 * - renamed or moved: the right to delete was used, nothing was deleted, and the same session of the same process, while that
 *   handle was open or right after, asked to add a name that was not there before;
 * - created: data was written under a name that had been deleted or renamed away before, or right after the same session of the
 *   same process used the right to add to its folder.
 */
import { FILE_ACCESS } from '../../windows-events/index.ts';
import type { ObjectKinds } from './object-kind.ts';
import type { Opening } from './opening.ts';
import { nameOf, parentOf } from './paths.ts';

export interface NewName {
  readonly kind: 'renamed' | 'moved' | 'added';
  /** Opening that shows the new name, or for `added` the use of the folder; its events belong to this one. */
  readonly partner: Opening | undefined;
  /** Absent when only the folder is known, or for `added`. */
  readonly newPath: string | undefined;
  /** Folder the object went to when its new name is not known. */
  readonly newFolder: string | undefined;
}

/** A rename is one call: what belongs to it follows at once. */
export const RENAME_WINDOW_MS = 1_000;
export const CREATE_WINDOW_MS = 1_000;
/** Bounds the work for a handle that stays open long. */
const CANDIDATES_MAX = 64;

const ADDS = FILE_ACCESS.writeData | FILE_ACCESS.appendData;

const rightsOf = (opening: Opening): number =>
  opening.used === 0 ? opening.requested : opening.used;

interface Names {
  /** Order of the opening that first named it. */
  readonly firstSeen: ReadonlyMap<string, number>;
  /** Names that are not there any more. */
  readonly gone: Set<string>;
}

const firstSeenIn = (openings: readonly Opening[]): ReadonlyMap<string, number> => {
  const firstSeen = new Map<string, number>();
  for (const { pathKey, order } of openings) {
    if (pathKey !== '' && !firstSeen.has(pathKey)) firstSeen.set(pathKey, order);
  }
  return firstSeen;
};

const groupsOf = (openings: readonly Opening[]): ReadonlyMap<string, readonly Opening[]> => {
  const groups = new Map<string, Opening[]>();
  for (const opening of openings) {
    const group = groups.get(opening.actorKey);
    if (group === undefined) groups.set(opening.actorKey, [opening]);
    else group.push(opening);
  }
  return groups;
};

/** Used the right to delete, without a deletion: a rename, a move, or a deletion that did not happen. */
export const isUnresolvedDelete = (opening: Opening): boolean =>
  !opening.isFailure && opening.deleteUsedAt !== undefined && opening.deletion === undefined;

const nameDiffers = (opening: Opening, { pathKey }: Opening): boolean =>
  opening.pathKey !== '' && opening.pathKey !== pathKey;

const isNewAt = (names: Names, opening: Opening): boolean =>
  names.gone.has(opening.pathKey) || names.firstSeen.get(opening.pathKey) === opening.order;

interface Search {
  readonly group: readonly Opening[];
  readonly at: number;
  readonly names: Names;
  readonly taken: ReadonlyMap<number, number>;
  readonly kinds: ObjectKinds;
}

/** The opening that shows where the object went. */
const findTarget = (source: Opening, search: Search): NewName | undefined => {
  const { group, at, names, taken, kinds } = search;
  const usedAt = source.deleteUsedAt ?? 0;
  const until = Math.max(source.closedAt ?? 0, usedAt + RENAME_WINDOW_MS);
  const oldParent = parentOf(source.pathKey);
  let folder: NewName | undefined;
  const end = Math.min(group.length, at + 1 + CANDIDATES_MAX);
  for (let i = at + 1; i < end; i += 1) {
    const candidate = group[i];
    if (candidate === undefined || candidate.first.head.when > until) break;
    // What follows belongs to this one: a rename is one call, from the use of the right to the new name.
    if (isUnresolvedDelete(candidate)) break;
    if (candidate.isFailure || (rightsOf(candidate) & ADDS) === 0) continue;
    if (candidate.first.head.when < usedAt || taken.has(candidate.order)) continue;
    if (!nameDiffers(candidate, source)) continue;
    if (kinds.isFolder(candidate.pathKey)) {
      const isOwn = candidate.pathKey === oldParent;
      folder ??= {
        kind: isOwn ? 'renamed' : 'moved',
        partner: candidate,
        newPath: undefined,
        newFolder: candidate.path,
      };
    } else if (isNewAt(names, candidate)) {
      const isOwn = parentOf(candidate.pathKey) === oldParent;
      const isDuring =
        source.closedAt === undefined || candidate.first.head.when <= source.closedAt;
      // After the handle was closed, name or folder must be the same for it to be more than a neighbour in time.
      if (!isDuring && !isOwn && nameOf(candidate.pathKey) !== nameOf(source.pathKey)) continue;
      return {
        kind: isOwn ? 'renamed' : 'moved',
        partner: candidate,
        newPath: candidate.path,
        newFolder: undefined,
      };
    }
  }
  return folder;
};

const ADDED: NewName = {
  kind: 'added',
  partner: undefined,
  newPath: undefined,
  newFolder: undefined,
};

/** The last use of the right to add, by process session and folder. */
type Adds = Map<string, Opening>;

const addKey = (opening: Opening, folderKey: string): string => `${opening.actorKey}|${folderKey}`;

interface CreationSearch {
  readonly names: Names;
  readonly adds: Adds;
  readonly hasOwnName: (opening: Opening) => boolean;
}

/** Whether the opening is that of something created just now. */
const findCreation = (
  opening: Opening,
  { names, adds, hasOwnName }: CreationSearch,
): NewName | undefined => {
  const isWritten = (opening.used & ADDS) !== 0;
  if (isWritten && names.gone.has(opening.pathKey)) return ADDED;
  if (names.firstSeen.get(opening.pathKey) !== opening.order) return undefined;
  const parent = parentOf(opening.pathKey);
  const key = parent === undefined ? undefined : addKey(opening, parent);
  const add = key === undefined ? undefined : adds.get(key);
  if (key === undefined || add === undefined) return undefined;
  if (opening.first.head.when - add.lastWhen > CREATE_WINDOW_MS) return undefined;
  // Of a folder only its parent's events show that it is new: nothing is written into it.
  const isNewFolder = (add.used & ADDS) === FILE_ACCESS.appendData;
  if (!isWritten && !isNewFolder) return undefined;
  adds.delete(key);
  // A folder that was itself created just now keeps its own record.
  return hasOwnName(add) ? ADDED : { ...ADDED, partner: add };
};

export interface NewNames {
  /** By order of the opening. */
  readonly names: ReadonlyMap<number, NewName>;
  /** Order of the opening that a partner belongs to, by the partner's order. */
  readonly owners: ReadonlyMap<number, number>;
}

/** Openings are in the order of time. */
export const findNewNames = (openings: readonly Opening[], kinds: ObjectKinds): NewNames => {
  const found = new Map<number, NewName>();
  const taken = new Map<number, number>();
  const names: Names = { firstSeen: firstSeenIn(openings), gone: new Set() };
  const adds: Adds = new Map();
  const creations = { names, adds, hasOwnName: ({ order }: Opening) => found.has(order) };
  const groups = groupsOf(openings);
  const positions = new Map<string, number>();

  const note = (opening: Opening, name: NewName): void => {
    found.set(opening.order, name);
    if (name.partner !== undefined) taken.set(name.partner.order, opening.order);
  };

  for (const opening of openings) {
    const at = positions.get(opening.actorKey) ?? 0;
    positions.set(opening.actorKey, at + 1);
    if (opening.isFailure || opening.pathKey === '' || taken.has(opening.order)) continue;
    const created = findCreation(opening, creations);
    if (created !== undefined) {
      note(opening, created);
    }
    // Whatever was done to it, it is there again.
    if (opening.used !== 0) names.gone.delete(opening.pathKey);
    if (opening.deletion !== undefined) {
      names.gone.add(opening.pathKey);
    } else if (isUnresolvedDelete(opening)) {
      const group = groups.get(opening.actorKey) ?? [];
      const target = findTarget(opening, { group, at, names, taken, kinds });
      if (target === undefined) continue;
      note(opening, target);
      names.gone.add(opening.pathKey);
      names.gone.delete(target.partner?.pathKey ?? '');
    } else if ((opening.used & ADDS) !== 0 && kinds.isFolder(opening.pathKey)) {
      adds.set(addKey(opening, opening.pathKey), opening);
    }
  }
  return { names: found, owners: taken };
};
