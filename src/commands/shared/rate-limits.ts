/** Who can lift the homeserver's rate limits for us, and how. */
import { code, say, type Say } from "../../kit/say.ts";
import { isOtherThanSynapse } from "../../model/server-powers.ts";
import type { WorldView } from "../../model/world/view.ts";

/** Synapse's own limits: so many writes at once, and one more after each of these spans. */
const atOnce = 10;
export const usualEveryMs = 5_000;

/** How long it takes to close so many rooms, one write each, where a limit holds; 0 where they go at once. */
export function closingTimeMs(rooms: number, everyMs: number): number {
  return Math.max(0, rooms - atOnce) * everyMs;
}

export function exemption({ serverPowers }: WorldView): Say {
  return isOtherThanSynapse(serverPowers)
    ? say`Its administrator may be able to exempt me.`
    : say`Its administrator can exempt me: ${code("override_ratelimit")}.`;
}
