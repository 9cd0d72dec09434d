/** The recogniser of waves of one bot; none where the config says so. */
import type { Config } from "../config/schema.ts";
import type { UserId } from "../model/ids.ts";
import type { World } from "../model/world/world.ts";
import { isLeftAlone } from "../policy/own-people.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import { Recogniser } from "../waves/recogniser.ts";

export function recogniserOf(
  { waves }: Config,
  world: World,
  rulesInForce: RulesInForce,
): Recogniser | undefined {
  if (waves.act === "off") return undefined;
  const isOneOfOurs = (user: UserId) => isLeftAlone(user, { world, rulesInForce });
  return new Recogniser({ world, isLeftAlone: isOneOfOurs, limits: waves });
}
