/** Raw events -> drafts with their identity; pure, runs on the calling thread or in an interpreter thread. */
import type { InputContext, RawInput } from '../../sources/index.ts';
import { addDraft, contextOf, type InterpretJob, rejectionOf } from './interpret-job.ts';
import {
  append,
  emptyInterpretation,
  type InterpretedEvents,
  type InterpretedFragment,
} from './interpretation.ts';
import { createJoiner, groupFragments } from './join-fragments.ts';

/** Interprets the events from `from` on, before `to`, into `into`. Never throws for an event. */
const interpretRange = (
  input: RawInput,
  job: InterpretJob,
  range: { readonly from: number; readonly to: number; readonly into: InterpretedEvents },
): void => {
  const { into } = range;
  const context = contextOf(job);
  for (let index = range.from; index < range.to; index += 1) {
    const event = job.firstEvent + index;
    const bytes = job.events[index];
    if (!bytes) continue;
    const draftsBefore = into.drafts.length;
    try {
      interpretEvent(input, job, { index, bytes, into, context });
    } catch (cause) {
      into.drafts.length = draftsBefore;
      into.rejections.push(rejectionOf(event, cause));
    }
  }
};

const interpretEvent = (
  input: RawInput,
  job: InterpretJob,
  one: {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly into: InterpretedEvents;
    readonly context: InputContext;
  },
): void => {
  const { index, into, context } = one;
  const event = job.firstEvent + index;
  const { parsed } = job;
  const { drafts, logons, sids, position, fragments } = input.interpret(
    one.bytes,
    parsed ? { ...context, parsed: parsed[index] } : context,
  );
  for (let draft = 0; draft < drafts.length; draft += 1) {
    const placed = drafts[draft];
    if (placed) addDraft(into, placed, { input, job, event, draft });
  }
  const when = position?.when ?? drafts[0]?.when;
  for (const fact of logons ?? []) {
    into.logons.push(when === undefined ? fact : { ...fact, when });
  }
  for (const fact of sids ?? []) into.sids.push(fact);
  if (position && Number.isSafeInteger(position.recordId)) into.positions.push(position);
  if (fragments) {
    for (const fragment of fragments) into.fragments.push({ ...fragment, event });
  }
};

export const interpretEvents = (input: RawInput, job: InterpretJob): InterpretedEvents => {
  const into = startInterpretation(job);
  interpretRange(input, job, { from: 0, to: job.events.length, into });
  const join = createJoiner({ input, job, into });
  for (const group of takeGroups(job, into)) join(group);
  return into;
};

const startInterpretation = ({ fragments }: InterpretJob): InterpretedEvents => {
  const into = emptyInterpretation();
  if (fragments) append(into.fragments, fragments);
  return into;
};

const NO_GROUPS: readonly InterpretedFragment[][] = [];

/** The fragments that can be joined now. */
const takeGroups = (
  job: InterpretJob,
  into: InterpretedEvents,
): readonly (readonly InterpretedFragment[])[] => {
  if (!job.isWhole || into.fragments.length === 0) return NO_GROUPS;
  return groupFragments(into.fragments.splice(0));
};

/** Events, or groups of fragments, between two looks at the clock. */
const STRIDE = 64;

/** The same on the calling thread, giving other work its turn every `runMsMax` milliseconds. */
export const interpretInTurns = async (
  input: RawInput,
  job: InterpretJob,
  runMsMax: number,
): Promise<InterpretedEvents> => {
  const into = startInterpretation(job);
  let startedAt = performance.now();
  const giveTurn = async (): Promise<void> => {
    if (performance.now() - startedAt < runMsMax) return;
    await new Promise((resolve) => setImmediate(resolve));
    startedAt = performance.now();
  };
  for (let from = 0; from < job.events.length; from += STRIDE) {
    const to = Math.min(from + STRIDE, job.events.length);
    interpretRange(input, job, { from, to, into });
    if (to < job.events.length) await giveTurn();
  }
  const join = createJoiner({ input, job, into });
  for (const [index, group] of takeGroups(job, into).entries()) {
    join(group);
    if (index % STRIDE === STRIDE - 1) await giveTurn();
  }
  return into;
};
