/**
 * Letter case is ignored character by character: each code point counts as its simple lower case, when that is one
 * code point. So `ß` is not `ss`, `İ` and `ı` are not `i`, `ς` is not `σ`, but `ẞ` is `ß`, `Σ` is `σ` and the
 * Kelvin sign is `k`. This is what the engine's `positionCaseInsensitiveUTF8` does; its tables lack only letters of
 * no spelling (title-case digraphs such as `ǅ`, Roman numerals such as `Ⅷ`), which it compares as they are.
 */

/** Plain ASCII folds with the runtime's own lower-casing. */
const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
};

const foldCharacter = (character: string): string => {
  const lower = character.toLowerCase();
  return lower.length === character.length || [...lower].length === 1 ? lower : character;
};

/** Lone surrogates become U+FFFD, as they do on their way into the database. */
export const fold = (text: string): string =>
  isAscii(text) ? text.toLowerCase() : Array.from(text.toWellFormed(), foldCharacter).join('');
