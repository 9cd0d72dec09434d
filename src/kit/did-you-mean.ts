/** "Did you mean ...?": the candidate with the smallest edit distance to a word, if one is near enough. */

/** Longer words are not compared: the work grows with the square of the length. */
const maxLength = 64;
const maxDistance = 3;

/** nearest("acesToken", ["accessToken", "url"]) is "accessToken". Letter case does not count; the first of equals wins. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > maxLength) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > maxLength) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= bestDistance || distance > allowedDistance(word, candidate)) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** One mistake in three letters, and three at most. */
function allowedDistance(word: string, candidate: string): number {
  const third = Math.floor(Math.max(word.length, candidate.length) / 3);
  return Math.min(maxDistance, Math.max(1, third));
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each counted as one. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let distance = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) distance = Math.min(distance, at(beforeLast, column - 2) + 1);
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
