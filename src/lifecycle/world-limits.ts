/** How much a world remembers, by the config. */
import type { Config } from "../config/schema.ts";
import type { WorldLimits } from "../model/world/limits.ts";

export function worldLimits({
  history,
  guard,
  limits,
}: Pick<Config, "history" | "guard" | "limits">): WorldLimits {
  const { regularAfterDays: afterDays, regularDays: days, regularsRemembered: people } = guard;
  return { ...history, regulars: { afterDays, days, people }, limits };
}
