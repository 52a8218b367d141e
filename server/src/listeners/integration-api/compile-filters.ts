/** Filter entries to the store's condition: different filters AND, alternatives of one filter OR, exclusions of one filter AND. */
import type { Condition } from '../../store/index.ts';
import type { FilterEntry } from './filter-entry.ts';
import { FILTERS, isAlternative, type OperatorName, STORE_OPERATORS } from './filters.ts';
import type { ToInterval } from './timeframes.ts';

/** `everything` and `nothing` are conditions too: they need no question to the store. */
export type Compiled = Condition | 'everything' | 'nothing';

export interface CompileContext {
  /** UTC milliseconds; timeframes are counted from here. */
  readonly now: number;
  readonly toInterval: ToInterval;
  /** Accounts of a group (`NORTHWIND\Domain Admins`); undefined when nobody knows it. */
  readonly accountsOfGroup: (group: string) => readonly string[] | undefined;
}

type TextEntry = Extract<FilterEntry, { readonly value: string }>;
type TimedEntry = Exclude<FilterEntry, TextEntry>;

const allOf = (parts: readonly Compiled[]): Compiled => {
  if (parts.includes('nothing')) return 'nothing';
  const conditions = parts.filter((part): part is Condition => typeof part === 'object');
  const [first] = conditions;
  if (!first) return 'everything';
  return conditions.length === 1 ? first : { kind: 'and', conditions };
};

const anyOf = (parts: readonly Compiled[]): Compiled => {
  if (parts.includes('everything')) return 'everything';
  const conditions = parts.filter((part): part is Condition => typeof part === 'object');
  const [first] = conditions;
  if (!first) return 'nothing';
  return conditions.length === 1 ? first : { kind: 'or', conditions };
};

const not = (part: Compiled): Compiled => {
  if (part === 'everything') return 'nothing';
  if (part === 'nothing') return 'everything';
  return { kind: 'not', condition: part };
};

/** Several values of one operator become one test where the store has one for it. */
const LIST_OPERATORS: Readonly<Partial<Record<OperatorName, 'in' | 'notIn'>>> = {
  Equals: 'in',
  NotEqualTo: 'notIn',
};

const isGroupOperator = (operator: OperatorName): boolean =>
  operator === 'InGroup' || operator === 'NotInGroup';

const compileGroup = (entry: TextEntry, context: CompileContext): Compiled => {
  const values = context.accountsOfGroup(entry.value) ?? [];
  if (values.length === 0) return entry.operator === 'InGroup' ? 'nothing' : 'everything';
  const { field } = FILTERS[entry.filter];
  return { kind: 'text', field, test: { operator: STORE_OPERATORS[entry.operator], values } };
};

/** Entries of one text filter with one operator. */
const compileTexts = (entries: readonly TextEntry[], context: CompileContext): Compiled[] => {
  const [first] = entries;
  if (!first) return [];
  if (isGroupOperator(first.operator)) return entries.map((entry) => compileGroup(entry, context));
  const { field } = FILTERS[first.filter];
  const listOperator = LIST_OPERATORS[first.operator];
  if (listOperator && entries.length > 1) {
    const values = entries.map((entry) => entry.value);
    return [{ kind: 'text', field, test: { operator: listOperator, values } }];
  }
  const operator = STORE_OPERATORS[first.operator];
  return entries.map(({ value }) => ({ kind: 'text', field, test: { operator, values: [value] } }));
};

/** A timeframe and an interval in one entry must both hold. */
const compileTimed = (entry: TimedEntry, { now, toInterval }: CompileContext): Compiled => {
  if (entry.filter === 'WorkingHours') {
    const { fromSecond, toSecond, offsetMinutes } = entry;
    return { kind: 'workingHours', fromSecond, toSecond, offsetMinutes };
  }
  const { from, to } = entry;
  const intervals = entry.timeframes.map((timeframe) => toInterval(timeframe, now));
  const starts = [
    ...intervals.map((interval) => interval.from),
    ...(from === undefined ? [] : [from]),
  ];
  const ends = [...intervals.map((interval) => interval.to), ...(to === undefined ? [] : [to])];
  const start = starts.length > 0 ? Math.max(...starts) : undefined;
  const end = ends.length > 0 ? Math.min(...ends) : undefined;
  if (start !== undefined && end !== undefined && start > end) return 'nothing';
  return {
    kind: 'when',
    ...(start !== undefined && { from: start }),
    ...(end !== undefined && { to: end }),
  };
};

const isTimed = (entry: FilterEntry): entry is TimedEntry => !('value' in entry);

/** Entries of one filter with one operator, each as it stands. */
const compileEntries = (entries: readonly FilterEntry[], context: CompileContext): Compiled[] => {
  const timed = entries.filter(isTimed).map((entry) => {
    const compiled = compileTimed(entry, context);
    return entry.operator === 'NotEqualTo' ? not(compiled) : compiled;
  });
  const texts = entries.filter((entry): entry is TextEntry => !isTimed(entry));
  return [...timed, ...compileTexts(texts, context)];
};

const compileFilter = (entries: readonly FilterEntry[], context: CompileContext): Compiled => {
  const byOperator = Map.groupBy(entries, (entry) => entry.operator);
  const alternatives: Compiled[] = [];
  const exclusions: Compiled[] = [];
  for (const [operator, group] of byOperator) {
    (isAlternative(operator) ? alternatives : exclusions).push(...compileEntries(group, context));
  }
  return allOf([...(alternatives.length > 0 ? [anyOf(alternatives)] : []), ...exclusions]);
};

export const compileFilters = (
  entries: readonly FilterEntry[],
  context: CompileContext,
): Compiled =>
  allOf(
    [...Map.groupBy(entries, (entry) => entry.filter).values()].map((group) =>
      compileFilter(group, context),
    ),
  );
