/** The search language: text as people type it -> what the store is asked. The grammar is in SEARCH_HELP. */
import type { Condition, TextTest } from '../store/index.ts';
import { atColumn, searchError } from './errors.ts';
import { mayBeEmpty, textCondition, timeCondition, toTextTest } from './field-condition.ts';
import {
  type FieldStart,
  peek,
  peekDetailGroup,
  peekField,
  peekKeyword,
  type Scanner,
  skipBlanks,
  takeBare,
  takeQuoted,
} from './scanner.ts';
import { findField, nearestField } from './search-fields.ts';
import { takeValues } from './take-values.ts';
import type { SearchClock } from './time-period.ts';

export const SEARCH_LENGTH_MAX = 10_000;
export const SEARCH_DEPTH_MAX = 50;

interface Parser extends Scanner {
  readonly clock: SearchClock;
  depth: number;
}

const joined = (kind: 'and' | 'or', conditions: readonly Condition[]): Condition => {
  const flat = conditions.flatMap((condition) =>
    condition.kind === kind ? condition.conditions : [condition],
  );
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind, conditions: flat };
};

const deeper = <Result>(parser: Parser, parse: () => Result): Result => {
  if (parser.depth >= SEARCH_DEPTH_MAX) {
    const { column, context } = atColumn(parser.at);
    throw searchError('SEARCH_TOO_DEEP', { column, max: SEARCH_DEPTH_MAX }, context);
  }
  parser.depth += 1;
  const result = parse();
  parser.depth -= 1;
  return result;
};

const operandMissing = (offset: number, word: string) => {
  const { column, context } = atColumn(offset);
  return searchError('SEARCH_OPERAND_MISSING', { column, word }, context);
};

const isAtEnd = (parser: Parser): boolean => peek(parser) === '' || peek(parser) === ')';

const unknownField = (start: FieldStart, parser: Parser) => {
  const { column, context } = atColumn(parser.at);
  const nearest = nearestField(start.name);
  const text = takeBare({ text: parser.text, at: parser.at }, 'at-blank').slice(0, 100);
  const hint = nearest ? `; did you mean ${nearest}?` : '';
  return searchError(
    'SEARCH_FIELD_UNKNOWN',
    { column, field: start.name, nearest: hint, text },
    context,
  );
};

/** `name operator` stands here and is a field's use, not two words of text. */
const peekFieldUse = (parser: Parser) => {
  const start = peekField(parser);
  const field = start && findField(start.name);
  if (!start || (start.isSpaced && !field)) return undefined;
  if (!field) throw unknownField(start, parser);
  return { start, field };
};

const parseField = (
  parser: Parser,
  use: NonNullable<ReturnType<typeof peekFieldUse>>,
): Condition => {
  const { start, field } = use;
  const at = parser.at;
  parser.at = start.end;
  const before = `${start.name}${start.operator}`;
  const isEmptyFine = field.kind === 'text' && mayBeEmpty(start.operator);
  const given = takeValues(parser, { before, mayBeEmpty: isEmptyFine });
  return field.kind === 'text'
    ? textCondition(field.target, start.operator, given)
    : timeCondition({ field, operator: start.operator, at }, given, parser.clock);
};

type DetailPart = 'property' | 'before' | 'after';

const isDetailPart = (target: string | undefined): target is DetailPart =>
  target === 'property' || target === 'before' || target === 'after';

/** The inside of `detail( )`: tests of one and the same detail. */
const parseDetailGroup = (parser: Parser, inside: number): Condition => {
  const open = parser.at;
  parser.at = inside;
  const tests: Partial<Record<DetailPart, TextTest>> = {};
  const fail = (offset: number, reason: string) => {
    const { column, context } = atColumn(offset);
    return searchError('SEARCH_DETAIL_INVALID', { column, reason }, context);
  };
  for (;;) {
    skipBlanks(parser);
    if (peek(parser) === ')') break;
    if (peek(parser) === '') {
      const { column, context } = atColumn(open);
      throw searchError('SEARCH_PARENTHESIS_OPEN', { column }, context);
    }
    const at = parser.at;
    const start = peekField(parser);
    const target = start && findField(start.name)?.target;
    if (!start || !isDetailPart(target)) throw fail(at, 'only property, before and after stand');
    if (tests[target]) throw fail(at, `${target} stands twice`);
    parser.at = start.end;
    const before = `${start.name}${start.operator}`;
    const given = takeValues(parser, { before, mayBeEmpty: mayBeEmpty(start.operator) });
    const test = toTextTest(start.operator, given);
    if (!test) throw fail(at, `a list needs = or !=`);
    tests[target] = test;
  }
  if (Object.keys(tests).length === 0) throw fail(open, 'nothing stands');
  parser.at += 1;
  return { kind: 'detail', ...tests };
};

const parseGroup = (parser: Parser): Condition => {
  const open = parser.at;
  const { column, context } = atColumn(open);
  parser.at += 1;
  skipBlanks(parser);
  if (peek(parser) === ')') throw searchError('SEARCH_GROUP_EMPTY', { column }, context);
  if (peek(parser) === '') throw searchError('SEARCH_PARENTHESIS_OPEN', { column }, context);
  const condition = deeper(parser, () => parseOr(parser));
  if (peek(parser) !== ')') throw searchError('SEARCH_PARENTHESIS_OPEN', { column }, context);
  parser.at += 1;
  return condition;
};

const parseWord = (parser: Parser): Condition => {
  const at = parser.at;
  const value = peek(parser) === '"' ? takeQuoted(parser) : takeBare(parser, 'at-blank');
  if (value === '') {
    const { column, context } = atColumn(at);
    throw searchError('SEARCH_VALUE_MISSING', { column, before: 'the quotation mark' }, context);
  }
  return { kind: 'text', field: 'anywhere', test: { operator: 'contains', values: [value] } };
};

const negationLength = (parser: Parser): number => {
  if (peekKeyword(parser) === 'NOT') return 'NOT'.length;
  return /^-[^\s)]/.test(parser.text.slice(parser.at, parser.at + 2)) ? 1 : 0;
};

const parseUnary = (parser: Parser): Condition => {
  const at = parser.at;
  const length = negationLength(parser);
  if (length > 0) {
    parser.at += length;
    skipBlanks(parser);
    const keyword = peekKeyword(parser);
    if (isAtEnd(parser) || keyword === 'AND' || keyword === 'OR') throw operandMissing(at, 'NOT');
    return { kind: 'not', condition: deeper(parser, () => parseUnary(parser)) };
  }
  const keyword = peekKeyword(parser);
  if (keyword) throw operandMissing(at, keyword);
  if (peek(parser) === '(') return parseGroup(parser);
  const inside = peekDetailGroup(parser);
  if (inside !== undefined) return parseDetailGroup(parser, inside);
  const use = peekFieldUse(parser);
  return use ? parseField(parser, use) : parseWord(parser);
};

const parseAnd = (parser: Parser): Condition => {
  const conditions = [parseUnary(parser)];
  for (;;) {
    skipBlanks(parser);
    const at = parser.at;
    const keyword = peekKeyword(parser);
    if (isAtEnd(parser) || keyword === 'OR') return joined('and', conditions);
    if (keyword === 'AND') {
      parser.at += keyword.length;
      skipBlanks(parser);
      if (isAtEnd(parser)) throw operandMissing(at, keyword);
    }
    conditions.push(parseUnary(parser));
  }
};

const parseOr = (parser: Parser): Condition => {
  const conditions = [parseAnd(parser)];
  for (;;) {
    const at = parser.at;
    if (peekKeyword(parser) !== 'OR') return joined('or', conditions);
    parser.at += 'OR'.length;
    skipBlanks(parser);
    if (isAtEnd(parser)) throw operandMissing(at, 'OR');
    conditions.push(parseAnd(parser));
  }
};

export interface SearchContext {
  /** UTC milliseconds. */
  readonly now: number;
  /** Where `today` and hours are meant; UTC when absent. */
  readonly timeZone?: string;
}

/** Undefined for an empty search: everything. Throws SEARCH_*, `location` is the column. */
export const parseSearch = (text: string, context: SearchContext): Condition | undefined => {
  if (text.length > SEARCH_LENGTH_MAX) {
    throw searchError('SEARCH_TOO_LONG', { length: text.length, max: SEARCH_LENGTH_MAX });
  }
  const clock = { now: context.now, timeZone: context.timeZone ?? 'UTC' };
  const parser: Parser = { text, at: 0, clock, depth: 0 };
  skipBlanks(parser);
  if (peek(parser) === '') return undefined;
  if (peek(parser) !== ')') {
    const condition = parseOr(parser);
    if (peek(parser) === '') return condition;
  }
  const { column, context: place } = atColumn(parser.at);
  throw searchError('SEARCH_PARENTHESIS_EXTRA', { column }, place);
};
