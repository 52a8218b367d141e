/** How the bytes of one kind of raw event become drafts. The pipeline runs these; `RAW_INPUTS` lists them. */
import type { ItemRef, PlanRef } from '@witness/record';
import type { Fragment, LogonFact, RecordDraft, SidFact } from './source.ts';

export interface InputContext {
  /** The event's parsed value when the listener had it already; otherwise the input parses the bytes. */
  readonly parsed?: unknown;
  readonly receivedAt: number;
  readonly plan?: PlanRef;
  readonly item?: ItemRef;
}

/** Where a raw event stands in its log, for finding holes. */
export interface LogPosition {
  readonly computer: string;
  readonly channel: string;
  readonly recordId: number;
  readonly when: number;
  /** This event says that the log was cleared: numbers may begin again. */
  readonly isClear?: boolean;
  /** This event says that another log of the same computer was cleared (104 in System). */
  readonly clearedChannel?: string;
}

export interface PlacedDraft extends RecordDraft {
  readonly plan?: PlanRef;
  readonly item?: ItemRef;
  /** For the Long-Term Archive only; not searchable. */
  readonly isArchiveOnly?: boolean;
}

export interface InputInterpretation {
  readonly drafts: readonly PlacedDraft[];
  readonly logons?: readonly LogonFact[];
  readonly sids?: readonly SidFact[];
  readonly position?: LogPosition;
  readonly fragments?: readonly Fragment[];
}

export interface RawInput {
  /** `windows-event-json`, `activity-records-json`, ...; written to the spool, never reused for another format. */
  readonly id: string;
  /**
   * `content`: the RID comes from the record, collecting again is the same record. `new`: every arrival is a new
   * record with the time of arrival.
   */
  readonly identity: 'content' | 'new';
  /**
   * One raw event is a list of many records. It is then not kept beside each of them: a megabyte for each of thousands of
   * records would fill memory and disk.
   */
  readonly isList?: true;
  /** Pure. Throws a WitnessError when the event cannot be interpreted; it is then kept as rejected. */
  readonly interpret: (event: Uint8Array, context: InputContext) => InputInterpretation;
  /**
   * Joins the fragments of one source and key, in the order of their events. Pure. When it throws, the events are kept as
   * rejected. Needed by an input whose interpretation yields fragments.
   */
  readonly join?: (
    fragments: readonly Fragment[],
    context: InputContext,
  ) => Pick<InputInterpretation, 'drafts'>;
}
