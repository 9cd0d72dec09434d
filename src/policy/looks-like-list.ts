/** Whether a room that is not watched looks like a policy list: by its type, its short name, or the rules in it. */
import type { RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

const listTypes: ReadonlySet<unknown> = new Set(["m.policy", "support.feline.policy.lists.msc.v1"]);

export function looksLikeList(id: RoomId, { rooms, lists }: Pick<WorldView, "rooms" | "lists">): boolean {
  const list = lists.get(id);
  const type = rooms.get(id)?.event("m.room.create")?.content["type"];
  return (list?.size ?? 0) > 0 || list?.shortcode !== undefined || listTypes.has(type);
}
