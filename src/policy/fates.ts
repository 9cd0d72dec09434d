/** What has become of people whom a protection met or would have met: whether that was right, as it looks today. */
import { dayMs } from "../kit/duration.ts";
import type { UserId } from "../model/ids.ts";
import type { Fate } from "../model/trial-report.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export interface FateView {
  /** As it is believed now. */
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  /** Who was banned or removed in the time that was looked at. */
  readonly removed: ReadonlySet<UserId>;
  readonly lastSaid: ReadonlyMap<UserId, number>;
  /** Ms since the epoch. */
  readonly now: number;
}

/** Whoever still speaks a day later, and nobody has removed, belongs here. */
const stillThereMs = dayMs;

export function fateOf(
  { user, firstAt, wasRegular }: { user: UserId; firstAt: number; wasRegular: boolean },
  view: FateView,
): Fate {
  const { world, rulesInForce, removed } = view;
  if (world.isSpared(user)) return "wrong";
  if (world.protectedRoomsOf(user, ["ban"]).length > 0) return "right";
  if (rulesInForce.verdict(user)?.kind === "ban") return "right";
  if (removed.has(user) && !isHere(user, view)) return "right";
  if (wasRegular || isRegularNow(user, view)) return "wrong";
  return isHere(user, view) && saidLast(user, view) >= firstAt + stillThereMs ? "wrong" : "unknown";
}

export function isHere(user: UserId, { world }: Pick<FateView, "world">): boolean {
  return world.protectedRoomsOf(user, ["join"]).length > 0;
}

export function isRegularNow(user: UserId, { world, now }: Pick<FateView, "world" | "now">): boolean {
  return world.regulars.isRegular(user, now);
}

/** As far as we saw it: by the day, or in what was read. */
function saidLast(user: UserId, { world, lastSaid }: FateView): number {
  const day = world.regulars.get(user)?.lastDay ?? 0;
  return Math.max(day * dayMs, lastSaid.get(user) ?? 0);
}
