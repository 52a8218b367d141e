/** What shares a session used: they give its files their network names and its workstation. */
import type { Activity } from './activity.ts';
import { EVENT, type FileEvent } from './file-event.ts';
import { sessionKeyOf } from './opening.ts';
import { relativeTo, uncPath } from './paths.ts';

interface UsedShare {
  readonly name: string;
  readonly localPath: string;
}

interface Session {
  readonly shares: UsedShare[];
  address: string | undefined;
}

/** Files used over the network are opened by the server service inside the System process. */
const SYSTEM_PROCESS = '0x4';

/** Adding a share is no use of it. */
const USES: ReadonlySet<number> = new Set([EVENT.shareAccessed, EVENT.shareChecked]);

const sessionsOf = (events: readonly FileEvent[]): ReadonlyMap<string, Session> => {
  const sessions = new Map<string, Session>();
  for (const event of events) {
    const { share, address, head } = event;
    if (!USES.has(head.eventId)) continue;
    const key = sessionKeyOf(event);
    let session = sessions.get(key);
    if (session === undefined) {
      session = { shares: [], address: undefined };
      sessions.set(key, session);
    }
    session.address ??= address;
    const localPath = share?.localPath;
    if (share === undefined || localPath === undefined) continue;
    if (!session.shares.some(({ name }) => name === share.name)) {
      session.shares.push({ name: share.name, localPath });
    }
  }
  return sessions;
};

/** The one share of the session that leads to the path; undefined when several do, since nobody can tell which was used. */
const uncOf = (
  { decisive }: Activity,
  path: string | undefined,
  shares: readonly UsedShare[],
): string | undefined => {
  if (path === undefined) return undefined;
  const names = shares.flatMap(({ name, localPath }) => {
    const relative = relativeTo(localPath, path);
    return relative === undefined ? [] : [uncPath(decisive.head.computer, name, relative)];
  });
  return names.length === 1 ? names[0] : undefined;
};

/** Completes activities of sessions over the network, in place. */
export const applySessions = (
  activities: readonly Activity[],
  events: readonly FileEvent[],
): void => {
  const sessions = sessionsOf(events);
  if (sessions.size === 0) return;
  for (const activity of activities) {
    const session = sessions.get(activity.sessionKey);
    if (session === undefined) continue;
    activity.address ??= session.address;
    if (activity.decisive.process === SYSTEM_PROCESS) {
      activity.unc ??= uncOf(activity, activity.path, session.shares);
      activity.newUnc = uncOf(activity, activity.newPath, session.shares);
    }
  }
};
