/**
 * How many people one protection may mute, kick or ban without a person's look: so many within an hour, and within a day. Told
 * by its hits, so that a restart forgets none.
 */
import { dayMs, hourMs } from "../../kit/duration.ts";
import { count, say, type Say } from "../../kit/say.ts";
import type { Decision } from "../../model/decision.ts";
import type { UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { BlastLimits } from "./held.ts";

/** Why the protection has to ask, those included whom it found just now; none where it has not. */
export function overBudget(
  protection: string,
  { world, limits, at }: { readonly world: WorldView; readonly limits: BlastLimits; readonly at: number },
): readonly Say[] {
  const today = new Map<UserId, number>();
  for (const hit of world.stored.ruleHits.of(protection))
    if (hit.spends && Math.abs(at - hit.at) < dayMs) today.set(hit.user, hit.at);
  const lately = [...today.values()].filter((hitAt) => Math.abs(at - hitAt) < hourMs).length;
  const { protectionPeopleAnHour: anHour, protectionPeopleADay: aDay } = limits;
  return [
    ...(lately > anHour ? [reason(lately, "an hour", anHour)] : []),
    ...(today.size > aDay ? [reason(today.size, "a day", aDay)] : []),
  ];
}

function reason(people: number, within: string, limit: number): Say {
  return say`it would have muted or removed ${count(people, "person", "people")} within ${within}, and a protection may do that to ${limit} without a question`;
}

/** What counts against the budget, and waits where it is spent. */
export function isSpending({ action: { kind } }: Decision): boolean {
  return kind === "mute" || kind === "ban" || kind === "kick" || kind === "write-policy";
}
