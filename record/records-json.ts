/** Reads Activity Records from JSON: an array of records, or one record alone. */
import { type Cursor, type IncomingRecord, readRecord } from './incoming-record.ts';
import { refuseComplexJson } from './json-shape.ts';
import { recordError, shown } from './record-errors.ts';

type Reviver = NonNullable<Parameters<typeof JSON.parse>[1]>;

/** Numbers as they were written, where JSON.parse would round them. */
const keepDigits: Reviver = (_key, value: unknown, context?: { readonly source?: string }) =>
  typeof value === 'number' ? context?.source : value;

const parseJson = (text: string, reviver?: Reviver): unknown => {
  try {
    return JSON.parse(text, reviver);
  } catch (cause) {
    const reason = shown(cause instanceof Error ? cause.message : String(cause));
    throw recordError('RECORD_JSON_MALFORMED', { reason }, { cause });
  }
};

const BYTE_ORDER_MARK = '\uFEFF';

/** Blank as JSON sees it; a longer text is decided by its first character. */
const isBlank = (text: string): boolean => text.length === 0 || /^[ \t\r\n]*$/.test(text);

const bodyOf = (text: string): string => {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (isBlank(body)) throw recordError('RECORD_BODY_EMPTY');
  refuseComplexJson(body);
  return body;
};

const newCursor = (record: number | undefined, keepsMessages: boolean): Cursor => ({
  record,
  detail: 0,
  keepsMessages,
  hasInexactNumber: false,
});

/**
 * Reads with `read`; once more when a number was met that JSON.parse cannot represent, then with its digits. The second
 * parse is slow and recursive, and safe: the first reading has found every level to be one of a record.
 */
const readExactly = <Result>(
  body: string,
  cursorOf: () => Cursor,
  read: (value: unknown, cursor: Cursor) => Result,
): Result => {
  const cursor = cursorOf();
  const result = read(parseJson(body), cursor);
  return cursor.hasInexactNumber ? read(parseJson(body, keepDigits), cursorOf()) : result;
};

const readList = (value: unknown, cursor: Cursor): IncomingRecord[] => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const records: IncomingRecord[] = [];
  for (let index = 0; index < list.length; index += 1) {
    cursor.record = index + 1;
    records.push(readRecord(list[index], cursor));
  }
  return records;
};

/**
 * The records of a request body, all or none. A member given twice counts with its last value, as JSON.parse has it.
 * Throws RECORD_JSON_MALFORMED for what is not JSON, any other RECORD_* for JSON that holds no valid records; most with a location
 * like `/ActivityRecordList/ActivityRecord[2]`.
 */
export const parseRecordsJson = (text: string): IncomingRecord[] =>
  readExactly(bodyOf(text), () => newCursor(0, false), readList);

/** A record read back from our own JSON output: the output-only parts are kept. */
export interface RecordLine extends IncomingRecord {
  /** As written; not checked. */
  readonly rid?: string;
}

const readLine = (value: unknown, cursor: Cursor): RecordLine => {
  const record = readRecord(value, cursor);
  const rid = (value as { readonly RID?: unknown }).RID;
  return typeof rid === 'string' ? { ...record, rid } : record;
};

/**
 * One line of newline-delimited JSON in the shape of the Integration API's JSON output: one object, no array. Errors as
 * `parseRecordsJson`, locations start at `/ActivityRecord`.
 */
export const parseRecordLine = (text: string): RecordLine =>
  readExactly(bodyOf(text), () => newCursor(undefined, true), readLine);
