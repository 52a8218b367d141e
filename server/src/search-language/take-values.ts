/** The value behind an operator: a word, a quoted phrase or a list in parentheses. */
import { atColumn, searchError } from './errors.ts';
import {
  peek,
  peekField,
  peekKeyword,
  type Scanner,
  skipBlanks,
  takeBare,
  takeQuoted,
} from './scanner.ts';
import { findField } from './search-fields.ts';

export interface GivenValues {
  readonly values: readonly string[];
  readonly isList: boolean;
  /** Where it begins. */
  readonly at: number;
}

const takeListValue = (scanner: Scanner): string => {
  const at = scanner.at;
  if (peek(scanner) === '"') {
    const value = takeQuoted(scanner);
    skipBlanks(scanner);
    return value;
  }
  const value = takeBare(scanner, 'at-comma').trim();
  if (value === '' || / (?:OR|AND) |"/.test(value)) {
    const { column, context } = atColumn(at);
    throw searchError('SEARCH_LIST_INVALID', { column }, context);
  }
  return value;
};

const takeList = (scanner: Scanner): string[] => {
  const open = scanner.at;
  const values: string[] = [];
  do {
    scanner.at += 1;
    skipBlanks(scanner);
    if (peek(scanner) === '' || (peek(scanner) === ')' && values.length === 0)) break;
    values.push(takeListValue(scanner));
  } while (peek(scanner) === ',');
  if (peek(scanner) === ')' && values.length > 0) {
    scanner.at += 1;
    return values;
  }
  const isOpen = peek(scanner) === '';
  const isEmpty = peek(scanner) === ')';
  const { column, context } = atColumn(isOpen || isEmpty ? open : scanner.at);
  if (isOpen) throw searchError('SEARCH_PARENTHESIS_OPEN', { column }, context);
  throw searchError(isEmpty ? 'SEARCH_GROUP_EMPTY' : 'SEARCH_LIST_INVALID', { column }, context);
};

/** A forgotten value is found out where blanks follow the operator and then another condition begins. */
const isForgotten = (scanner: Scanner, hadBlanks: boolean): boolean => {
  if (peek(scanner) === '' || peek(scanner) === ')') return true;
  if (!hadBlanks) return false;
  const next = peekField(scanner);
  return peekKeyword(scanner) !== undefined || (!!next && findField(next.name) !== undefined);
};

/** The value that begins here; `before` names what it belongs to, in errors. */
export const takeValues = (
  scanner: Scanner,
  rules: { readonly before: string; readonly mayBeEmpty: boolean },
): GivenValues => {
  const hadBlanks = skipBlanks(scanner);
  const at = scanner.at;
  const missing = () => {
    const { column, context } = atColumn(at);
    return searchError('SEARCH_VALUE_MISSING', { column, before: rules.before }, context);
  };
  if (isForgotten(scanner, hadBlanks)) throw missing();
  const isList = peek(scanner) === '(';
  const values = isList
    ? takeList(scanner)
    : [peek(scanner) === '"' ? takeQuoted(scanner) : takeBare(scanner, 'at-blank')];
  if (!rules.mayBeEmpty && values.includes('')) throw missing();
  return { values, isList, at };
};
