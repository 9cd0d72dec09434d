/** The definition of a Matrix glob, written for obviousness: what the quick matchers are measured against. */

export function naiveGlob(pattern: string, text: string): boolean {
  return matchesFrom([...pattern], [...text]);
}

function matchesFrom(pattern: readonly string[], text: readonly string[]): boolean {
  const [wanted, ...patternRest] = pattern;
  if (wanted === undefined) return text.length === 0;
  if (wanted === "*")
    return text.some((_, from) => matchesFrom(patternRest, text.slice(from))) || matchesFrom(patternRest, []);
  if (text.length === 0) return false;
  return (wanted === "?" || wanted === text[0]) && matchesFrom(patternRest, text.slice(1));
}
