/** "Who" is never guessed: what a record says when nobody can tell who acted. */
import { type Detail, type RecordContent, WHO_UNKNOWN } from './activity-record.ts';

const ACTOR_PROPERTY = 'Who';

/**
 * The parts of such a record: spread the first two into it and add the detail.
 * `reason` says why the actor is not known, `fix` what would make it known next time.
 */
export const unknownActor = (
  reason: string,
  fix: string,
): Pick<RecordContent, 'who' | 'whoKnownBy'> & { readonly detail: Detail } => ({
  who: WHO_UNKNOWN,
  whoKnownBy: 'unknown',
  detail: { property: ACTOR_PROPERTY, message: `${reason} ${fix}` },
});

/** Whether a record that says `unknown` also says why; records that know their actor always pass. */
export const isActorExplained = (
  record: Pick<RecordContent, 'who' | 'whoKnownBy' | 'details'>,
): boolean =>
  record.whoKnownBy !== 'unknown' ||
  (record.who === WHO_UNKNOWN &&
    record.details.some(
      (detail) => detail.property === ACTOR_PROPERTY && Boolean(detail.message ?? detail.after),
    ));
