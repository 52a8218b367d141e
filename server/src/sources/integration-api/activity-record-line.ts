/** The raw event of an import: one line in the form of the Integration API's JSON output. */
import {
  DATA_SOURCE_API,
  decodeText,
  type ItemRef,
  type PlanRef,
  parseItem,
  parseRecordLine,
  type RecordLine,
} from '@witness/record';
import type { PlacedDraft, RawInput } from '../raw-input.ts';

/** A plan is only known by its id; an item belongs to its plan. Without one the batch decides. */
const placementOf = (line: RecordLine): { readonly plan?: PlanRef; readonly item?: ItemRef } => {
  if (!line.plan?.id) return {};
  const plan = { id: line.plan.id, name: line.plan.name };
  return line.item ? { plan, item: parseItem(line.item.name) } : { plan };
};

const toDraft = (line: RecordLine): PlacedDraft => ({
  who: line.who,
  whoKnownBy: line.whoKnownBy,
  action: line.action,
  what: line.what,
  when: line.when,
  where: line.where,
  objectType: line.objectType,
  ...(line.workstation !== undefined && { workstation: line.workstation }),
  dataSource: line.dataSource ?? DATA_SOURCE_API,
  ...placementOf(line),
  ...(line.isArchiveOnly && { isArchiveOnly: true }),
  details: line.details,
  identity: line.rid ?? '',
});

/**
 * One raw event is one line, UTF-8. Importing it again gives the same record; its old RID, where it has one, keeps records apart
 * that are otherwise identical. Throws RECORD_* or TEXT_ENCODING_INVALID.
 */
export const activityRecordLineInput: RawInput = {
  id: 'activity-record-line',
  identity: 'content',
  interpret: (event) => ({ drafts: [toDraft(parseRecordLine(decodeText(event)))] }),
};
