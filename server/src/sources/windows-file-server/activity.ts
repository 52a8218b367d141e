/** What somebody did to one object: what a record will say, while it still can take in other events. */
import type { Detail } from '@witness/record';
import { FILE_ACCESS } from '../../windows-events/index.ts';
import type { FileEvent } from './file-event.ts';
import { sessionKeyOf } from './opening.ts';
import { keyOf } from './paths.ts';

export const ACTION = {
  read: 'Read',
  added: 'Added',
  modified: 'Modified',
  removed: 'Removed',
  renamed: 'Renamed',
  moved: 'Moved',
  readFailed: 'Read (Failed Attempt)',
  addFailed: 'Add (Failed Attempt)',
  modifyFailed: 'Modify (Failed Attempt)',
  removeFailed: 'Remove (Failed Attempt)',
  /** Of handles whose opening nobody saw. */
  closed: 'Closed',
} as const;

export type FileAction = (typeof ACTION)[keyof typeof ACTION];

/** Why events stand behind a record that is not theirs alone. */
export type FoldRule =
  | 'same handle'
  | 'name change'
  | 'share check'
  | 'repeated'
  | 'properties only'
  | 'temporary file'
  | 'shell file'
  | 'computer reads'
  | 'closed handles'
  | 'transaction';

export interface Activity {
  action: FileAction;
  /** The event that decides: its time and identity are the record's. */
  readonly decisive: FileEvent;
  readonly sessionKey: string;
  path: string | undefined;
  pathKey: string;
  /** Where known, how the network names it. */
  unc: string | undefined;
  address: string | undefined;
  /** Where events say better than paths. */
  objectType: string | undefined;
  /** New path of a renamed or moved object, and how the network names it where known. */
  newPath: string | undefined;
  newUnc: string | undefined;
  newFolder: string | undefined;
  /** Rights used; where only the request is known, requested. */
  rights: number;
  /** Rights that checks on the share were about, where those belong to this. */
  asked: number;
  refused: number;
  /** Only asked for and granted; nothing shows its use. */
  isRequestOnly: boolean;
  /** Only properties: contents neither read nor changed. */
  isLook: boolean;
  readonly changes: Detail[];
  /** Paths of temporary files, of objects looked at. */
  readonly named: { readonly property: string; readonly path: string }[];
  readonly folds: Map<FoldRule, number>;
  events: number;
  firstRecordId: number;
  lastRecordId: number;
  firstWhen: number;
  lastWhen: number;
}

export const createActivity = (
  action: FileAction,
  decisive: FileEvent,
  path: string | undefined = decisive.path,
): Activity => ({
  action,
  decisive,
  sessionKey: sessionKeyOf(decisive),
  path,
  pathKey: path === undefined ? '' : keyOf(path),
  unc: undefined,
  address: decisive.address,
  objectType: undefined,
  newPath: undefined,
  newUnc: undefined,
  newFolder: undefined,
  rights: decisive.access,
  asked: 0,
  refused: decisive.refused,
  isRequestOnly: false,
  isLook: false,
  changes: [...(decisive.changes ?? [])],
  named: [],
  folds: new Map(),
  events: 1,
  firstRecordId: decisive.head.recordId,
  lastRecordId: decisive.head.recordId,
  firstWhen: decisive.head.when,
  lastWhen: decisive.head.when,
});

const countFold = (activity: Activity, rule: FoldRule, events: number): void => {
  activity.folds.set(rule, (activity.folds.get(rule) ?? 0) + events);
};

const widen = (activity: Activity, first: FileEvent, last: FileEvent): void => {
  activity.firstRecordId = Math.min(activity.firstRecordId, first.head.recordId);
  activity.lastRecordId = Math.max(activity.lastRecordId, last.head.recordId);
  activity.firstWhen = Math.min(activity.firstWhen, first.head.when);
  activity.lastWhen = Math.max(activity.lastWhen, last.head.when);
};

/** Takes in the other events of the same doing; the decisive one, which is among them, counts already. */
export const addOwnEvents = (
  activity: Activity,
  events: readonly FileEvent[],
  rule: FoldRule,
): void => {
  const others = events.length - (events.includes(activity.decisive) ? 1 : 0);
  if (others > 0) {
    activity.events += others;
    countFold(activity, rule, others);
  }
  for (const event of events) widen(activity, event, event);
};

/** The other activity becomes part of this one. */
export const absorb = (into: Activity, other: Activity, rule: FoldRule): void => {
  into.events += other.events;
  into.asked |= other.asked;
  countFold(into, rule, other.events);
  into.firstRecordId = Math.min(into.firstRecordId, other.firstRecordId);
  into.lastRecordId = Math.max(into.lastRecordId, other.lastRecordId);
  into.firstWhen = Math.min(into.firstWhen, other.firstWhen);
  into.lastWhen = Math.max(into.lastWhen, other.lastWhen);
  into.unc ??= other.pathKey === into.pathKey ? other.unc : undefined;
  into.address ??= other.address;
  for (const one of other.named) into.named.push(one);
  for (const change of other.changes) into.changes.push(change);
};

const LOOKS =
  FILE_ACCESS.readAttributes |
  FILE_ACCESS.readExtendedAttributes |
  FILE_ACCESS.readControl |
  FILE_ACCESS.synchronize |
  FILE_ACCESS.maximumAllowed;

/** Nothing but properties. */
export const onlyLooks = (rights: number): boolean => (rights & ~LOOKS) === 0;

const CHANGES =
  FILE_ACCESS.writeData |
  FILE_ACCESS.appendData |
  FILE_ACCESS.writeExtendedAttributes |
  FILE_ACCESS.deleteChild |
  FILE_ACCESS.writeAttributes |
  FILE_ACCESS.writePermissions |
  FILE_ACCESS.writeOwner;

export const hasChange = (rights: number): boolean => (rights & CHANGES) !== 0;
