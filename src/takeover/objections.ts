/** Why a room or list of an earlier bot is not taken over although it can be found. */
import { code, say, type Say } from "../kit/say.ts";
import type { RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

/** `count`: how many rooms or lists there are without this one. */
export function objectionTo(
  { room, as, count }: { readonly room: RoomId; readonly as: "room" | "list"; readonly count: number },
  { world, prefix }: { readonly world: WorldView; readonly prefix: string },
): Say | undefined {
  if (count >= (as === "list" ? world.limits.lists : world.limits.rooms))
    return say`${code(room)} is one ${as} too many: ${code(`limits.${as}s`)} in the config is the bound`;
  return as === "room" && world.rooms.get(room)?.isSpace ? spaceObjection(room, prefix) : undefined;
}

/** Mjolnir and Draupnir could protect a space as a room, without the rooms in it. */
export function spaceObjection(room: RoomId, prefix: string): Say {
  return say`${code(room)} is a space. It was protected without its rooms, and I protect a space with all of them. If that is all right: ${code(`${prefix} rooms add ${room}`)}`;
}
