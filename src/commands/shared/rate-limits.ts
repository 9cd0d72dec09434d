/** Who can lift the homeserver's rate limits for us, and how. */
import { code, say, type Say } from "../../kit/say.ts";
import { isOtherThanSynapse } from "../../model/server-powers.ts";
import type { WorldView } from "../../model/world/view.ts";

export function exemption({ serverPowers }: WorldView): Say {
  return isOtherThanSynapse(serverPowers)
    ? say`Its administrator may be able to exempt me.`
    : say`Its administrator can exempt me: ${code("override_ratelimit")}.`;
}
