/** The flag `--for`: from a span of time to the moment when a rule, mute or exemption expires, and its words. */
import { describeTime } from "../../kit/duration.ts";
import { say, type Say } from "../../kit/say.ts";
import type { CommandContext } from "../define.ts";

/** Milliseconds since the epoch. Counts from `dueBy`, the earlier of our clock and the homeserver's: a clock that jumped ahead would add years. */
export function expiryOf(forMs: number | undefined, { world }: CommandContext): number | undefined {
  return forMs === undefined ? undefined : world.dueBy + forMs;
}

/** " until 2026-11-21 13:04 UTC"; empty where it never expires. */
export function untilText(expiresAt: number | undefined): Say | string {
  return expiresAt === undefined ? "" : say` until ${describeTime(expiresAt)}`;
}
