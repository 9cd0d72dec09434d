/**
 * What remains of a wildcard when servers within it are spared. An ACL has no exceptions: what it denies is denied whatever
 * else it says. So `*.evil.example` without `good.evil.example` is said by the number of letters: names that are shorter
 * (`???.evil.example`) or longer (`?????*.evil.example`). Names of just that length can only be denied one by one.
 */
import { canonicalGlob } from "../../kit/glob.ts";

/** A label of a server name has at most 63 letters. */
const longestGap = 63;

/** Whether the pattern means servers within one domain, such as `*.evil.example`: a wider one is never carved. */
export function isWithinOneDomain(pattern: string): boolean {
  const fixed = pattern.slice(Math.max(pattern.lastIndexOf("*"), pattern.lastIndexOf("?")) + 1);
  return /^\.[a-z0-9_-]+\.[a-z0-9._-]+$/.test(fixed);
}

/**
 * Patterns that match what the pattern matches, but no name that is as long as one of the spared names (all of which it
 * matches). Undefined where the pattern does not have exactly one star, or a spared name is too long.
 */
export function carve(pattern: string, spared: readonly string[]): readonly string[] | undefined {
  const [before, after, ...more] = pattern.split("*");
  if (before === undefined || after === undefined || more.length > 0) return undefined;
  const lengths = new Set(spared.map((name) => name.length - before.length - after.length));
  const longest = Math.max(...lengths);
  if (longest > longestGap) return undefined;
  // Before a star that stands first there is nothing that could be a name without it.
  const fewest = before === "" ? 1 : 0;
  const letters = Array.from({ length: longest + 1 }, (_, i) => i).filter(
    (many) => many >= fewest && !lengths.has(many),
  );
  return [
    ...letters.map((many) => `${before}${"?".repeat(many)}${after}`),
    canonicalGlob(`${before}${"?".repeat(longest + 1)}*${after}`),
  ];
}
