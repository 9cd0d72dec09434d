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
  const sums = counts.get(rule.list) ?? { came: 0, went: 0, single: undefined };
  sums.single = sums.came + sums.went === 0 ? rule : undefined;
  sums[how]++;
  counts.set(rule.list, sums);
}

function keyOf(rule: Rule): string {
  return `${rule.list}\n${rule.kind}\n${rule.stateKey}`;
}

function nameOf(list: RoomId, world: WorldView): Say {
  const label = world.lists.get(list)?.shortcode ?? world.rooms.get(list)?.label ?? list;
  return roomNamed({ id: list, label }, world);
}

function describe(name: Say, { came, went, single }: RuleCounts, dueBy: number): Say {
  if (single) {
    const gone = isOver(single, dueBy) ? "rule ended" : "rule gone";
    const reason = single.reason === "" ? "" : say` (${plain(single.reason, 100)})`;
    return say`List ${name}: ${came > 0 ? "new rule" : gone} for ${single.kind} ${code(single.entity ?? "(hashed)")}${reason}`;
  }
  const parts = [
    came > 0 ? `${came.toLocaleString("en")} new ${came === 1 ? "rule" : "rules"}` : "",
    went > 0 ? `${went.toLocaleString("en")} ${came > 0 ? "" : went === 1 ? "rule " : "rules "}gone` : "",
  ].filter((part) => part !== "");
  return say`List ${name}: ${plain(parts.join(", "))}`;
}
