/** Rules that come, weighed by list: those that would hit too many people wait for a yes, and so do all of lists that ask. */
import { say } from "../../kit/say.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import { sameness, type Rule } from "../../model/policy-rule.ts";
import type { Changes } from "../../model/world/changes.ts";
import type { WorldView } from "../../model/world/view.ts";
import { impactOf } from "../../policy/impact/list-preview.ts";
import type { Impact } from "../../policy/impact/impact.ts";
import { hitsOf, noLongerAllowed, type Hit, type Weighing } from "../../policy/impact/rule-reach.ts";
import type { AclOptions } from "../../policy/server-acl/spared-servers.ts";
import { asked, needsWeighing } from "./ask-first.ts";
import type { BlastLimits, HeldRules } from "./held.ts";
import type { RecentHits, RecentRules } from "./recent-hits.ts";

export interface RuleMoves {
  readonly came: readonly Rule[];
  readonly went: readonly Rule[];
  /** Who came, and whether everybody is looked at: rules of lists that ask are asked about when they first meet somebody. */
  readonly arrivals?: readonly { readonly user: UserId }[];
  readonly everybody?: boolean;
}

/** Of a batch: rules that were accepted or rejected just now are weighed as those that come. */
export function movesOf(
  { came, went }: Pick<RuleMoves, "came" | "went">,
  { arrivals, answeredRules, everything, rooms }: Changes,
): RuleMoves {
  return { came: [...came, ...answeredRules], went, arrivals, everybody: everything || rooms.size > 0 };
}

export interface RuleWeighing extends Weighing {
  readonly limits: BlastLimits;
  readonly acl: AclOptions | undefined;
  readonly hits: RecentHits;
  readonly rules: RecentRules;
}

/** Which of the rules that came have to wait, and older rules that reach more people now. */
export function weighRules(moved: RuleMoves, weighing: RuleWeighing): readonly HeldRules[] {
  const { world, rulesInForce, at, rules: recent, acl } = weighing;
  recent.forgetBefore(at);
  for (const rule of moved.came) recent.note(rule.eventId, at);
  // A rule that was applied before and is only written again changes nothing.
  const before = new Set(moved.went.filter((rule) => !rulesInForce.isOff(rule)).map(sameness));
  const toWeigh = moved.came.filter(
    (rule) => needsWeighing(rule, { world, rulesInForce }) && !before.has(sameness(rule)),
  );
  const reachedAnew = noLongerAllowed(moved, weighing);
  const came = new Set(moved.came);
  const asking = asked({ ...moved, came: toWeigh }, weighing);
  const byList = Map.groupBy(
    new Set([...toWeigh, ...reachedAnew.keys(), ...asking.map(({ rule }) => rule)]),
    ({ list }) => list,
  );
  return [...byList].flatMap(([list, rules]) => {
    const ofList = asking.filter(({ rule }) => rule.list === list);
    const waiting = new Set(ofList.map(({ rule }) => rule));
    const hits = hitsOf(
      rules.filter((rule) => !waiting.has(rule)),
      weighing,
      acl,
    ).filter(({ rule, user }) => came.has(rule) || reachedAnew.get(rule)?.has(user));
    return weighList(list, { hits, asking: ofList }, weighing);
  });
}

const asksFirst = say`the list is set to ask first`;

/** `asking`: hits of rules that wait whomever they hit. */
function weighList(
  list: RoomId,
  { hits, asking }: { readonly hits: readonly Hit[]; readonly asking: readonly Hit[] },
  weighing: RuleWeighing,
): readonly HeldRules[] {
  const earlier = new Set(weighing.hits.of(list, weighing.at).keys());
  const tooMuch = heldAmong(list, hits, weighing);
  const held = new Set([...tooMuch, ...asking.map(({ rule }) => rule.eventId)]);
  if (held.size === 0) return [];
  const all = [...hits, ...asking];
  const everything = impactOf(all, weighing);
  const impact = impactOfAllHeld(list, { hits: all, held, everything }, weighing);
  const reasons = [
    ...(asking.length > 0 ? [asksFirst] : []),
    ...(tooMuch.size > 0 ? impact.tooMuch(earlier) : []),
  ];
  return [{ list, rules: [...held], impact, reasons }];
}

/**
 * First the rules that hit regulars or staff: those wait by themselves. If the others are too much together, all of
 * them wait that hit anybody at all.
 */
function heldAmong(list: RoomId, hits: readonly Hit[], weighing: RuleWeighing): ReadonlySet<EventId> {
  const { at, limits } = weighing;
  if (hits.length === 0) return new Set();
  const everything = impactOf(hits, weighing);
  const earlier = new Set(weighing.hits.of(list, at).keys());
  if (everything.tooMuch(earlier).length === 0) {
    weighing.hits.note(list, everything.people, at);
    return new Set();
  }
  const apart = apartFrom(everything, limits);
  const held = new Set(hits.filter(({ user }) => apart.has(user)).map(({ rule }) => rule.eventId));
  const others = hits.filter(({ rule }) => !held.has(rule.eventId));
  const rest = held.size === 0 ? everything : impactOf(others, weighing);
  if (rest.tooMuch(earlier).length > 0) for (const { rule } of others) held.add(rule.eventId);
  else weighing.hits.note(list, rest.people, at);
  return held;
}

/** People whose rules wait by themselves: regulars and staff, where they are more than may be hit. */
function apartFrom({ regulars, staff }: Impact, limits: BlastLimits): ReadonlySet<UserId> {
  return new Set([
    ...(regulars.size > limits.maxRegulars ? regulars : []),
    ...(staff.size > limits.maxStaff ? staff : []),
  ]);
}

/** One question tells of all rules of the list that wait, those included that waited before. */
function impactOfAllHeld(
  list: RoomId,
  {
    hits,
    held,
    everything,
  }: { readonly hits: readonly Hit[]; readonly held: ReadonlySet<EventId>; readonly everything: Impact },
  weighing: RuleWeighing,
): Impact {
  const waiting = waitingRules(list, weighing.world).filter(({ eventId }) => !held.has(eventId));
  if (waiting.length === 0 && hits.every(({ rule }) => held.has(rule.eventId))) return everything;
  const hitsOfHeld = hits.filter(({ rule }) => held.has(rule.eventId));
  return impactOf([...hitsOfHeld, ...hitsOf(waiting, weighing, weighing.acl)], weighing);
}

function waitingRules(list: RoomId, world: WorldView): readonly Rule[] {
  const about = world.questions.openAbout(list)?.about;
  if (about?.kind !== "rules") return [];
  return about.rules.flatMap((event) => world.lists.get(list)?.ruleOf(event) ?? []);
}
