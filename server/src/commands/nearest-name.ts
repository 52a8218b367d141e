/** Levenshtein's distance: how many letters to add, remove or replace. */
const distance = (left: string, right: string): number => {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const changed = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, changed));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
};

const NAME_LENGTH_MAX = 100;
const LETTERS_WRONG_MAX = 2;

/** The known name most like a mistyped one, whatever its letter case; undefined when none is near. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const given = name.toLowerCase();
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const each of known) {
    // What is only begun (`stat`) is nearer than its length says.
    const isBegun = given.length >= LETTERS_WRONG_MAX && each.startsWith(given);
    const far = isBegun ? 1 : distance(given, each.toLowerCase());
    if (far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { name: each, far };
  }
  const isNear = best && best.far <= LETTERS_WRONG_MAX && best.far < best.name.length;
  return isNear ? best?.name : undefined;
};
