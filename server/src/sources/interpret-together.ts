/** What several events of one batch say together; for tests, and as the pipeline does it. */
import type { WindowsEvent } from '../codecs/index.ts';
import type { Fragment, Interpretation, RecordDraft } from './source.ts';

/** How events are interpreted and joined: one source's way, or that of all together. */
export interface Interpreter {
  readonly interpret: (event: WindowsEvent) => Interpretation;
  readonly join: (fragments: readonly Fragment[]) => Pick<Interpretation, 'drafts'>;
}

/** By source and key, in order. */
export const groupFragments = (fragments: readonly Fragment[]): readonly Fragment[][] =>
  Object.values(Object.groupBy(fragments, ({ source, key }) => `${source}\0${key}`)).map(
    (group) => group ?? [],
  );

/** Fragments may cross threads, so they are joined as JSON leaves them. */
const crossed = (fragments: readonly Fragment[]): Fragment[] =>
  JSON.parse(JSON.stringify(fragments)) as Fragment[];

/** Drafts of single events first, then what was joined. Throws what interpreting and joining throw. */
export const interpretTogether = (
  { interpret, join }: Interpreter,
  events: readonly WindowsEvent[],
): Omit<Interpretation, 'fragments'> => {
  const parts = events.map(interpret);
  const fragments = crossed(parts.flatMap((part) => part.fragments ?? []));
  const drafts: RecordDraft[] = [
    ...parts.flatMap((part) => part.drafts),
    ...groupFragments(fragments).flatMap((group) => join(group).drafts),
  ];
  const logons = parts.flatMap((part) => part.logons ?? []);
  const sids = parts.flatMap((part) => part.sids ?? []);
  return {
    drafts,
    ...(parts.some((part) => part.logons) && { logons }),
    ...(parts.some((part) => part.sids) && { sids }),
  };
};
