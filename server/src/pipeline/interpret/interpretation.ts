/** What a batch became, in a form that crosses threads as JSON. */
import type { ActivityRecord, RecordContent } from '@witness/record';
import type {
  Fragment,
  LogonFact,
  LogPosition,
  RecordDraft,
  SidFact,
} from '../../sources/index.ts';

export interface InterpretedDraft {
  /** Complete but for what the resolver adds; its RID is of the content before that. */
  record: ActivityRecord;
  /** Index of the raw event in its batch, and of the draft among those of the event. */
  readonly event: number;
  readonly draft: number;
  readonly isArchiveOnly: boolean;
  readonly session: RecordDraft['session'];
  readonly whoSid: string | undefined;
}

/** A fact and when it was so, UTC milliseconds; without a time it holds at any time. */
export interface LearntLogon extends LogonFact {
  readonly when?: number;
}

/** What an event leaves to be joined with others of its batch. */
export interface InterpretedFragment extends Fragment {
  /** Index of the raw event in its batch. */
  readonly event: number;
}

/** An event that yields no records of its own. */
export interface Rejection {
  readonly event: number;
  readonly draft: number;
  readonly code: string;
  readonly reason: string;
}

export interface InterpretedEvents {
  readonly drafts: InterpretedDraft[];
  readonly logons: LearntLogon[];
  readonly sids: SidFact[];
  readonly positions: LogPosition[];
  readonly rejections: Rejection[];
  /** Not joined yet; none in what leaves the interpreter. */
  readonly fragments: InterpretedFragment[];
}

export const emptyInterpretation = (): InterpretedEvents => ({
  drafts: [],
  logons: [],
  sids: [],
  positions: [],
  rejections: [],
  fragments: [],
});

export const append = <Item>(to: Item[], from: readonly Item[]): void => {
  for (const item of from) to.push(item);
};

export const joinInterpretations = (parts: readonly InterpretedEvents[]): InterpretedEvents => {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = emptyInterpretation();
  for (const part of parts) {
    append(whole.drafts, part.drafts);
    append(whole.logons, part.logons);
    append(whole.sids, part.sids);
    append(whole.positions, part.positions);
    append(whole.rejections, part.rejections);
    append(whole.fragments, part.fragments);
  }
  return whole;
};

type MutableRecord = { -readonly [Name in keyof ActivityRecord]: ActivityRecord[Name] };

/** A record of these fields and no others, its RID still empty; members that are absent stay absent. */
export const toRecord = (
  content: RecordContent,
  batch: Pick<RecordContent, 'plan' | 'item'>,
): MutableRecord => {
  const { workstation } = content;
  const plan = content.plan ?? batch.plan;
  const item = content.item ?? batch.item;
  const record: MutableRecord = {
    rid: '',
    who: content.who,
    whoKnownBy: content.whoKnownBy,
    action: content.action,
    what: content.what,
    when: content.when,
    where: content.where,
    objectType: content.objectType,
    dataSource: content.dataSource,
    details: content.details,
  };
  if (workstation !== undefined) record.workstation = workstation;
  if (plan !== undefined) record.plan = plan;
  if (item !== undefined) record.item = item;
  return record;
};
