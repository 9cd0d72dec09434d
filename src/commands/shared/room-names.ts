/** Names of rooms and lists in replies. */
import { plain, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";

/** "list coc", or with the room's name where the list has no shortcode. */
export function listName(list: RoomId, world: WorldView): Say {
  const shortcode = world.lists.get(list)?.shortcode;
  return shortcode ? say`list ${shortcode}` : say`list ${world.rooms.get(list)?.label ?? list}`;
}

export function roomName(room: RoomId, world: WorldView): Say {
  return plain(world.rooms.get(room)?.label ?? room, 100);
}
