/** The raw event that a writer inside Witness makes of records it has already validated and placed. */
import { decodeText, type RecordContent } from '@witness/record';
import type { PlacedDraft, RawInput } from '../raw-input.ts';
import { inputError } from './input-errors.ts';

/** A valid record whose plan, item and data source are decided. */
export interface PlacedRecord extends RecordContent {
  /** For the Long-Term Archive only; not searchable. */
  readonly isArchiveOnly?: boolean;
}

const invalid = (reason: string, cause?: unknown) =>
  inputError('INTEGRATION_API_BATCH_INVALID', { reason }, { cause });

const parse = (event: Uint8Array): unknown => {
  const text = decodeText(event);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('it is not well-formed JSON', cause);
  }
};

type Loose<T> = { readonly [Key in keyof T]?: unknown };

/** The members without which storing would fail; the rest was validated before the event was written. */
const isPlacedRecord = (value: unknown): value is PlacedRecord => {
  if (typeof value !== 'object' || value === null) return false;
  const record: Loose<PlacedRecord> = value;
  return (
    typeof record.who === 'string' &&
    typeof record.whoKnownBy === 'string' &&
    typeof record.action === 'string' &&
    typeof record.what === 'string' &&
    Number.isSafeInteger(record.when) &&
    typeof record.where === 'string' &&
    typeof record.objectType === 'string' &&
    typeof record.dataSource === 'string' &&
    Array.isArray(record.details)
  );
};

const toDraft = (value: unknown, index: number): PlacedDraft => {
  if (!isPlacedRecord(value)) throw invalid(`member ${index} is no record`);
  return { ...value, identity: String(index) };
};

/**
 * One raw event is a UTF-8 JSON array of `PlacedRecord`; `parsed` hands the same array along. Every arrival is new: two identical
 * records are two records. Throws INTEGRATION_API_BATCH_INVALID or TEXT_ENCODING_INVALID.
 */
export const activityRecordsJsonInput: RawInput = {
  id: 'activity-records-json',
  identity: 'new',
  isList: true,
  interpret: (event, context) => {
    const records = context.parsed ?? parse(event);
    if (!Array.isArray(records)) throw invalid('it is no array');
    return { drafts: records.map(toDraft) };
  },
};

/** The same form for records that are collected: making them again is the same records. */
export const activityRecordsCollectedInput: RawInput = {
  ...activityRecordsJsonInput,
  id: 'activity-records-collected',
  identity: 'content',
};
