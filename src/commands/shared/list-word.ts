/** A list as it is typed in a command that a reply suggests. */
import type { RoomId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { WorldView } from "../../model/world/view.ts";

/** Its shortcode; the room id where that is none that can be typed, or where another list has it, too. */
export function listWord(list: RoomId | PolicyListView, world: WorldView): string {
  const room = typeof list === "string" ? list : list.room;
  const shortcode = world.lists.get(room)?.shortcode;
  if (shortcode === undefined || !/^[\w-]{1,30}$/.test(shortcode)) return room;
  return world.watchedLists().filter((one) => one.isCalled(shortcode)).length === 1 ? shortcode : room;
}
