/** What lasts only for a time: from the flag `--for` to a due date, and how that is told. */
import { describeTime } from "../../kit/duration.ts";
import { say, type Say } from "../../kit/say.ts";
import type { CommandContext } from "../define.ts";

/** When what lasts so long from now will be over. Of two clocks that differ the earlier one: one that jumped ahead would make it last for years. */
export function endOf(forMs: number | undefined, { world }: CommandContext): number | undefined {
  return forMs === undefined ? undefined : world.dueBy + forMs;
}

/** " until 2026-11-21 13:04 UTC", or nothing where it lasts for ever. */
export function until(expiresAt: number | undefined): Say | string {
  return expiresAt === undefined ? "" : say` until ${describeTime(expiresAt)}`;
}
