/** `membership-age`: how long the author has been in the room. */
import { minuteMs } from "../../kit/duration.ts";
import type { RoomId, UserId } from "../ids.ts";
import { defineSignal } from "./signal.ts";
import type { SightedWorld } from "./sighting.ts";

export const membershipAgeMs = defineSignal({
  name: "membership-age",
  about: "How long the author has been in the room, in ms; undefined where we did not see them come.",
  compute: ({ world, room, user, at }) => membershipAgeOf(world, { room, user, at }),
});

/** In ms; undefined where we did not see the person come. Negative: the clock was set back. */
export function membershipAgeOf(
  { members }: Pick<SightedWorld, "members">,
  { room, user, at }: { readonly room: RoomId; readonly user: UserId; readonly at: number },
): number | undefined {
  const since = members.get(room, user)?.since ?? 0;
  return since > 0 ? at - since * minuteMs : undefined;
}
