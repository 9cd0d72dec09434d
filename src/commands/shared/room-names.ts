/** How rooms and lists are called in answers. */
import { plain, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";

/** A list by its shortcode where it has one. */
export function listName(list: RoomId, world: WorldView): Say {
  const shortcode = world.lists.get(list)?.shortcode;
  return shortcode ? say`list ${shortcode}` : say`list ${world.rooms.get(list)?.label ?? list}`;
}

export function roomName(room: RoomId, world: WorldView): Say {
  return plain(world.rooms.get(room)?.label ?? room, 100);
}
