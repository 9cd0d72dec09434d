/** What can be known of the state of a list from here: rules that say nothing new, that are against us, that reach too far. */
import { dayMs } from "../../kit/duration.ts";
import { hasWildcard } from "../../kit/glob.ts";
import { serverOf, type RoomId, type UserId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import { RuleIndex } from "../index/rule-index.ts";
import { isBan } from "../rule-writing.ts";
import type { RulesInForce } from "../rules-in-force.ts";
import { rulesToTidy, tidyings, type RuleToGo } from "./tidy.ts";

/** A rule that has met nobody for so long may be one of another community. */
const oldAfterMs = 90 * dayMs;
/** A rule is wide that covers more than a tenth of the people or servers here; in a small community that is chance. */
const wideShare = 0.1;
const fewestPeople = 20;
const fewestServers = 10;
/** Another list is a copy that has four fifths of the rules. A few rules are the same by chance. */
const copyShare = 0.8;
const fewestOfCopy = 5;

/** A rule against somebody who is nobody's enemy here. */
export interface RuleAgainstUs {
  readonly rule: Rule;
  readonly user: UserId;
  readonly who: "me" | "moderator" | "staff" | "regular" | "exempt" | "exception" | "our server";
}

export interface WideRule {
  readonly rule: Rule;
  readonly people: number;
  readonly servers: number;
}

export interface ListFindings {
  readonly needless: readonly RuleToGo[];
  readonly withoutReason: readonly Rule[];
  readonly oneWord: number;
  readonly against: readonly RuleAgainstUs[];
  readonly wide: readonly WideRule[];
  /** Old rules that name nobody whom we know here. */
  readonly unmet: number;
  /** Who wrote rules that are there still, and may write none now, with how many. */
  readonly writersGone: ReadonlyMap<UserId, number>;
  /** Other watched lists with nearly all of its rules, with how many. */
  readonly copies: ReadonlyMap<RoomId, number>;
}

export interface FindingsView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly at: number;
}

/** Costs a pass over the rules of the list and one over everybody known: for a command, never for an event. */
export function findingsOf(list: PolicyListView, view: FindingsView): ListFindings {
  const { world, rulesInForce, at } = view;
  const rules = [...list.rules()];
  const bans = rules.filter(isBan);
  const met = peopleMet(bans, view);
  return {
    needless: rulesToTidy(list, new Set(tidyings), { rulesInForce, dueBy: world.dueBy }),
    withoutReason: bans.filter(({ reason }) => reason.trim() === ""),
    oneWord: bans.filter(({ reason }) => /^\S+$/.test(reason.trim())).length,
    against: met.against,
    wide: wideAmong(met),
    unmet: bans.filter(
      (rule) => rule.kind !== "room" && at - rule.sentAt > oldAfterMs && !met.byRule.has(rule),
    ).length,
    writersGone: writersGone(rules, world),
    copies: copiesOf(list.room, rules, rulesInForce),
  };
}

interface Met {
  readonly byRule: ReadonlyMap<Rule, { people: number; readonly servers: Set<string> }>;
  readonly against: readonly RuleAgainstUs[];
  readonly people: number;
  readonly servers: number;
}

function peopleMet(bans: readonly Rule[], view: FindingsView): Met {
  const { world } = view;
  const index = new RuleIndex(world.limits, (user) => world.members.has(user as UserId));
  for (const rule of bans) index.add(rule);
  const byRule = new Map<Rule, { people: number; readonly servers: Set<string> }>();
  const against = new Map<Rule, RuleAgainstUs>();
  const servers = new Set<string>();
  let people = 0;
  for (const user of world.members.users()) {
    people++;
    servers.add(serverOf(user));
    for (const rule of index.rulesForUser(user)) {
      let met = byRule.get(rule);
      if (!met) byRule.set(rule, (met = { people: 0, servers: new Set() }));
      met.people++;
      met.servers.add(serverOf(user));
      // One example of each rule.
      const who = against.has(rule) ? undefined : whoOfUs(user, rule, view);
      if (who) against.set(rule, { rule, user, who });
    }
  }
  return { byRule, against: [...against.values()], people, servers: servers.size };
}

/** A rule about a whole server is against it, not against those of us who happen to be there; our own is another matter. */
function whoOfUs(
  user: UserId,
  rule: Rule,
  { world, rulesInForce, at }: FindingsView,
): RuleAgainstUs["who"] | undefined {
  if (user === world.self) return "me";
  if (rule.kind === "server" && serverOf(user) === serverOf(world.self)) return "our server";
  if (world.isSpared(user)) return "moderator";
  if (rulesInForce.exemptionOf(user)) return "exempt";
  if (rulesInForce.exceptionFor(rule, { user })) return "exception";
  if (rule.kind === "server") return undefined;
  if (isStaff(user, world)) return "staff";
  return world.regulars.isRegular(user, at) ? "regular" : undefined;
}

function isStaff(user: UserId, world: WorldView): boolean {
  return world
    .protectedRoomsOf(user, ["join"])
    .some((room) => world.rooms.get(room)?.power.isAboveUsual(user) === true);
}

function wideAmong({ byRule, people, servers }: Met): readonly WideRule[] {
  return [...byRule].flatMap(([rule, met]) => {
    if (rule.kind !== "server" && !hasWildcard(rule.entity ?? "")) return [];
    const isOfMany =
      (people >= fewestPeople && met.people > people * wideShare) ||
      (servers >= fewestServers && met.servers.size > servers * wideShare);
    return isOfMany ? [{ rule, people: met.people, servers: met.servers.size }] : [];
  });
}

function writersGone(rules: readonly Rule[], world: WorldView): ReadonlyMap<UserId, number> {
  const counts = new Map<UserId, number>();
  for (const { list, sender, eventType } of rules) {
    const power = world.rooms.get(list)?.power;
    if (power && !power.canSendState(sender, eventType)) counts.set(sender, (counts.get(sender) ?? 0) + 1);
  }
  return counts;
}

function copiesOf(
  list: RoomId,
  rules: readonly Rule[],
  { index }: RulesInForce,
): ReadonlyMap<RoomId, number> {
  const shared = new Map<RoomId, number>();
  for (const { kind, entity, hash, recommendation } of rules) {
    const same = entity === undefined ? index.rulesWithHash(kind, hash) : index.rulesWithEntity(kind, entity);
    const others = same.filter((one) => one.list !== list && one.recommendation === recommendation);
    for (const other of new Set(others.map((one) => one.list)))
      shared.set(other, (shared.get(other) ?? 0) + 1);
  }
  const fewest = Math.max(fewestOfCopy, rules.length * copyShare);
  return new Map([...shared].filter(([, count]) => count >= fewest));
}
