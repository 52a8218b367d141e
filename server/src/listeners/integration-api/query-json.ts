/** Questions in JSON. A filter's value may be a text, an operator object, or an array of both. */
import { apiError, shown } from './errors.ts';
import {
  FILTER_ENTRIES_MAX,
  FILTER_LIST_LOCATION,
  type FilterEntry,
  type SearchBody,
  toFilterEntry,
  type WrittenEntry,
  type WrittenPart,
} from './filter-entry.ts';
import { FILTERS, isFilterName, isTimeframe } from './filters.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type Scalar = string | number | boolean;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? shown(cause.message) : '';
    throw apiError('INTEGRATION_API_JSON_MALFORMED', { reason }, { cause });
  }
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a JSON ${typeof value}`;
};

const rootWrong = (value: unknown, expected: string) =>
  apiError('INTEGRATION_API_ROOT_WRONG', { found: kindOf(value), expected });

/** Collects the entries of one filter and numbers them. */
interface Collector {
  readonly filter: string;
  readonly entries: FilterEntry[];
  number: number;
}

const locationOf = ({ filter, number }: Collector): string =>
  `${FILTER_LIST_LOCATION}/${shown(filter)}[${number}]`;

const valueInvalid = (collector: Collector, expected: string) =>
  apiError(
    'INTEGRATION_API_VALUE_INVALID',
    { filter: shown(collector.filter), expected },
    { location: locationOf(collector) },
  );

const add = (collector: Collector, value: WrittenEntry['value'], operator?: string): void => {
  collector.entries.push(
    toFilterEntry({
      filter: collector.filter,
      operator,
      value,
      location: locationOf(collector),
    }),
  );
  collector.number += 1;
};

/** A timeframe stands for itself, whatever empty value it is given. */
const partText = (collector: Collector, name: string, value: unknown): string => {
  if (isTimeframe(name) && (value === null || value === true)) return '';
  if (isScalar(value)) return String(value);
  throw valueInvalid(collector, `a text in ${shown(name)}`);
};

const addParts = (collector: Collector, value: JsonObject, operator?: string): void => {
  const parts: WrittenPart[] = Object.entries(value)
    .filter(([name, part]) => part !== null || isTimeframe(name))
    .map(([name, part]) => ({ name, text: partText(collector, name, part) }));
  add(collector, parts, operator);
};

type AddValue = (collector: Collector, value: unknown, operator?: string) => void;

/** Entries of `When` and `WorkingHours`: objects of named parts; operators stand around them. */
const addTimed: AddValue = (collector, value, operator) => {
  if (!isObject(value)) throw valueInvalid(collector, 'an object');
  const isOperator = (name: string): boolean => name === 'Equals' || name === 'NotEqualTo';
  const operators = operator === undefined ? Object.keys(value).filter(isOperator) : [];
  for (const name of operators) addEach(collector, value[name], name, addTimed);
  const parts = Object.entries(value).filter(([name]) => !operators.includes(name));
  if (operators.length === 0 || parts.length > 0) {
    addParts(collector, Object.fromEntries(parts), operator);
  }
};

const addText: AddValue = (collector, value, operator) => {
  if (isScalar(value)) {
    add(collector, String(value), operator);
  } else if (isObject(value) && operator === undefined && Object.keys(value).length > 0) {
    for (const [name, below] of Object.entries(value)) addEach(collector, below, name, addText);
  } else {
    throw valueInvalid(collector, 'a text, or an object of operators with texts');
  }
};

/** Arrays are several entries; null is none. */
const addEach = (
  collector: Collector,
  value: unknown,
  operator: string | undefined,
  addOne: AddValue,
): void => {
  if (value === null) return;
  for (const one of Array.isArray(value) ? value : [value]) {
    if (collector.entries.length >= FILTER_ENTRIES_MAX) {
      throw apiError('INTEGRATION_API_FILTERS_TOO_MANY', { countMax: FILTER_ENTRIES_MAX });
    }
    addOne(collector, one, operator);
  }
};

/** Spellings clients in the field use. */
const FILTER_ALIASES: ReadonlyMap<string, string> = new Map([
  ['Monitoring Plan', 'MonitoringPlan'],
]);

const readFilterList = (list: unknown): FilterEntry[] => {
  if (!isObject(list)) {
    throw apiError(
      'INTEGRATION_API_VALUE_INVALID',
      { filter: 'FilterList', expected: 'an object' },
      { location: FILTER_LIST_LOCATION },
    );
  }
  const entries: FilterEntry[] = [];
  for (const [name, value] of Object.entries(list)) {
    const filter = FILTER_ALIASES.get(name) ?? name;
    const isTimed = isFilterName(filter) && FILTERS[filter].kind !== 'text';
    if (!isFilterName(filter)) add({ filter, entries, number: 1 }, '');
    addEach({ filter, entries, number: 1 }, value, undefined, isTimed ? addTimed : addText);
  }
  return entries;
};

const SEARCH_LOCATION = '/ActivityRecordSearch';
/** One client writes `filterlist` on its second page. */
const MEMBERS: ReadonlyMap<string, 'mark' | 'filters'> = new Map([
  ['ContinuationMark', 'mark'],
  ['FilterList', 'filters'],
  ['filterlist', 'filters'],
]);

const readMark = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw apiError('INTEGRATION_API_MARK_INVALID', {}, { location: '/ContinuationMark' });
};

export const readSearchJson = (text: string): SearchBody => {
  const root = parseJson(text);
  if (!isObject(root)) throw rootWrong(root, 'an object with FilterList');
  const found: { mark?: unknown; filters?: unknown } = {};
  for (const [name, value] of Object.entries(root)) {
    const member = MEMBERS.get(name);
    const location = `${SEARCH_LOCATION}/${shown(name)}`;
    if (!member) {
      throw apiError('INTEGRATION_API_ELEMENT_UNKNOWN', { element: shown(name) }, { location });
    }
    if (value === null) continue;
    if (found[member] !== undefined) {
      throw apiError('INTEGRATION_API_ELEMENT_REPEATED', { element: name }, { location });
    }
    found[member] = value;
  }
  return {
    ...(found.mark !== undefined && { mark: readMark(found.mark) }),
    ...(found.filters !== undefined && { entries: readFilterList(found.filters) }),
  };
};

export const readMarkJson = (text: string): string => {
  const root = parseJson(text);
  if (typeof root !== 'string') throw rootWrong(root, 'a JSON string with the continuation mark');
  return root;
};
