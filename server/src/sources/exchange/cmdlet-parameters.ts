/**
 * The parameters of a cmdlet as Exchange writes them: `-Identity "MXS01\OAB (Default Web Site)" -Force "True"`. Quotes inside a value are not
 * escaped: a value ends at the quote that the next parameter or the end follows.
 */

export interface CmdletParameter {
  readonly name: string;
  /** Undefined for a switch that stands alone. */
  readonly value: string | undefined;
}

/** More than any cmdlet has. */
const PARAMETERS_MAX = 500;

const NAME_START = /^-[a-z]/i;
const BLANK = ' ';

const skipBlanks = (text: string, from: number): number => {
  let at = from;
  while (text[at] === BLANK) at += 1;
  return at;
};

const isEndOrName = (text: string, at: number): boolean =>
  at >= text.length || NAME_START.test(text.slice(at, at + 2));

/** The position behind the value that begins at `from`, and its text. */
const readQuoted = (text: string, from: number): [end: number, value: string] => {
  let quote = text.indexOf('"', from + 1);
  while (quote >= 0) {
    const next = skipBlanks(text, quote + 1);
    if (next >= text.length || (next > quote + 1 && isEndOrName(text, next))) {
      return [next, text.slice(from + 1, quote)];
    }
    quote = text.indexOf('"', quote + 1);
  }
  return [text.length, text.slice(from + 1)];
};

const readBare = (text: string, from: number): [end: number, value: string] => {
  let blank = text.indexOf(BLANK, from);
  while (blank >= 0) {
    const next = skipBlanks(text, blank);
    if (isEndOrName(text, next)) return [next, text.slice(from, blank)];
    blank = text.indexOf(BLANK, next);
  }
  return [text.length, text.slice(from)];
};

const nameEnd = (text: string, from: number): number => {
  const blank = text.indexOf(BLANK, from);
  return blank < 0 ? text.length : blank;
};

/** In the order written. What is no list of parameters is one parameter without a name of its own. */
export const parseCmdletParameters = (text: string): CmdletParameter[] => {
  const trimmed = text.trim();
  if (trimmed !== '' && !NAME_START.test(trimmed)) return [{ name: 'Parameters', value: trimmed }];
  const parameters: CmdletParameter[] = [];
  let at = 0;
  while (at < trimmed.length && parameters.length < PARAMETERS_MAX) {
    const end = nameEnd(trimmed, at);
    const name = trimmed.slice(at + 1, end).replace(/:$/, '');
    const valueAt = skipBlanks(trimmed, end);
    if (isEndOrName(trimmed, valueAt)) {
      parameters.push({ name, value: undefined });
      at = valueAt;
    } else {
      const read = trimmed[valueAt] === '"' ? readQuoted : readBare;
      const [next, value] = read(trimmed, valueAt);
      parameters.push({ name, value });
      at = next;
    }
  }
  return parameters;
};
