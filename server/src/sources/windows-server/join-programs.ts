/**
 * Windows Installer tells of one installation twice: 1033 with version and manufacturer, 11707 without. When both arrive together
 * they are one record.
 */
import type { WindowsEvent } from '../../codecs/index.ts';
import type { Fragment, Interpretation, JoinFragments, RecordDraft } from '../source.ts';

interface ProgramPart {
  readonly draft: RecordDraft;
  /** 1033, 1034: says all that the other says. */
  readonly isWhole: boolean;
}

const WHOLE: ReadonlySet<number> = new Set([1033, 1034]);

/** The two are written within a second; an hour later it is another installation. */
const TOGETHER_MS = 60_000;

export const programPart = (event: WindowsEvent, draft: RecordDraft): Interpretation => {
  const part: ProgramPart = { draft, isWhole: WHOLE.has(event.eventId) };
  const key = `${event.computer}\n${draft.action}\n${draft.what}`;
  return { drafts: [], fragments: [{ source: 'windows-server', key, value: part }] };
};

const partOf = ({ value }: Fragment): ProgramPart => value as ProgramPart;

export const joinPrograms: JoinFragments = (fragments) => {
  const parts = fragments.map(partOf);
  const wholes = parts.filter(({ isWhole }) => isWhole).map(({ draft }) => draft);
  const isTold = (draft: RecordDraft): boolean =>
    wholes.some((whole) => Math.abs(whole.when - draft.when) <= TOGETHER_MS);
  return {
    drafts: parts.flatMap(({ draft, isWhole }) => (isWhole || !isTold(draft) ? [draft] : [])),
  };
};
