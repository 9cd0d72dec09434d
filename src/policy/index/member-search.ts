/**
 * From rules to people: whom among the people we know do rules match that came or went? A person whom a rule names is
 * looked up, and so are the people of a server that it names; only other rules cost a pass over everybody.
 */
import { compileGlob, foldCase, hasWildcard } from "../../kit/glob.ts";
import { withoutPort, type ServerName, type UserId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { ignoresCase } from "./entity-index.ts";
import { RuleIndex } from "./rule-index.ts";

/** What is asked about people. `Members` implements it. */
export interface People {
  has(user: UserId): boolean;
  /** Known ids that differ from `folded` in case alone (`foldCase`). `folded` itself may be left out. */
  variantsOf(folded: string): Iterable<UserId>;
  usersOfServer(server: ServerName): Iterable<UserId>;
  /** Servers with anybody known on them. */
  servers(): Iterable<ServerName>;
  users(): Iterable<UserId>;
}

/** Everybody known whom at least one of the rules matches. Rules about rooms match nobody. */
export function usersMatching(rules: readonly Rule[], people: People): UserId[] {
  const found = new Set<UserId>();
  const ofServers: Rule[] = [];
  const withinServer = new Map<ServerName, Rule[]>();
  const others: Rule[] = [];
  for (const rule of rules) {
    const server = serverWithin(rule);
    if (rule.kind === "server") ofServers.push(rule);
    else if (rule.kind === "room") continue;
    else if (rule.entity !== undefined && !hasWildcard(rule.entity))
      addNamed(rule, rule.entity, { people, found });
    else if (server === undefined) others.push(rule);
    else groupOf(server, withinServer).push(rule);
  }
  if (ofServers.length > 0) addOfServers(ofServers, { people, found });
  for (const [server, those] of withinServer) addMatching(those, people.usersOfServer(server), found);
  if (others.length > 0) addMatching(others, people.users(), found);
  return [...found];
}

/** Known people whose ids differ from this one in capitals alone: other people, who are easily taken for it. */
export function otherSpellings(user: UserId, people: Pick<People, "has" | "variantsOf">): readonly UserId[] {
  const folded = foldCase(user) as UserId;
  const found = people.has(folded) ? [folded, ...people.variantsOf(folded)] : [...people.variantsOf(folded)];
  return found.filter((one) => one !== user);
}

/**
 * Whom a ban of this id would hit although another person is meant: they bear another spelling of it, and nobody known bears
 * the id itself. Empty for ids that somebody bears, and for globs.
 */
export function hitInstead(id: string, people: Pick<People, "has" | "variantsOf">): readonly UserId[] {
  return hasWildcard(id) || people.has(id as UserId) ? [] : otherSpellings(id as UserId, people);
}

/** Whom the rules match, and who bears another spelling of an id that they name: it depends on who is known. */
export function usersConcerned(rules: readonly Rule[], people: People): Set<UserId> {
  const found = new Set(usersMatching(rules, people));
  for (const rule of rules) {
    if (rule.kind !== "user" || rule.entity === undefined || hasWildcard(rule.entity)) continue;
    for (const user of otherSpellings(rule.entity as UserId, people)) found.add(user);
  }
  return found;
}

function groupOf(server: ServerName, groups: Map<ServerName, Rule[]>): Rule[] {
  let group = groups.get(server);
  if (!group) groups.set(server, (group = []));
  return group;
}

interface Search {
  readonly people: People;
  readonly found: Set<UserId>;
}

function addNamed(rule: Rule, entity: string, { people, found }: Search): void {
  if (people.has(entity as UserId)) found.add(entity as UserId);
  else if (ignoresCase(rule)) for (const user of otherSpellings(entity as UserId, people)) found.add(user);
}

/** The hash may be of the server's name as written, with port or capitals, which only the people's ids show. */
function addOfServers(rules: readonly Rule[], { people, found }: Search): void {
  if (rules.some((rule) => rule.hash !== undefined)) return addMatching(rules, people.users(), found);
  const index = indexOf(rules);
  for (const server of people.servers()) {
    if (index.rulesForServer(server).length === 0) continue;
    for (const user of people.usersOfServer(server)) found.add(user);
  }
}

function addMatching(rules: readonly Rule[], users: Iterable<UserId>, found: Set<UserId>): void {
  const isMatch = testOf(rules);
  for (const user of users) if (isMatch(user)) found.add(user);
}

/** Up to about this many globs, asking one by one is quicker than making an index. */
const fewGlobs = 8;

function testOf(rules: readonly Rule[]): (user: UserId) => boolean {
  const globs = rules.flatMap(({ kind, entity }, i) =>
    kind === "user" && entity !== undefined
      ? [compileGlob(entity, { ignoreCase: ignoresCase(rules[i]!) })]
      : [],
  );
  if (globs.length === rules.length && globs.length <= fewGlobs)
    return (user) => globs.some((glob) => glob.matches(user));
  const index = indexOf(rules);
  return (user) => index.rulesForUser(user).length > 0;
}

function indexOf(rules: readonly Rule[]): RuleIndex {
  const index = new RuleIndex();
  for (const rule of rules) index.add(rule);
  return index;
}

/** `evil.tld` of `@spam*:evil.tld` and `@*:Evil.tld:8448`: such a glob matches people of that server alone. */
function serverWithin({ entity }: Rule): ServerName | undefined {
  // An IPv6 literal holds colons of its own; it is too rare to be taken apart.
  if (entity === undefined || entity.includes("]")) return undefined;
  const colon = withoutPort(entity).lastIndexOf(":");
  const server = entity.slice(colon + 1);
  return colon < 0 || hasWildcard(server) ? undefined : (withoutPort(server).toLowerCase() as ServerName);
}
