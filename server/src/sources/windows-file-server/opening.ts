/** One use of an object: from the request of a handle to its closing, as far as the events show it. */
import { FILE_ACCESS } from '../../windows-events/index.ts';
import { EVENT, type FileEvent } from './file-event.ts';
import { keyOf } from './paths.ts';

export interface Opening {
  /** In the order of events; unique. */
  readonly order: number;
  readonly first: FileEvent;
  /** First event that shows more than the request: a used right, the deletion, a changed descriptor. */
  shown: FileEvent | undefined;
  lastWhen: number;
  /** Absent while no event names the object. */
  path: string | undefined;
  /** `path` for comparing; empty without one. */
  pathKey: string;
  /** One logon session of one account in one process. */
  readonly actorKey: string;
  requested: number;
  used: number;
  refused: number;
  readonly isFailure: boolean;
  deletion: FileEvent | undefined;
  /** Used the right to delete at this moment. */
  deleteUsedAt: number | undefined;
  closedAt: number | undefined;
  /** 4670 and 4907 through this handle. */
  readonly securityEvents: FileEvent[];
  readonly events: FileEvent[];
}

/** Events that belong to no opening. */
export interface Openings {
  readonly openings: readonly Opening[];
  /** 4658 whose opening is not there. */
  readonly closings: readonly FileEvent[];
  /** Links, transactions, shares. */
  readonly others: readonly FileEvent[];
}

/** A handle that nobody closes (closings are not audited everywhere) is a new one after this pause. */
export const HANDLE_PAUSE_MS = 5 * 60_000;

export const sessionKeyOf = (event: FileEvent): string => `${event.logonId}|${event.actor.who}`;

export const actorKeyOf = (event: FileEvent): string =>
  `${event.process}|${event.logonId}|${event.actor.who}`;

const handleKeyOf = (event: FileEvent): string =>
  `${event.handle}|${event.process}|${event.logonId}`;

const createOpening = (event: FileEvent, order: number): Opening => ({
  order,
  first: event,
  shown: undefined,
  lastWhen: event.head.when,
  path: event.path,
  pathKey: event.path === undefined ? '' : keyOf(event.path),
  actorKey: actorKeyOf(event),
  requested: 0,
  used: 0,
  refused: event.refused,
  isFailure: event.isFailure,
  deletion: undefined,
  deleteUsedAt: undefined,
  closedAt: undefined,
  securityEvents: [],
  events: [],
});

type Apply = (opening: Opening, event: FileEvent) => void;

/** What each event of a handle adds to its opening. */
const APPLY: ReadonlyMap<number, Apply> = new Map<number, Apply>([
  [
    EVENT.handleRequested,
    (opening, event) => {
      opening.requested |= event.access;
    },
  ],
  [
    EVENT.deletionRequested,
    (opening, event) => {
      opening.requested |= event.access | FILE_ACCESS.delete;
      if (!event.isFailure) opening.deletion = event;
    },
  ],
  [
    EVENT.accessUsed,
    (opening, event) => {
      opening.requested |= event.access;
      opening.used |= event.access;
      if ((event.access & FILE_ACCESS.delete) !== 0) opening.deleteUsedAt ??= event.head.when;
    },
  ],
  [
    EVENT.objectDeleted,
    (opening, event) => {
      opening.deletion = event;
    },
  ],
  [
    EVENT.permissionsChanged,
    (opening, event) => {
      opening.used |= FILE_ACCESS.writePermissions;
      opening.securityEvents.push(event);
    },
  ],
  [
    EVENT.auditChanged,
    (opening, event) => {
      opening.used |= FILE_ACCESS.accessSystemSecurity;
      opening.securityEvents.push(event);
    },
  ],
  [
    EVENT.handleClosed,
    (opening, event) => {
      opening.closedAt = event.head.when;
    },
  ],
]);

/** Requests begin an opening whatever went before on the same handle. */
const BEGINS: ReadonlySet<number> = new Set([EVENT.handleRequested, EVENT.deletionRequested]);
const SHOWS: ReadonlySet<number> = new Set([
  EVENT.accessUsed,
  EVENT.objectDeleted,
  EVENT.permissionsChanged,
  EVENT.auditChanged,
]);

const add = (opening: Opening, event: FileEvent): void => {
  const { eventId, when } = event.head;
  APPLY.get(eventId)?.(opening, event);
  opening.events.push(event);
  opening.lastWhen = when;
  if (opening.shown === undefined && SHOWS.has(eventId)) opening.shown = event;
  if (opening.path === undefined && event.path !== undefined) {
    opening.path = event.path;
    opening.pathKey = keyOf(event.path);
  }
};

/** Whether an event of the same handle is of the same use of it. */
const continues = (opening: Opening, event: FileEvent): boolean =>
  event.head.when - opening.lastWhen <= HANDLE_PAUSE_MS &&
  (event.path === undefined || opening.path === undefined || keyOf(event.path) === opening.pathKey);

/** Joins the events of handles by handle, process and logon id. Events are in the order of time. */
export const joinHandles = (events: readonly FileEvent[]): Openings => {
  const openings: Opening[] = [];
  const closings: FileEvent[] = [];
  const others: FileEvent[] = [];
  const open = new Map<string, Opening>();

  const begin = (event: FileEvent): Opening => {
    const opening = createOpening(event, openings.length);
    openings.push(opening);
    return opening;
  };

  for (const event of events) {
    const { eventId } = event.head;
    if (!APPLY.has(eventId)) {
      others.push(event);
      continue;
    }
    if (event.isFailure || event.handle === '') {
      add(begin(event), event);
      continue;
    }
    const key = handleKeyOf(event);
    const known = BEGINS.has(eventId) ? undefined : open.get(key);
    if (known !== undefined && (eventId === EVENT.handleClosed || continues(known, event))) {
      add(known, event);
      if (eventId === EVENT.handleClosed) open.delete(key);
    } else if (eventId === EVENT.handleClosed) {
      closings.push(event);
    } else {
      const opening = begin(event);
      add(opening, event);
      open.set(key, opening);
    }
  }
  return { openings, closings, others };
};
