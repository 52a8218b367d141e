/**
 * Completes records with what other events said: logon id to account and workstation, SID to account. Pure look-up in
 * bounded memory; never waits.
 */
import type { ActivityRecord } from '@witness/record';
import type { SidFact } from '../../sources/index.ts';
import type {
  InterpretedDraft,
  InterpretedEvents,
  LearntLogon,
} from '../interpret/interpretation.ts';
import type { PipelineLimits } from '../pipeline-limits.ts';
import { createBoundedMap } from './bounded-map.ts';

/** What is kept over a restart; `undefined` members do not survive JSON. */
export interface FactsSnapshot {
  readonly logons: readonly (readonly [string, readonly Session[]])[];
  readonly sids: readonly (readonly [string, string])[];
}

export interface Resolver {
  /**
   * Learns the facts of the whole batch first, since the order of a file is not that of time, then completes its
   * drafts in place. RIDs stay as they are.
   */
  resolve(batch: InterpretedEvents): void;
  snapshot(): FactsSnapshot;
}

interface Session {
  /** Absent: at any time. */
  readonly since?: number;
  readonly account?: string;
  readonly workstation?: string;
}

/** Logon ids begin again when a computer restarts, so one id has several sessions over the years. */
const SESSIONS_PER_ID_MAX = 4;
/** The event of the logon may carry a slightly later time than what the session did first. */
const CLOCK_TOLERANCE_MS = 1_000;

/** Names of computers and hexadecimal digits are compared without letter case. */
const sessionKey = (computer: string, logonId: string): string =>
  `${computer}\0${logonId}`.toLowerCase();

const sinceOf = (session: Session): number => session.since ?? Number.NEGATIVE_INFINITY;

const toSession = (fact: LearntLogon): Session => {
  const workstation = fact.workstation ?? fact.address;
  return {
    ...(fact.when !== undefined && { since: fact.when }),
    ...(fact.account !== undefined && { account: fact.account }),
    ...(workstation !== undefined && { workstation }),
  };
};

/** Newest first, bounded. The same account again is the same session: its beginning moves back, gaps are filled. */
const withSession = (sessions: readonly Session[], added: Session): readonly Session[] => {
  const same = sessions.find(
    ({ account }) =>
      account === undefined || added.account === undefined || account === added.account,
  );
  const merged: Session = same
    ? { ...added, ...same, ...(sinceOf(added) < sinceOf(same) ? sinceMember(added) : {}) }
    : added;
  return [merged, ...sessions.filter((session) => session !== same)]
    .sort((a, b) => sinceOf(b) - sinceOf(a))
    .slice(0, SESSIONS_PER_ID_MAX);
};

const sinceMember = ({ since }: Session): Session => (since === undefined ? {} : { since });

/** The session that had begun; one that began later is another one, and guessing is worse than not knowing. */
const sessionAt = (sessions: readonly Session[] | undefined, when: number): Session | undefined =>
  sessions?.find((session) => sinceOf(session) <= when + CLOCK_TOLERANCE_MS);

const withActor = (record: ActivityRecord, account: string): ActivityRecord => ({
  ...record,
  who: account,
  whoKnownBy: 'lookup',
  // It said why the actor is unknown.
  details: record.details.filter(({ property }) => property !== 'Who'),
});

export const createResolver = (
  limits: Pick<PipelineLimits, 'logonFactsMax' | 'sidFactsMax' | 'factsSavedMax'>,
  saved?: FactsSnapshot,
): Resolver => {
  const logons = createBoundedMap<readonly Session[]>(limits.logonFactsMax);
  const sids = createBoundedMap<string>(limits.sidFactsMax);
  for (const [key, sessions] of saved?.logons ?? []) logons.set(key, sessions);
  for (const [sid, account] of saved?.sids ?? []) sids.set(sid, account);

  const learnLogon = (fact: LearntLogon): void => {
    const key = sessionKey(fact.computer, fact.logonId);
    logons.set(key, withSession(logons.get(key) ?? [], toSession(fact)));
  };

  const learnSid = ({ sid, account }: SidFact): void => sids.set(sid.toUpperCase(), account);

  const complete = (draft: InterpretedDraft): void => {
    const { record } = draft;
    const session =
      draft.session &&
      sessionAt(logons.get(sessionKey(draft.session.computer, draft.session.logonId)), record.when);
    if (record.whoKnownBy === 'unknown') {
      const account =
        (draft.whoSid === undefined ? undefined : sids.get(draft.whoSid.toUpperCase())) ??
        session?.account;
      if (account !== undefined) draft.record = withActor(draft.record, account);
    }
    const workstation = session?.workstation;
    if (record.workstation === undefined && workstation !== undefined) {
      draft.record = { ...draft.record, workstation };
    }
  };

  return {
    resolve: ({ drafts, logons: newLogons, sids: newSids }) => {
      for (const fact of newLogons) learnLogon(fact);
      for (const fact of newSids) learnSid(fact);
      for (const draft of drafts) {
        if (draft.session !== undefined || draft.whoSid !== undefined) complete(draft);
      }
    },
    snapshot: () => ({
      logons: logons.entries().slice(-limits.factsSavedMax),
      sids: sids.entries().slice(-limits.factsSavedMax),
    }),
  };
};
