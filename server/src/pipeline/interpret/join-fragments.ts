/** What several events of a batch say together: their fragments, by source and key, become drafts. */
import type { RawInput } from '../../sources/index.ts';
import { pipelineError } from '../pipeline-errors.ts';
import { addDraft, contextOf, type InterpretJob, rejectionOf } from './interpret-job.ts';
import type { InterpretedEvents, InterpretedFragment } from './interpretation.ts';

/** Joined drafts are numbered apart from those an event yields alone. */
const JOINED_DRAFTS_FROM = 0x800000;

type Group = readonly InterpretedFragment[];

/** Groups in the order of their first fragments. */
export const groupFragments = (fragments: Group): readonly Group[] => {
  const groups = new Map<string, InterpretedFragment[]>();
  for (const fragment of fragments) {
    const name = `${fragment.source}\0${fragment.key}`;
    const group = groups.get(name);
    if (group) group.push(fragment);
    else groups.set(name, [fragment]);
  }
  return [...groups.values()];
};

/** Rejects each event of the groups once, however many of its fragments cannot be joined. */
export const createFragmentRejecter = (
  into: InterpretedEvents,
): ((group: Group, cause: unknown) => void) => {
  const rejected = new Set<number>();
  return (group, cause) => {
    for (const { event } of group) {
      if (rejected.has(event)) continue;
      rejected.add(event);
      into.rejections.push(rejectionOf(event, cause));
    }
  };
};

/**
 * Joins one group after the other, in the order `groupFragments` gives. A draft belongs to the event of the fragment it
 * names, or of the first. Never throws for what the fragments are.
 */
export const createJoiner = (on: {
  readonly input: RawInput;
  readonly job: InterpretJob;
  readonly into: InterpretedEvents;
}): ((group: Group) => void) => {
  const { input, job, into } = on;
  const context = contextOf(job);
  const reject = createFragmentRejecter(into);
  const numbers = new Map<number, number>();
  /** An event can have several joined drafts, of one group and of others. */
  const nextDraft = (event: number): number => {
    const draft = numbers.get(event) ?? JOINED_DRAFTS_FROM;
    numbers.set(event, draft + 1);
    return draft;
  };
  return (group) => {
    const draftsBefore = into.drafts.length;
    try {
      for (const placed of joinOf(input)(group, context).drafts) {
        const event = (group[placed.fragment ?? 0] ?? group[0])?.event ?? 0;
        addDraft(into, placed, { input, job, event, draft: nextDraft(event) });
      }
    } catch (cause) {
      into.drafts.length = draftsBefore;
      reject(group, cause);
    }
  };
};

const joinOf = ({ id, join }: RawInput): NonNullable<RawInput['join']> => {
  if (join) return join;
  const reason = `the input ${id} does not join fragments`;
  throw pipelineError('PIPELINE_INTERPRET_FAILED', { reason });
};
