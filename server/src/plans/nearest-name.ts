/** Edit distance where two neighbours swapped count as one edit (optimal string alignment). */
const editDistance = (left: string, right: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const edits = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      ];
      const isSwap =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      if (isSwap) edits.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...edits));
    }
    [beforeLast, last] = [last, current];
  }
  return last[right.length] ?? 0;
};

/** Longer names are no slip of the pen, and the comparison is quadratic. */
const COMPARED_LENGTH_MAX = 64;

/** The known name that was probably meant; undefined when none is near. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > COMPARED_LENGTH_MAX) return undefined;
  const wanted = name.toLowerCase();
  const ranked = known
    .filter((candidate) => candidate.length <= COMPARED_LENGTH_MAX)
    .map((candidate) => ({ candidate, edits: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((left, right) => left.edits - right.edits);
  const [best] = ranked;
  const tolerated = Math.max(1, Math.floor(name.length / 3));
  return best && best.edits <= tolerated ? best.candidate : undefined;
};

/** `, did you mean ...?` or nothing; for error messages. */
export const suggestion = (name: string, known: readonly string[]): string => {
  const nearest = nearestName(name, known);
  return nearest ? `, did you mean \`${nearest}\`?` : '';
};
