/** Power levels and other state of which single values are changed: written as the whole event, which is filled in right before it is sent. */
import type { ActionOf, LevelChange } from "../../model/actions/action.ts";
import { eventTypeOf } from "../../model/path-changes.ts";
import { MatrixFault } from "../http/errors.ts";
import type { ActContext } from "./act-context.ts";
import { written, type Done } from "./results.ts";

/**
 * Size in bytes of a room's power levels beyond which nobody more is muted. Everybody who is muted stands in the room's levels, and an event may
 * have 65 kB: with a few hundred long names strangers could fill it, and nobody could be given or lose power there any
 * more.
 */
const mostOfLevels = 40_000;

export async function setLevels({ kind, room, levels }: LevelChange, { writes }: ActContext): Promise<Done> {
  if (!levels) throw new Error("the levels of the room were not filled in");
  if (kind === "mute" && Buffer.byteLength(JSON.stringify(levels)) > mostOfLevels)
    throw new MatrixFault(
      413,
      "M_TOO_LARGE",
      "the power levels of the room name so many people that there would soon be no place left for others; ban them instead",
    );
  return written(writes.sendStateEvent(room, "m.room.power_levels", "", levels));
}

/** Values of one state event, for a while and back again. */
export async function writeContainment(
  { room, key, content }: ActionOf<"contain" | "release">,
  { writes }: ActContext,
): Promise<Done> {
  if (!content) throw new Error("the content of the event was not filled in");
  return written(writes.sendStateEvent(room, eventTypeOf[key], "", content));
}

/** State that somebody wrote over. */
export async function putBack(
  { room, eventType, stateKey, content }: ActionOf<"put-back">,
  { writes }: ActContext,
): Promise<Done> {
  if (!content) throw new Error("the content of the event was not filled in");
  return written(writes.sendStateEvent(room, eventType, stateKey, content));
}
