/** Reads the characters of a search: blanks, keywords, fields with operators, words, quoted phrases. */
import { atColumn, searchError } from './errors.ts';

/** As written; the longer ones first. */
export type FieldOperator = '!=' | '!:' | '^=' | '$=' | '=' | ':';

export interface FieldStart {
  readonly name: string;
  readonly operator: FieldOperator;
  /** Where the value begins, blanks included. */
  readonly end: number;
  /** Blanks stood before the operator. */
  readonly isSpaced: boolean;
}

export type Keyword = 'AND' | 'OR' | 'NOT';

const BLANKS = /\s*/y;
const KEYWORD = /(AND|OR|NOT)(?=[\s()]|$)/y;
const FIELD = /([a-z][a-z-]*)(\s*)(!=|!:|\^=|\$=|=|:)/iy;
const DETAIL_GROUP = /details?\s*\(/iy;

export interface Scanner {
  readonly text: string;
  at: number;
}

const match = (scanner: Scanner, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = scanner.at;
  return pattern.exec(scanner.text);
};

/** True when there were any. */
export const skipBlanks = (scanner: Scanner): boolean => {
  const length = match(scanner, BLANKS)?.[0].length ?? 0;
  scanner.at += length;
  return length > 0;
};

export const peek = (scanner: Scanner): string => scanner.text[scanner.at] ?? '';

export const peekKeyword = (scanner: Scanner): Keyword | undefined =>
  match(scanner, KEYWORD)?.[1] as Keyword | undefined;

export const peekField = (scanner: Scanner): FieldStart | undefined => {
  const found = match(scanner, FIELD);
  if (!found) return undefined;
  const [whole, name = '', blanks = '', operator = ':'] = found;
  return {
    name,
    operator: operator as FieldOperator,
    end: scanner.at + whole.length,
    isSpaced: blanks !== '',
  };
};

/** `detail(` stands here: where its inside begins. */
export const peekDetailGroup = (scanner: Scanner): number | undefined => {
  const found = match(scanner, DETAIL_GROUP);
  return found ? scanner.at + found[0].length : undefined;
};

/** A phrase in quotation marks; a mark inside is written twice, everything else is literal. */
export const takeQuoted = (scanner: Scanner): string => {
  const open = scanner.at;
  let value = '';
  for (let from = open + 1; ; ) {
    const close = scanner.text.indexOf('"', from);
    if (close < 0) {
      const { column, context } = atColumn(open);
      throw searchError('SEARCH_QUOTE_OPEN', { column }, context);
    }
    value += scanner.text.slice(from, close);
    if (scanner.text[close + 1] !== '"') {
      scanner.at = close + 1;
      return value;
    }
    value += '"';
    from = close + 2;
  }
};

/**
 * A bare word: up to a blank or a parenthesis that closes an outer one; `report(1).docx` is one word. In a list it is
 * a value: blanks belong to it and a comma ends it.
 */
export const takeBare = (scanner: Scanner, ends: 'at-blank' | 'at-comma'): string => {
  const from = scanner.at;
  const stop = ends === 'at-comma' ? /[,()]/g : /[\s()]/g;
  let open = 0;
  stop.lastIndex = from;
  for (;;) {
    const char = stop.exec(scanner.text)?.[0];
    if (char === '(') open += 1;
    else if (char === ')' && open > 0) open -= 1;
    else {
      scanner.at = char === undefined ? scanner.text.length : stop.lastIndex - 1;
      return scanner.text.slice(from, scanner.at);
    }
  }
};
