/** One entry of a filter list, whatever format it came in: checked here, carried by marks, compiled elsewhere. */
import { parseWhen, WitnessError } from '@witness/record';
import { apiError, shown } from './errors.ts';
import {
  FILTERS,
  type FilterName,
  isFilterName,
  isTimeframe,
  type OperatorName,
  type TextFilterName,
  type Timeframe,
} from './filters.ts';

/** As marks carry it: plain JSON values only; a changed shape needs a new version of the mark. */
export type FilterEntry =
  | {
      readonly filter: TextFilterName;
      readonly operator: OperatorName;
      readonly value: string;
    }
  | {
      readonly filter: 'When';
      readonly operator: OperatorName;
      readonly timeframes: readonly Timeframe[];
      /** UTC milliseconds. */
      readonly from?: number;
      readonly to?: number;
    }
  | {
      readonly filter: 'WorkingHours';
      readonly operator: OperatorName;
      /** Of the day at the offset. */
      readonly fromSecond: number;
      readonly toSecond: number;
      readonly offsetMinutes: number;
    };

/** A search compiles to one query; more entries than this are no search that a person or a script writes. */
export const FILTER_ENTRIES_MAX = 5000;

export interface SearchBody {
  readonly mark?: string;
  /** Absent when the body has no filter list; then the mark's own filters count. */
  readonly entries?: readonly FilterEntry[];
}

/** Before it is checked. A text filter has a text, the others have named parts (`From`, `Today`, ...). */
export interface WrittenEntry {
  readonly filter: string;
  /** Absent: the filter's default. */
  readonly operator?: string | undefined;
  readonly value: string | readonly WrittenPart[];
  /** Of the entry, in XML terms. */
  readonly location: string;
}

export interface WrittenPart {
  readonly name: string;
  readonly text: string;
}

export const FILTER_LIST_LOCATION = '/ActivityRecordSearch/FilterList';

const operatorOf = (written: WrittenEntry, filter: FilterName): OperatorName => {
  const operators: readonly OperatorName[] = FILTERS[filter].operators;
  const operator = operators.find((name) => name === (written.operator ?? operators[0]));
  if (operator) return operator;
  throw apiError(
    'INTEGRATION_API_OPERATOR_UNKNOWN',
    { operator: shown(written.operator ?? ''), filter },
    { location: written.location },
  );
};

const invalid = (filter: string, expected: string, location: string, cause?: unknown) =>
  apiError('INTEGRATION_API_VALUE_INVALID', { filter, expected }, { location, cause });

const toTextEntry = (
  written: WrittenEntry,
  filter: TextFilterName,
  operator: OperatorName,
): FilterEntry => {
  const { value, location } = written;
  if (typeof value !== 'string') throw invalid(filter, 'a text', location);
  const { lengthMax } = FILTERS[filter];
  if (value.length > lengthMax) {
    throw apiError('INTEGRATION_API_VALUE_TOO_LONG', { filter, lengthMax }, { location });
  }
  return { filter, operator, value };
};

/** The parts by name. Throws when one is there twice. */
const partsOf = (written: WrittenEntry, expected: string): ReadonlyMap<string, string> => {
  const { filter, value, location } = written;
  if (typeof value === 'string' || value.length === 0) throw invalid(filter, expected, location);
  const parts = new Map<string, string>();
  for (const { name, text } of value) {
    if (parts.has(name)) {
      throw apiError('INTEGRATION_API_ELEMENT_REPEATED', { element: shown(name) }, { location });
    }
    parts.set(name, text);
  }
  return parts;
};

const WHEN_EXPECTED = 'a timeframe or an interval of From and To';

const readWhen = (text: string, location: string): number => {
  try {
    return parseWhen(text);
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    throw invalid('When', 'a date and time such as 2024-05-06T07:08:09Z', location, error);
  }
};

/** Records show whole seconds, so an end given in seconds includes all of its second. */
const endOfSecond = (ms: number): number => (ms % 1000 === 0 ? ms + 999 : ms);

const toWhenEntry = (written: WrittenEntry, operator: OperatorName): FilterEntry => {
  const parts = partsOf(written, WHEN_EXPECTED);
  const timeframes: Timeframe[] = [];
  for (const [name, text] of parts) {
    if (name === 'From' || name === 'To') continue;
    const location = `${written.location}/${shown(name)}`;
    if (!isTimeframe(name)) {
      throw apiError('INTEGRATION_API_ELEMENT_UNKNOWN', { element: shown(name) }, { location });
    }
    if (text !== '') throw invalid(name, 'empty', location);
    timeframes.push(name);
  }
  const from = parts.get('From');
  const to = parts.get('To');
  return {
    filter: 'When',
    operator,
    timeframes,
    ...(from !== undefined && { from: readWhen(from, `${written.location}/From`) }),
    ...(to !== undefined && { to: endOfSecond(readWhen(to, `${written.location}/To`)) }),
  };
};

/** `HH:MM:SSZ`, `HH:MM:SS+HH:MM`, `HH:MM:SS-HH:MM`; an offset as in `dateTime` of XML Schema, at most 14 hours. */
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))$/;
const OFFSET_MINUTES_MAX = 14 * 60;
const DAY_SECONDS = 86_400;

const readTimeOfDay = (
  text: string | undefined,
  location: string,
): { readonly second: number; readonly offsetMinutes: number } => {
  const match = TIME_OF_DAY.exec(text ?? '');
  const offset = Number(match?.[5] ?? 0) * 60 + Number(match?.[6] ?? 0);
  if (!match || offset > OFFSET_MINUTES_MAX) {
    throw invalid('WorkingHours', 'From and To such as 09:00:00Z or 09:00:00+02:00', location);
  }
  return {
    second: (Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3]),
    offsetMinutes: match[4] === '-' ? -offset : offset,
  };
};

const toWorkingHoursEntry = (written: WrittenEntry, operator: OperatorName): FilterEntry => {
  const parts = partsOf(written, 'From and To such as 09:00:00Z');
  for (const name of parts.keys()) {
    if (name === 'From' || name === 'To') continue;
    const location = `${written.location}/${shown(name)}`;
    throw apiError('INTEGRATION_API_ELEMENT_UNKNOWN', { element: shown(name) }, { location });
  }
  const from = readTimeOfDay(parts.get('From'), `${written.location}/From`);
  const to = readTimeOfDay(parts.get('To'), `${written.location}/To`);
  const shiftSeconds = (from.offsetMinutes - to.offsetMinutes) * 60;
  return {
    filter: 'WorkingHours',
    operator,
    fromSecond: from.second,
    toSecond: (to.second + shiftSeconds + 2 * DAY_SECONDS) % DAY_SECONDS,
    offsetMinutes: from.offsetMinutes,
  };
};

/** Throws INTEGRATION_API_FILTER_UNKNOWN, _OPERATOR_UNKNOWN, _VALUE_INVALID, _VALUE_TOO_LONG, _ELEMENT_UNKNOWN or _ELEMENT_REPEATED. */
export const toFilterEntry = (written: WrittenEntry): FilterEntry => {
  const { filter, location } = written;
  if (!isFilterName(filter)) {
    throw apiError('INTEGRATION_API_FILTER_UNKNOWN', { filter: shown(filter) }, { location });
  }
  const operator = operatorOf(written, filter);
  if (filter === 'When') return toWhenEntry(written, operator);
  if (filter === 'WorkingHours') return toWorkingHoursEntry(written, operator);
  return toTextEntry(written, filter, operator);
};
