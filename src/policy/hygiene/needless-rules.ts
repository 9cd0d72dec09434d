/**
 * Rules of a list that say nothing that another rule of it does not say: written twice, covered by a wider one, over. What
 * is said here is safe to be acted upon: a rule whose removal would change anything is not among them.
 */
import { canonicalGlob, foldCase, hasWildcard } from "../../kit/glob.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { PatternIndex } from "../index/pattern-index.ts";

/** A rule that can go, and the one that stays in its place. */
export interface Needless {
  readonly rule: Rule;
  readonly because: Rule;
}

/**
 * Rules for the same entity with the same effect: in two dialects, in two spellings, under two state keys. Of each
 * several the one stays that lasts longest, then the one with a reason, then the oldest. `isApplied`: whether a rule has
 * its effect here; one that has none takes the place of none that has.
 */
export function duplicatesAmong(
  rules: readonly Rule[],
  isApplied: (rule: Rule) => boolean,
): readonly Needless[] {
  const found: Needless[] = [];
  for (const same of Map.groupBy(rules, entityKey).values()) {
    if (same.length < 2) continue;
    const [stays, ...others] = [...same].sort(
      (a, b) =>
        Number(isApplied(b)) - Number(isApplied(a)) ||
        compare(endOf(b), endOf(a)) ||
        Number(b.reason !== "") - Number(a.reason !== "") ||
        a.sentAt - b.sentAt ||
        (a.eventId < b.eventId ? -1 : 1),
    );
    for (const rule of others) found.push({ rule, because: stays! });
  }
  return found;
}

/** Of people the spelling counts, as it may be two people; a server and a glob have none. */
function entityKey({ kind, entity, hash, recommendation }: Rule): string {
  const isFolded = kind === "server" || (entity !== undefined && hasWildcard(entity));
  const name = entity === undefined ? `sha256:${hash}` : isFolded ? foldCase(canonicalGlob(entity)) : entity;
  return `${kind}\n${recommendation}\n${name}`;
}

function compare(a: number, b: number): number {
  // Two that never end are alike, and their difference is no number.
  return a === b ? 0 : a - b;
}

function endOf({ expiresAt }: Rule): number {
  return expiresAt ?? Infinity;
}

/**
 * Rules that a glob of the same kind and effect covers, which lasts as long. A ban of people is not covered by one of
 * their server: that one is a server ACL, and bans nobody.
 */
export function coveredAmong(
  rules: readonly Rule[],
  isApplied: (rule: Rule) => boolean,
): readonly Needless[] {
  const found: Needless[] = [];
  const gone = new Set<Rule>();
  for (const group of Map.groupBy(
    rules.filter(({ recommendation }) => recommendation === "ban" || recommendation === "takedown"),
    ({ kind, recommendation }) => `${kind} ${recommendation}`,
  ).values()) {
    const globs = new Map<string, Rule>();
    const wide = new PatternIndex();
    for (const rule of group) {
      if (rule.entity === undefined || !hasWildcard(rule.entity) || !isApplied(rule)) continue;
      const pattern = foldCase(rule.entity);
      const known = globs.get(pattern);
      if (!known) wide.add(pattern);
      if (!known || endOf(rule) > endOf(known)) globs.set(pattern, rule);
    }
    if (globs.size === 0) continue;
    for (const rule of group) {
      const because = coveringOf(rule, { wide, globs, gone });
      if (!because) continue;
      gone.add(rule);
      found.push({ rule, because });
    }
  }
  return found;
}

function coveringOf(
  rule: Rule,
  {
    wide,
    globs,
    gone,
  }: {
    readonly wide: PatternIndex;
    readonly globs: ReadonlyMap<string, Rule>;
    readonly gone: ReadonlySet<Rule>;
  },
): Rule | undefined {
  if (rule.entity === undefined) return undefined;
  const text = foldCase(rule.entity);
  // A `?` of the wider one could stand for a `*` of this one: then it does not cover it.
  const isCovered = (glob: string) => glob !== text && !(glob.includes("?") && text.includes("*"));
  return wide
    .candidates(text)
    ?.filter(isCovered)
    .map((glob) => globs.get(glob))
    .find((one) => one !== undefined && one !== rule && !gone.has(one) && endOf(one) >= endOf(rule));
}
