/** Activity Records as clients of the Integration API write them: the rules that JSON and XML share. */
import { type Detail, RECORD_LIMITS } from './activity-record.ts';
import type { WitnessError } from './errors.ts';
import { recordError, shown } from './record-errors.ts';
import { tryParseWhen } from './when.ts';

/**
 * A valid record before it is placed: plan and item are names that somebody has to look up, the data source is what the
 * client wrote. Values are exactly the client's.
 */
export interface IncomingRecord {
  readonly who: string;
  readonly whoKnownBy: 'client';
  readonly action: string;
  readonly what: string;
  /** UTC milliseconds. */
  readonly when: number;
  readonly where: string;
  readonly objectType: string;
  readonly workstation?: string;
  readonly dataSource?: string;
  readonly plan?: { readonly name: string; readonly id?: string };
  readonly item?: { readonly name: string };
  readonly isArchiveOnly: boolean;
  readonly details: readonly Detail[];
}

/** What JSON.parse makes of an object; XML is brought into the same shape. */
export type SourceObject = { readonly [element: string]: unknown };

/** Where reading stands, counted from 1. Changed in place, so that a location costs nothing until it is needed. */
export interface Cursor {
  /** 0: the list itself. Undefined: one record that stands in no list. */
  record: number | undefined;
  /** 0: no detail. */
  detail: number;
  /** Whether `Message` is kept: it is output only, so clients cannot write it, but an import reads our own output. */
  readonly keepsMessages: boolean;
  /** Set when a number was met that JSON.parse may have rounded. */
  hasInexactNumber: boolean;
}

const LIST_PATH = '/ActivityRecordList';

/** `/ActivityRecordList/ActivityRecord[2]/DetailList/Detail[1]`: in XML terms whatever the format is. */
export const locationOf = (cursor: Cursor, below = ''): string => {
  const inList = cursor.record === 0 ? LIST_PATH : `${LIST_PATH}/ActivityRecord[${cursor.record}]`;
  const record = cursor.record === undefined ? '/ActivityRecord' : inList;
  return `${record}${cursor.detail > 0 ? `/DetailList/Detail[${cursor.detail}]` : ''}${below}`;
};

interface TextRule {
  readonly element: string;
  readonly lengthMax: number;
  /** Path of the element's parent below the cursor. */
  readonly parent?: string;
}

const { textLength } = RECORD_LIMITS;
const WHO: TextRule = { element: 'Who', lengthMax: RECORD_LIMITS.whoLength };
const ACTION: TextRule = { element: 'Action', lengthMax: textLength };
const WHAT: TextRule = { element: 'What', lengthMax: textLength };
const WHEN: TextRule = { element: 'When', lengthMax: textLength };
const WHERE: TextRule = { element: 'Where', lengthMax: RECORD_LIMITS.whereLength };
const OBJECT_TYPE: TextRule = { element: 'ObjectType', lengthMax: RECORD_LIMITS.objectTypeLength };
const WORKSTATION: TextRule = { element: 'Workstation', lengthMax: textLength };
const DATA_SOURCE: TextRule = { element: 'DataSource', lengthMax: textLength };
const FLAG: TextRule = { element: 'IsArchiveOnly', lengthMax: textLength };
const PLAN_PATH = '/MonitoringPlan';
const PLAN_ID: TextRule = { element: 'ID', lengthMax: textLength, parent: PLAN_PATH };
const PLAN_NAME: TextRule = {
  element: 'Name',
  lengthMax: RECORD_LIMITS.planNameLength,
  parent: PLAN_PATH,
};
const ITEM_NAME: TextRule = { element: 'Name', lengthMax: textLength, parent: '/Item' };
const PROPERTY: TextRule = { element: 'PropertyName', lengthMax: RECORD_LIMITS.propertyLength };
const BEFORE: TextRule = { element: 'Before', lengthMax: textLength };
const AFTER: TextRule = { element: 'After', lengthMax: textLength };
const MESSAGE: TextRule = { element: 'Message', lengthMax: textLength };

export interface ObjectRule {
  readonly element: string;
  readonly members: ReadonlySet<string>;
  /** The element's own path below the cursor, unless the cursor stands on it. */
  readonly path?: string;
}

/** RID and Message are output only: allowed, so that a client may post what it has read. */
export const RECORD_RULE: ObjectRule = {
  element: 'ActivityRecord',
  members: new Set([
    ...['RID', 'Who', 'Action', 'What', 'When', 'Where', 'ObjectType', 'MonitoringPlan'],
    ...['DataSource', 'Item', 'Workstation', 'IsArchiveOnly', 'DetailList'],
  ]),
};
export const DETAIL_RULE: ObjectRule = {
  element: 'Detail',
  members: new Set(['PropertyName', 'Message', 'Before', 'After']),
};
export const PLAN_RULE: ObjectRule = {
  element: 'MonitoringPlan',
  members: new Set(['ID', 'Name']),
  path: PLAN_PATH,
};
export const ITEM_RULE: ObjectRule = {
  element: 'Item',
  members: new Set(['Name']),
  path: '/Item',
};

const isObject = (value: unknown): value is SourceObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const unknownElement = (element: string, rule: ObjectRule, cursor: Cursor): WitnessError =>
  recordError(
    'RECORD_ELEMENT_UNKNOWN',
    { element: shown(element), parent: rule.element },
    { location: locationOf(cursor, rule.path) },
  );

/** Refuses what is no object, or has a member that does not belong there. */
const readObject = (value: unknown, rule: ObjectRule, cursor: Cursor): SourceObject => {
  if (!isObject(value)) {
    const values = { element: rule.element, expected: 'an object' };
    throw recordError('RECORD_ELEMENT_KIND', values, { location: locationOf(cursor, rule.path) });
  }
  for (const element in value) {
    if (!rule.members.has(element)) throw unknownElement(element, rule, cursor);
  }
  return value;
};

/** Texts as they are, numbers and booleans as text, null as absent. */
const readText = (value: unknown, rule: TextRule, cursor: Cursor): string | undefined => {
  if (typeof value === 'string' && value.length <= rule.lengthMax) return value;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') {
    if (!Number.isSafeInteger(Number(value))) cursor.hasInexactNumber = true;
    return String(value);
  }
  const { element, lengthMax, parent = '' } = rule;
  const location = locationOf(cursor, `${parent}/${element}`);
  throw typeof value === 'string'
    ? recordError('RECORD_VALUE_TOO_LONG', { element, lengthMax }, { location })
    : recordError('RECORD_ELEMENT_KIND', { element, expected: 'a text value' }, { location });
};

const readMandatory = (value: unknown, rule: TextRule, cursor: Cursor): string => {
  const text = readText(value, rule, cursor);
  if (text !== undefined) return text;
  const location = locationOf(cursor, rule.parent);
  throw recordError('RECORD_ELEMENT_MISSING', { element: rule.element }, { location });
};

const readWhen = (value: unknown, cursor: Cursor): number => {
  const text = readMandatory(value, WHEN, cursor);
  const when = tryParseWhen(text);
  if (when !== undefined) return when;
  const location = locationOf(cursor, '/When');
  throw recordError('RECORD_WHEN_INVALID', { text: shown(text) }, { location });
};

/** The forms of both formats; an empty element means yes. */
const FLAGS: ReadonlyMap<string | undefined, boolean> = new Map([
  [undefined, false],
  ['', true],
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

const readFlag = (value: unknown, cursor: Cursor): boolean => {
  const flag = FLAGS.get(readText(value, FLAG, cursor));
  if (flag !== undefined) return flag;
  const location = locationOf(cursor, '/IsArchiveOnly');
  throw recordError('RECORD_FLAG_INVALID', { element: FLAG.element }, { location });
};

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

const readPlan = (value: unknown, cursor: Cursor): NonNullable<IncomingRecord['plan']> => {
  const plan = readObject(value, PLAN_RULE, cursor);
  const name = readMandatory(plan.Name, PLAN_NAME, cursor);
  const id = readText(plan.ID, PLAN_ID, cursor);
  return id === undefined ? { name } : { name, id };
};

const readItem = (value: unknown, cursor: Cursor): NonNullable<IncomingRecord['item']> => ({
  name: readMandatory(readObject(value, ITEM_RULE, cursor).Name, ITEM_NAME, cursor),
});

const readDetail = (value: unknown, cursor: Cursor): Detail => {
  const source = readObject(value, DETAIL_RULE, cursor);
  const detail: Growing<Detail> = {
    property: readMandatory(source.PropertyName, PROPERTY, cursor),
  };
  const before = readText(source.Before, BEFORE, cursor);
  if (before !== undefined) detail.before = before;
  const after = readText(source.After, AFTER, cursor);
  if (after !== undefined) detail.after = after;
  if (cursor.keepsMessages) {
    const message = readText(source.Message, MESSAGE, cursor);
    if (message !== undefined) detail.message = message;
  }
  return detail;
};

const NO_DETAILS: readonly Detail[] = [];

const readDetails = (value: unknown, cursor: Cursor): readonly Detail[] => {
  if (value === undefined || value === null) return NO_DETAILS;
  // One object for a list of one, as for records: serialisers that unroll lists do it at every level.
  const list: readonly unknown[] | undefined = Array.isArray(value)
    ? value
    : isObject(value)
      ? [value]
      : undefined;
  if (list === undefined) {
    const values = { element: 'DetailList', expected: 'a list' };
    throw recordError('RECORD_ELEMENT_KIND', values, { location: locationOf(cursor) });
  }
  const countMax = RECORD_LIMITS.detailsPerRecord;
  if (list.length > countMax) {
    throw recordError('RECORD_DETAILS_TOO_MANY', { countMax }, { location: locationOf(cursor) });
  }
  const details: Detail[] = [];
  for (const detail of list) {
    cursor.detail += 1;
    details.push(readDetail(detail, cursor));
  }
  cursor.detail = 0;
  return details;
};

/** Reads one record at the cursor. Throws RECORD_* with the location. */
export const readRecord = (value: unknown, cursor: Cursor): IncomingRecord => {
  const source = readObject(value, RECORD_RULE, cursor);
  const record: Growing<IncomingRecord> = {
    who: readMandatory(source.Who, WHO, cursor),
    whoKnownBy: 'client',
    action: readMandatory(source.Action, ACTION, cursor),
    what: readMandatory(source.What, WHAT, cursor),
    when: readWhen(source.When, cursor),
    where: readMandatory(source.Where, WHERE, cursor),
    objectType: readMandatory(source.ObjectType, OBJECT_TYPE, cursor),
    isArchiveOnly: readFlag(source.IsArchiveOnly, cursor),
    details: readDetails(source.DetailList, cursor),
  };
  const workstation = readText(source.Workstation, WORKSTATION, cursor);
  if (workstation !== undefined) record.workstation = workstation;
  const dataSource = readText(source.DataSource, DATA_SOURCE, cursor);
  if (dataSource !== undefined) record.dataSource = dataSource;
  const plan = source.MonitoringPlan;
  if (plan !== undefined && plan !== null) record.plan = readPlan(plan, cursor);
  const item = source.Item;
  if (item !== undefined && item !== null) record.item = readItem(item, cursor);
  return record;
};
