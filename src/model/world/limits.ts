/** How much the world remembers of what is outside of us: sizes and bounds, all of them from the config. */
import type { Limits } from "../limits.ts";
import type { HistoryLimits } from "../recent-events.ts";
import type { RegularLimits } from "../regulars.ts";

export interface WorldLimits extends HistoryLimits {
  /** Who counts as a regular, and how many people's days of speaking are remembered for it. */
  readonly regulars: RegularLimits & { readonly people: number };
  readonly limits: Limits;
}
