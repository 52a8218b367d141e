/** A condition as SQL. Values only ever travel as query parameters; this text is made of our own names. */
import { prunePattern } from './prune-pattern.ts';
import type { Condition, TextField, TextOperator, TextTest, Visibility } from './query.ts';
import { PRESENT } from './record-rows.ts';
import { ridTime } from './rid-time.ts';
import { SEARCH_TEXT } from './schema/migrations.ts';

export interface CompiledCondition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether the text index was asked for a part of it. */
  readonly isPruned: boolean;
}

type Positive = 'equals' | 'contains' | 'startsWith' | 'endsWith';

const OPERATORS: Readonly<Record<TextOperator, { positive: Positive; isNegative: boolean }>> = {
  equals: { positive: 'equals', isNegative: false },
  notEquals: { positive: 'equals', isNegative: true },
  in: { positive: 'equals', isNegative: false },
  notIn: { positive: 'equals', isNegative: true },
  contains: { positive: 'contains', isNegative: false },
  doesNotContain: { positive: 'contains', isNegative: true },
  startsWith: { positive: 'startsWith', isNegative: false },
  endsWith: { positive: 'endsWith', isNegative: false },
};

/** Where a field's text is; `isOptional`: the column is NULL without it. */
interface Column {
  readonly sql: string;
  readonly isOptional?: boolean;
}

/** Only for searches by a part of a RID; its whole is found by key. Times outside 1900..2299 show otherwise here. */
const RID_TEXT =
  "concat(formatDateTime(toDateTime64(ts, 3, 'UTC') + toIntervalMillisecond(rid_delta), '%Y%m%d%H%i%S'), leftPad(toString(positiveModulo(toUnixTimestamp64Milli(ts) + rid_delta, 1000)), 3, '0'), hex(rid_hash))";

const COLUMNS: Readonly<Partial<Record<TextField, readonly Column[]>>> = {
  rid: [{ sql: RID_TEXT }],
  who: [{ sql: 'who' }],
  whoKnownBy: [{ sql: 'who_known_by' }],
  action: [{ sql: 'action' }],
  what: [{ sql: 'what' }],
  where: [{ sql: 'server' }],
  objectType: [{ sql: 'object_type' }],
  workstation: [{ sql: 'workstation', isOptional: true }],
  dataSource: [{ sql: 'data_source' }],
  plan: [{ sql: 'plan_name', isOptional: true }],
  item: [{ sql: 'item', isOptional: true }],
  anywhere: [
    { sql: 'what' },
    { sql: 'who' },
    { sql: 'action' },
    { sql: 'server' },
    { sql: 'object_type' },
    { sql: 'workstation', isOptional: true },
    { sql: 'data_source' },
    { sql: 'item', isOptional: true },
  ],
};

type DetailPart = 'property' | 'before' | 'after' | 'message';

const DETAIL_PARTS: Readonly<Partial<Record<TextField, readonly DetailPart[]>>> = {
  detail: ['property', 'before', 'after', 'message'],
  property: ['property'],
  before: ['before'],
  after: ['after'],
  anywhere: ['property', 'before', 'after', 'message'],
};

/**
 * Fields whose tests are worth asking the search text index. The others are read from dictionaries of a few values, which
 * costs less than looking at the text of what they find.
 */
const PRUNED = new Set<TextField>(['what', 'detail', 'property', 'before', 'after', 'anywhere']);

class Compiler {
  readonly parameters: Record<string, unknown> = {};
  isPruned = false;
  readonly #byValue = new Map<string, string>();

  parameter(value: string): string {
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    const name = `p${this.#byValue.size}`;
    const placeholder = `{${name}:String}`;
    this.parameters[name] = value;
    this.#byValue.set(value, placeholder);
    return placeholder;
  }

  number(value: number): string {
    const name = `n${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `{${name}:Int64}`;
  }

  /**
   * One primitive decides all four, so that they agree about letter case. A character and its other case may differ in
   * bytes but both are one character, so a suffix is found by its number of characters.
   */
  compare(positive: Positive, text: string, value: string): string {
    const needle = this.parameter(value.toWellFormed());
    const length = this.number([...value.toWellFormed()].length);
    if (value === '') return positive === 'equals' ? `(${text} = '')` : '1';
    switch (positive) {
      case 'contains':
        return `(positionCaseInsensitiveUTF8(${text}, ${needle}) > 0)`;
      case 'startsWith':
        return `(positionCaseInsensitiveUTF8(${text}, ${needle}) = 1)`;
      case 'equals':
        return `(lengthUTF8(${text}) = ${length} AND positionCaseInsensitiveUTF8(${text}, ${needle}) = 1)`;
      case 'endsWith':
        return `(positionCaseInsensitiveUTF8(rightUTF8(${text}, ${length}), ${needle}) = 1)`;
    }
  }

  #column({ sql, isOptional }: Column, positive: Positive, value: string): string {
    const text = this.compare(positive, sql, value);
    return isOptional ? `(isNotNull(${sql}) AND ifNull(${text}, 0))` : text;
  }

  #detailPart(part: DetailPart, positive: Positive, value: string): string {
    const text = this.compare(positive, part, value);
    // An absent part is stored as an empty text, which only an empty value can find.
    return part === 'property' || value !== ''
      ? text
      : `(bitAnd(present, ${PRESENT[part]}) != 0 AND ${text})`;
  }

  #rid(value: string): string {
    const rid = value.toUpperCase();
    const time = ridTime(rid);
    if (!/^\d{17}[0-9A-F]{32}$/.test(rid) || Number.isNaN(time)) return '0';
    return `(toUnixTimestamp64Milli(ts) + rid_delta = ${this.number(time)} AND rid_hash = toFixedString(unhex(${this.parameter(rid.slice(17))}), 16))`;
  }

  #value(field: TextField, positive: Positive, value: string): string {
    if (field === 'rid' && positive === 'equals') return this.#rid(value);
    const columns = COLUMNS[field] ?? [];
    const parts = DETAIL_PARTS[field] ?? [];
    const tests = columns.map((column) => this.#column(column, positive, value));
    for (const part of parts) {
      tests.push(existsDetail([part], this.#detailPart(part, positive, value)));
    }
    return any(tests);
  }

  /**
   * What every match satisfies and the index can be asked: it leaves out whole granules. Behind the deciding test, so
   * that it is computed for what matched only. (A bare `indexHint` would cost nothing, but this engine overlooks it.)
   */
  #pruning(values: readonly string[]): string | undefined {
    const patterns = values.map(prunePattern);
    if (patterns.length === 0 || patterns.includes(undefined)) return undefined;
    this.isPruned = true;
    return any(patterns.map((pattern) => `${SEARCH_TEXT} LIKE ${this.parameter(pattern ?? '')}`));
  }

  text(field: TextField, test: TextTest): string {
    const { positive, isNegative } = OPERATORS[test.operator];
    const values = [...new Set(test.values)];
    const found = any(values.map((value) => this.#value(field, positive, value)));
    if (isNegative) return `NOT ${found}`;
    const pruning = PRUNED.has(field) ? this.#pruning(values) : undefined;
    return pruning === undefined ? found : all([found, pruning]);
  }

  detail(condition: Extract<Condition, { kind: 'detail' }>): string {
    const tests = (['property', 'before', 'after'] as const).flatMap((part) => {
      const test = condition[part];
      if (test === undefined) return [];
      const { positive, isNegative } = OPERATORS[test.operator];
      const found = any(test.values.map((value) => this.#detailPart(part, positive, value)));
      return [
        {
          part,
          sql: isNegative ? `NOT ${found}` : found,
          pruning: isNegative ? undefined : this.#pruning(test.values),
        },
      ];
    });
    if (tests.length === 0) return 'notEmpty(details.property)';
    const exists = existsDetail(
      tests.map(({ part }) => part),
      all(tests.map(({ sql }) => sql)),
    );
    return all([exists, ...tests.flatMap(({ pruning }) => pruning ?? [])]);
  }

  hours(hours: Extract<Condition, { kind: 'workingHours' }>): string {
    const second = `(intDiv(toUnixTimestamp64Milli(ts) - positiveModulo(toUnixTimestamp64Milli(ts), 1000), 1000) + ${this.number(hours.offsetMinutes * 60)})`;
    const ofDay = `positiveModulo(${second}, 86400)`;
    const [from, to] = [this.number(hours.fromSecond), this.number(hours.toSecond)];
    const isWithin =
      hours.fromSecond <= hours.toSecond
        ? `(${ofDay} >= ${from} AND ${ofDay} <= ${to})`
        : `(${ofDay} >= ${from} OR ${ofDay} <= ${to})`;
    if (hours.weekdays === undefined) return isWithin;
    // 1970-01-01 was a Thursday.
    const weekday = `positiveModulo(intDiv(${second} - ${ofDay}, 86400) + 3, 7) + 1`;
    const days = any(hours.weekdays.map((day) => `${weekday} = ${this.number(day)}`));
    return all([isWithin, days]);
  }

  condition(condition: Condition): string {
    switch (condition.kind) {
      case 'text':
        return this.text(condition.field, condition.test);
      case 'detail':
        return this.detail(condition);
      case 'when':
        return all([
          ...(condition.from === undefined
            ? []
            : [`ts >= ${this.time(Math.ceil(condition.from))}`]),
          ...(condition.to === undefined ? [] : [`ts <= ${this.time(Math.floor(condition.to))}`]),
        ]);
      case 'workingHours':
        return this.hours(condition);
      case 'and':
        return all(condition.conditions.map((part) => this.condition(part)));
      case 'or':
        return any(condition.conditions.map((part) => this.condition(part)));
      case 'not':
        return `NOT ${this.condition(condition.condition)}`;
    }
  }

  time(ms: number): string {
    return `fromUnixTimestamp64Milli(${this.number(ms)}, 'UTC')`;
  }

  visible(visible: Visibility): string | undefined {
    if (visible === 'everything') return undefined;
    const ids = visible.planIds.map((id) => `plan_id = ${this.parameter(id.toWellFormed())}`);
    return all(["plan_id != ''", any(ids)]);
  }
}

/** Only the parts that are looked at are read from disk. */
const existsDetail = (parts: readonly DetailPart[], test: string): string => {
  const names = test.includes('present') ? [...parts, 'present'] : parts;
  return `arrayExists((${names.join(', ')}) -> ${test}, ${names.map((name) => `details.${name}`).join(', ')})`;
};

const any = (tests: readonly string[]): string =>
  tests.length > 0 ? `(${tests.join(' OR ')})` : '0';
const all = (tests: readonly string[]): string =>
  tests.length > 0 ? `(${tests.join(' AND ')})` : '1';

export const compileCondition = (
  where: Condition | undefined,
  visible: Visibility,
): CompiledCondition => {
  const compiler = new Compiler();
  const parts = [compiler.visible(visible), where && compiler.condition(where)];
  return {
    sql: all(parts.filter((part) => part !== undefined)),
    parameters: compiler.parameters,
    isPruned: compiler.isPruned,
  };
};
