/** What changed on the lists, summed up: a line for each list instead of a line for each rule. */
import { code, lines, plain, say, type Say } from "../../kit/say.ts";
import { isOver, type Rule } from "../../model/policy-rule.ts";
import type { RoomId } from "../../model/ids.ts";
import { roomNamed } from "../../model/named.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface RuleCounts {
  came: number;
  went: number;
  /** The only rule so far, which is told by name. */
  single: Rule | undefined;
  /** How many of those that came are no plain bans, by what they are. */
  readonly notable: Map<string, number>;
}

/** Adds what moved to `counts` (by list) and tells the sums. A changed rule counts as one that came. */
export function summariseRules(
  counts: Map<RoomId, RuleCounts>,
  moved: { readonly came: readonly Rule[]; readonly went: readonly Rule[] },
  world: WorldView,
): Say {
  const replaced = new Set(moved.came.map(keyOf));
  for (const rule of moved.came) count(counts, rule, "came");
  for (const rule of moved.went) if (!replaced.has(keyOf(rule))) count(counts, rule, "went");
  return lines(...[...counts].map(([list, sums]) => describe(nameOf(list, world), sums, world.dueBy)));
}

function count(counts: Map<RoomId, RuleCounts>, rule: Rule, how: "came" | "went"): void {
  const sums = counts.get(rule.list) ?? { came: 0, went: 0, single: undefined, notable: new Map() };
  sums.single = sums.came + sums.went === 0 ? rule : undefined;
  sums[how]++;
  const what = rule.entity === undefined ? "hashed" : sortOf(rule);
  if (how === "came" && what !== undefined) sums.notable.set(what, (sums.notable.get(what) ?? 0) + 1);
  counts.set(rule.list, sums);
}

function keyOf(rule: Rule): string {
  return `${rule.list}\n${rule.kind}\n${rule.stateKey}`;
}

function nameOf(list: RoomId, world: WorldView): Say {
  const label = world.lists.get(list)?.shortcode ?? world.rooms.get(list)?.label ?? list;
  return roomNamed({ id: list, label }, world);
}

function describe(name: Say, sums: RuleCounts, dueBy: number): Say {
  const { came, went, single } = sums;
  if (single) return say`List ${name}: ${describeSingle(single, came > 0, dueBy)}`;
  const notable = [...sums.notable].map(([what, many]) => `${many.toLocaleString("en")} ${what}`);
  const among = notable.length > 0 ? ` (${notable.join(", ")})` : "";
  const parts = [
    came > 0 ? `${came.toLocaleString("en")} new ${came === 1 ? "rule" : "rules"}${among}` : "",
    went > 0 ? `${went.toLocaleString("en")} ${came > 0 ? "" : went === 1 ? "rule " : "rules "}gone` : "",
  ].filter((part) => part !== "");
  return say`List ${name}: ${plain(parts.join(", "))}`;
}

function describeSingle(rule: Rule, isNew: boolean, dueBy: number): Say {
  const what = sortOf(rule);
  const noun = what === undefined ? "rule" : `${what} rule`;
  const how = isNew ? `new ${noun}` : isOver(rule, dueBy) ? `${noun} ended` : `${noun} gone`;
  const whom =
    rule.entity === undefined
      ? say`a ${rule.kind} that is named by a hash alone`
      : say`${rule.kind} ${code(rule.entity)}`;
  const reason = rule.reason === "" ? "" : say` (${plain(rule.reason, 100)})`;
  return say`${how} for ${whom}${reason}${isNew ? effectOf(rule) : ""}`;
}

/** What a rule is called that is no plain ban. */
function sortOf({ recommendation, recommendationText }: Rule): string | undefined {
  switch (recommendation) {
    case "ban":
      return undefined;
    case "allow":
      return recommendationText.endsWith("unban") ? "unban" : "allow";
    case "takedown":
      return "takedown";
    case "other":
      return "unknown";
  }
}

/** What a new rule does that a ban would not, or does not do. */
function effectOf({ recommendation, recommendationText, kind }: Rule): Say | "" {
  if (recommendation === "other")
    return say`: it recommends ${code(recommendationText, 40)}, which I do not know and do not apply`;
  if (recommendation === "allow")
    return say`: bans of this list and of those after it do not apply to ${kind === "user" ? "them" : "it"}`;
  if (kind === "room") return say`: nobody in my rooms is touched by it, and I decline invitations to it`;
  if (recommendation === "takedown" && kind === "user") return say`: what they wrote is removed as well`;
  return "";
}
