/** People against whom nothing is ever done: Tyr itself, the moderators, and who is exempt. */
import { code, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

/** Why something is not done. */
export interface Objection {
  readonly why: Say;
  /** Objections with the same key are told once. */
  readonly key: string;
  /** The person is one whom nothing is done to: leaving them alone is no failure where others were meant as well. */
  readonly isSparing?: boolean;
}

export function objectionToRemoving(
  user: UserId,
  { world, rulesInForce, prefix }: { world: WorldView; rulesInForce: RulesInForce; prefix: string },
): Objection | undefined {
  if (user === world.self) return { why: say`I do not act against myself`, key: `self`, isSparing: true };
  if (world.isSpared(user)) return sparedAsModerator(user);
  const exemption = rulesInForce.exemptionOf(user);
  if (!exemption) return undefined;
  return {
    why: say`${code(user)} is exempt (${code(exemption.entity)}); ${code(`${prefix} exempt remove ${exemption.entity}`)} ends that`,
    key: `exempt ${user}`,
    isSparing: true,
  };
}

export function sparedAsModerator(user: UserId): Objection {
  return {
    why: say`${code(user)} is in the management room, and moderators are never touched`,
    key: `moderator ${user}`,
    isSparing: true,
  };
}
