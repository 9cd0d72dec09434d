/** Names of rooms and lists in replies, as links that open them. */
import { code, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { roomNamed } from "../../model/named.ts";
import type { WorldView } from "../../model/world/view.ts";

/** "list coc", or with the room's name where the list has no shortcode. */
export function listName(list: RoomId, world: WorldView): Say {
  const label = world.lists.get(list)?.shortcode ?? world.rooms.get(list)?.label ?? list;
  return say`list ${roomNamed({ id: list, label }, world)}`;
}

/** With the id where it is not the name already, for who has to find the room. */
export function roomNameAndId(room: RoomId, world: WorldView): Say {
  const name = world.isWatched(room) ? listName(room, world) : roomName(room, world);
  return name.text.endsWith(room) ? name : say`${name} ${code(room)}`;
}

export function roomName(room: RoomId, world: WorldView, maxLength = 100): Say {
  const label = world.rooms.get(room)?.label ?? room;
  return roomNamed({ id: room, label }, { self: world.self, maxLength });
}
