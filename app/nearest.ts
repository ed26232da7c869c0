/**
 * The known word that needs the fewest changed characters to become this word, in any case of letters. Undefined if more than half of
 * the characters differ.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const distanceOf = (candidate: string): number => editDistance(word.toLowerCase(), candidate.toLowerCase());
  const [best = ''] = [...known].sort((one, other) => distanceOf(one) - distanceOf(other));
  return distanceOf(best) <= Math.max(word.length, best.length) / 2 ? best : undefined;
}

/** Levenshtein distance: the number of characters to add, remove or replace. */
function editDistance(from: string, to: string): number {
  let distances = Array.from({ length: Array.from(to).length + 1 }, (_, at) => at);
  for (const [row, character] of Array.from(from).entries()) {
    const next = [row + 1];
    for (const [at, other] of Array.from(to).entries()) {
      const replaced = (distances[at] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (distances[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    distances = next;
  }
  return distances.at(-1) ?? 0;
}
