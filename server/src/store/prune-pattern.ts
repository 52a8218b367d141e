/**
 * What the n-gram index can be asked about a searched text: a LIKE pattern over the lower-cased search text that every
 * match satisfies. The index holds sequences of this many characters; a shorter run of certain ones says nothing.
 */
const NGRAM_CHARACTERS = 5;

/** Sigma lower-cases by its place in the word; whatever does not map one to one is uncertain too. */
const UNCERTAIN = /[\u03a3\u03c3\u03c2]/;

const certain = (character: string): string | undefined => {
  const lower = character.toLowerCase();
  return [...lower].length === 1 && !UNCERTAIN.test(lower) ? lower : undefined;
};

const escapeLike = (character: string): string =>
  /[%_\\]/.test(character) ? `\\${character}` : character;

/** Undefined when the index cannot help. */
export const prunePattern = (value: string): string | undefined => {
  const runs: string[][] = [[]];
  for (const character of value.toWellFormed()) {
    const lower = certain(character);
    if (lower === undefined) runs.push([]);
    else runs.at(-1)?.push(lower);
  }
  const useful = runs.filter((run) => run.length >= NGRAM_CHARACTERS);
  if (useful.length === 0) return undefined;
  return `%${useful.map((run) => run.map(escapeLike).join('')).join('%')}%`;
};
