/** A cheap look at a large JSON text before JSON.parse spends seconds and gigabytes on one that cannot hold Activity Records. */
import { recordError } from './record-errors.ts';

/** Below this length the worst text costs JSON.parse a tenth of a second; looking costs ordinary texts more than that saves. */
const LOOKED_AT_FROM_LENGTH = 1024 * 1024;
/** A list of records with lists of details has four. */
const LEVELS_MAX = 16;
/** A record has thirteen. */
const MEMBERS_PER_OBJECT_MAX = 64;
/** The shortest detail, `{"PropertyName":""},`, has twenty. */
const LENGTH_PER_OBJECT_MIN = 8;

const QUOTE = 34;
const COLON = 58;
const BRACKET_OPEN = 91;
const BACKSLASH = 92;
const BRACKET_CLOSE = 93;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;

/** Index of the quote that ends the string whose opening quote is at `start`; the text's length when none does. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
};

const refuse = (what: string) => recordError('RECORD_JSON_TOO_COMPLEX', { what });

/** Throws RECORD_JSON_TOO_COMPLEX. Whether the text is well-formed is not its business. */
export const refuseComplexJson = (text: string): void => {
  if (text.length < LOOKED_AT_FROM_LENGTH) return;
  const objectsMax = text.length / LENGTH_PER_OBJECT_MIN;
  const members: number[] = [0];
  let level = 0;
  let objects = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
    } else if (code === COLON) {
      members[level] = (members[level] ?? 0) + 1;
      if ((members[level] ?? 0) > MEMBERS_PER_OBJECT_MAX) throw refuse('members in an object');
    } else if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      level += 1;
      objects += 1;
      if (level > LEVELS_MAX) throw refuse('levels');
      if (objects > objectsMax) throw refuse('objects');
      members[level] = 0;
    } else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) {
      level = Math.max(level - 1, 0);
    }
  }
};
