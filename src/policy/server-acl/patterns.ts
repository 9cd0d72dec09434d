/**
 * Patterns of server ACLs: the entry for the entity of a rule, which entries are needless because others cover them, and
 * whether two patterns can mean the same server.
 */
import { canonicalGlob, compileGlob, hasWildcard, matchesGlob, type Glob } from "../../kit/glob.ts";
import { withoutPort, type ServerName } from "../../model/ids.ts";
import { PatternIndex } from "../index/pattern-index.ts";
import { carve, isWithinOneDomain } from "./carve.ts";

/** No server name is longer, so a longer pattern is not needed. */
const maxPatternLength = 255;

const namePattern = /^[a-z0-9._*?-]+$/;
/** IPv6 literals: only they hold colons and brackets. They begin with a bracket or with a wildcard that may stand for it. */
const ipv6Pattern = /^[[*?][0-9a-f:.*?[\]]*$/;

/** The entry for an entity, or the reason why there can be none. */
export function aclPattern(
  entity: string,
): { readonly pattern: string } | { readonly pattern: undefined; readonly why: string } {
  const pattern = canonicalGlob(withoutPort(entity.trim()).toLowerCase());
  if (pattern.length === 0 || pattern.length > maxPatternLength) {
    return {
      pattern: undefined,
      why: `it has ${pattern.length} characters; server names have 1 to ${maxPatternLength}`,
    };
  }
  if (namePattern.test(pattern) || ipv6Pattern.test(pattern)) return { pattern };
  const hasPort = /^[a-z0-9._*?-]+:[0-9*?]*$/.test(pattern);
  return {
    pattern: undefined,
    why: hasPort
      ? "server names are compared without port, so it matches none"
      : "it holds characters that no server name has",
  };
}

/** A server, or a glob of servers, that must not be denied. */
export interface Spared {
  readonly server: string;
  readonly why: string;
  /** For an allow rule, the rank of its list: it spares from this list and those after it. Absent: from all lists. */
  readonly fromRank?: number;
  /** For an exception, the rank of its list: it spares from that list alone. */
  readonly atRank?: number;
}

interface Sparing {
  readonly why: string;
  readonly fromRank: number;
}

/** A wildcard that would deny a spared server: the narrower patterns that are denied in its place. */
export interface InPart {
  readonly patterns: readonly string[];
  readonly why: string;
}

/** Servers that must not be denied, some of them globs. An entity that is no server (a glob of user ids) spares none. */
export class SparedServers {
  readonly #literals = new Map<string, Sparing>();
  readonly #own: ServerName;
  /** By the rank of a list that has exceptions: whom it must not deny. */
  readonly #byRank = new Map<number, SparedServers>();
  readonly #globs: { readonly glob: Glob; readonly sparing: Sparing }[] = [];

  constructor(ownServer: ServerName, spared: readonly Spared[]) {
    this.#own = ownServer;
    this.#literals.set(ownServer, { why: "it is our own server", fromRank: -1 });
    for (const rank of new Set(spared.flatMap(({ atRank }) => atRank ?? [])))
      this.#byRank.set(rank, new SparedServers(ownServer, spared.flatMap(withExceptionsAt(rank))));
    for (const { server, why, fromRank = -1, atRank } of spared) {
      if (atRank !== undefined) continue;
      const { pattern } = aclPattern(server);
      if (pattern === undefined) continue;
      const sparing = { why, fromRank };
      if (hasWildcard(pattern))
        this.#globs.push({ glob: compileGlob(pattern, { ignoreCase: false }), sparing });
      else if (fromRank < (this.#literals.get(pattern)?.fromRank ?? Infinity))
        this.#literals.set(pattern, sparing);
    }
  }

  /** Why a pattern must not be denied for a list of this rank; undefined where it may be. */
  objectionTo(pattern: string, rank: number): string | undefined {
    const ofList = this.#byRank.get(rank);
    if (ofList) return ofList.objectionTo(pattern, rank);
    return hasWildcard(pattern)
      ? this.#objectionToGlob(pattern, rank)
      : this.#objectionToLiteral(pattern, rank);
  }

  /** Whether a wildcard that must not be denied as a whole is denied in part: it means one domain, and not our own. */
  isDeniedInPart(pattern: string): boolean {
    return hasWildcard(pattern) && isWithinOneDomain(pattern) && !matchesGlob(pattern, this.#own);
  }

  /** What is denied of such a wildcard: what can be said in patterns, and each server that is present. */
  inPart(pattern: string, rank: number, present: ReadonlySet<string>): InPart | undefined {
    const ofList = this.#byRank.get(rank);
    if (ofList) return ofList.inPart(pattern, rank, present);
    if (!this.isDeniedInPart(pattern)) return undefined;
    const glob = compileGlob(pattern, { ignoreCase: false });
    const literals = [...this.#literals].filter(
      ([server, one]) => one.fromRank <= rank && glob.matches(server),
    );
    const globs = this.#globs.filter(
      ({ glob: one, sparing }) => sparing.fromRank <= rank && canMeanTheSame(one.pattern, pattern),
    );
    const names = literals.map(([server]) => server);
    const parts = globs.length === 0 ? carve(pattern, names) : undefined;
    const byName = [...present].filter(
      (server) => glob.matches(server) && this.#objectionToLiteral(server, rank) === undefined,
    );
    const [spared, why] = literals[0]
      ? [literals[0][0], literals[0][1].why]
      : [globs[0]?.glob.pattern ?? "", globs[0]?.sparing.why ?? ""];
    const others = parts ? "other servers with a name of that length" : "all others";
    return {
      patterns: [...(parts ?? []), ...byName],
      why: `it spares ${spared} (${why}); ${others} are denied as soon as somebody of theirs is here`,
    };
  }

  #objectionToLiteral(server: string, rank: number): string | undefined {
    const literal = this.#literals.get(server);
    const glob = this.#globs.find(
      ({ glob: one, sparing }) => sparing.fromRank <= rank && one.matches(server),
    );
    const sparing = literal && literal.fromRank <= rank ? literal : glob?.sparing;
    return sparing && `it would deny ${server}: ${sparing.why}`;
  }

  #objectionToGlob(pattern: string, rank: number): string | undefined {
    const glob = compileGlob(pattern, { ignoreCase: false });
    for (const [server, { why, fromRank }] of this.#literals) {
      if (fromRank <= rank && glob.matches(server)) return `it would deny ${server}: ${why}`;
    }
    const both = this.#globs.find(
      ({ glob: one, sparing }) => sparing.fromRank <= rank && canMeanTheSame(one.pattern, pattern),
    );
    return both && `it could deny servers like ${both.glob.pattern}: ${both.sparing.why}`;
  }
}

/** What spares from all lists, and what does so from the list of this rank. */
function withExceptionsAt(rank: number): (one: Spared) => readonly Spared[] {
  return ({ atRank, ...one }) => (atRank === undefined || atRank === rank ? [one] : []);
}

/** Whether some text matches both patterns. Takes time in proportion to the product of their lengths. */
export function canMeanTheSame(a: string, b: string): boolean {
  if (endsDiffer(a.at(0), b.at(0)) || endsDiffer(a.at(-1), b.at(-1))) return false;
  // reachable[j]: some text matches both the part of `a` read so far and the first j characters of `b`.
  let reachable = new Uint8Array(b.length + 1);
  reachable[0] = 1;
  for (let i = 0; i <= a.length; i++) {
    const next = new Uint8Array(b.length + 1);
    for (let j = 0; j <= b.length; j++) {
      if (reachable[j] === 0) continue;
      const [x, y] = [a[i], b[j]];
      // A star matches any part of the other pattern, or nothing.
      if (x === "*" || y === "*") {
        if (x !== undefined) next[j] = 1;
        if (y !== undefined) reachable[j + 1] = 1;
      } else if (x !== undefined && y !== undefined && (x === y || x === "?" || y === "?")) next[j + 1] = 1;
    }
    if (i === a.length) return reachable[b.length] === 1;
    reachable = next;
  }
  return false;
}

function endsDiffer(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b && !hasWildcard(a) && !hasWildcard(b);
}

/**
 * Drops patterns that another one covers (`*.evil.tld` covers `a.evil.tld`, not `evil.tld`) and calls `covered` for each.
 * A covered pattern may be missed; one that is not covered is never dropped.
 */
export function withoutCovered<T extends { readonly pattern: string }>(
  entries: readonly T[],
  covered: (entry: T, by: T) => void,
): readonly T[] {
  const wide = new PatternIndex();
  const byPattern = new Map<string, T>();
  const isNeeded = (entry: T): boolean => {
    const by = wide
      .candidates(entry.pattern)
      ?.find((one) => byPattern.has(one) && covers(one, entry.pattern));
    const coveredBy = by === undefined ? undefined : byPattern.get(by);
    if (coveredBy) covered(entry, coveredBy);
    return coveredBy === undefined;
  };
  for (const entry of widestFirst(entries.filter(({ pattern }) => hasWildcard(pattern)))) {
    if (!isNeeded(entry)) continue;
    wide.add(entry.pattern);
    byPattern.set(entry.pattern, entry);
  }
  return [
    ...byPattern.values(),
    ...entries.filter((entry) => !hasWildcard(entry.pattern) && isNeeded(entry)),
  ];
}

/** Whether `wide` matches the text of `narrow`, with its wildcards read as letters: right, unless a `?` matches a `*`. */
function covers(wide: string, narrow: string): boolean {
  return !(wide.includes("?") && narrow.includes("*"));
}

/** Order: a pattern that covers another one is shorter, or holds fewer letters, or has one star more. */
function widestFirst<T extends { readonly pattern: string }>(entries: readonly T[]): readonly T[] {
  const widths = new Map(entries.map((entry) => [entry, widthOf(entry.pattern)]));
  return [...entries].sort((a, b) => (widths.get(a) ?? 0) - (widths.get(b) ?? 0));
}

/** One number to compare by: shortest match, then letters, then stars (patterns have at most 255 characters). */
function widthOf(pattern: string): number {
  let stars = 0;
  let questionMarks = 0;
  for (const character of pattern) {
    if (character === "*") stars++;
    else if (character === "?") questionMarks++;
  }
  const shortest = pattern.length - stars;
  return (shortest * 256 + (shortest - questionMarks)) * 256 + (255 - stars);
}
