/** A field with its operator and values as a condition. */
import type { Condition, TextField, TextOperator, TextTest } from '../store/index.ts';
import { atColumn, searchError } from './errors.ts';
import { parseHours } from './hours-condition.ts';
import type { FieldOperator } from './scanner.ts';
import type { Field, TimeField } from './search-fields.ts';
import type { GivenValues } from './take-values.ts';
import { type SearchClock, tryParsePeriod } from './time-period.ts';

interface OperatorRow {
  readonly one: TextOperator;
  /** For a list of values: one test of all, or one test each, joined. */
  readonly many: { readonly test: 'in' | 'notIn' } | { readonly join: 'or' | 'and' };
}

export const OPERATORS: Readonly<Record<FieldOperator, OperatorRow>> = {
  ':': { one: 'contains', many: { join: 'or' } },
  '!:': { one: 'doesNotContain', many: { join: 'and' } },
  '=': { one: 'equals', many: { test: 'in' } },
  '!=': { one: 'notEquals', many: { test: 'notIn' } },
  '^=': { one: 'startsWith', many: { join: 'or' } },
  '$=': { one: 'endsWith', many: { join: 'or' } },
};

/** Empty text is a value only where a whole value is compared. */
export const mayBeEmpty = (operator: FieldOperator): boolean =>
  operator === '=' || operator === '!=';

/** Undefined where a list needs several tests. */
export const toTextTest = (operator: FieldOperator, given: GivenValues): TextTest | undefined => {
  const { one, many } = OPERATORS[operator];
  const [only = ''] = given.values;
  if (given.values.length === 1) return { operator: one, values: [only] };
  return 'test' in many ? { operator: many.test, values: given.values } : undefined;
};

export const textCondition = (
  field: TextField,
  operator: FieldOperator,
  given: GivenValues,
): Condition => {
  const test = toTextTest(operator, given);
  if (test) return { kind: 'text', field, test };
  const { one, many } = OPERATORS[operator];
  return {
    kind: 'join' in many ? many.join : 'or',
    conditions: given.values.map((value) => ({
      kind: 'text',
      field,
      test: { operator: one, values: [value] },
    })),
  };
};

const periodCondition = (
  field: 'when' | 'since' | 'until',
  given: { readonly text: string; readonly at: number },
  clock: SearchClock,
): Condition => {
  const { column, context } = atColumn(given.at);
  const fail = (reason: string) =>
    searchError('SEARCH_TIME_INVALID', { column, text: given.text, reason }, context);
  const period = tryParsePeriod(field, given.text, clock);
  if (!period) throw fail('it is not one of the forms known');
  if ((period.from ?? 0) > (period.to ?? Number.POSITIVE_INFINITY)) {
    throw fail('it ends before it begins');
  }
  return { kind: 'when', ...period };
};

const hoursCondition = (
  isOutside: boolean,
  given: { readonly text: string; readonly at: number },
  clock: SearchClock,
): Condition => {
  const outcome = parseHours(given.text, clock);
  if ('reason' in outcome) {
    const { column, context } = atColumn(given.at);
    const values = { column, text: given.text, reason: outcome.reason };
    throw searchError('SEARCH_HOURS_INVALID', values, context);
  }
  return isOutside ? { kind: 'not', condition: outcome.condition } : outcome.condition;
};

type TimeCondition = (
  given: { readonly text: string; readonly at: number },
  clock: SearchClock,
) => Condition;

const TIME_CONDITIONS: Readonly<Record<TimeField, TimeCondition>> = {
  when: (given, clock) => periodCondition('when', given, clock),
  since: (given, clock) => periodCondition('since', given, clock),
  until: (given, clock) => periodCondition('until', given, clock),
  hours: (given, clock) => hoursCondition(false, given, clock),
  outsideHours: (given, clock) => hoursCondition(true, given, clock),
};

/** Times take `:`, `=`, and `!=` for the opposite. */
export const timeCondition = (
  use: {
    readonly field: Field & { readonly kind: 'time' };
    readonly operator: FieldOperator;
    readonly at: number;
  },
  given: GivenValues,
  clock: SearchClock,
): Condition => {
  const { field, operator } = use;
  const isFitting = operator === ':' || operator === '=' || operator === '!=';
  if (!isFitting || given.isList) {
    const { column, context } = atColumn(use.at);
    const shown = given.isList ? 'a list' : operator;
    throw searchError(
      'SEARCH_OPERATOR_UNSUITABLE',
      { column, field: field.name, operator: shown },
      context,
    );
  }
  const text = given.values[0] ?? '';
  const condition = TIME_CONDITIONS[field.target]({ text, at: given.at }, clock);
  return operator === '!=' ? { kind: 'not', condition } : condition;
};
