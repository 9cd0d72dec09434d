/** `rooms leave`: Tyr leaves a room that it has no business in. */
import { code, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { roomName } from "../shared/room-names.ts";

export const roomsLeave = defineCommand({
  words: ["rooms", "leave"],
  role: "admin",
  about:
    "Leave a room. Not one that I protect, a list that I watch or the management room: those are given up first.",
  takes: { room: needed("room", "the room: !id, #alias or a link") },
  examples: ["rooms leave #old:example.org"],
  reply({ room }, _flags, { world, prefix }) {
    const objection = neededFor(room.id, { world, prefix });
    if (objection) return problem(say`I stay in ${code(room.text)}: ${objection}`);
    const membership = world.rooms.get(room.id)?.ownMembership;
    if (membership !== "join" && membership !== "invite") return problem(say`I am not in ${code(room.text)}`);
    return {
      say: say`Leaving ${roomName(room.id, world)}`,
      acts: [{ action: { kind: "leave", room: room.id } }],
    };
  },
});

/** What Tyr is in the room for, with what gives that up. */
function neededFor(id: RoomId, { world, prefix }: { world: WorldView; prefix: string }): Say | undefined {
  const { managementRoom } = world.settings;
  if (id === managementRoom) return say`it is the management room`;
  if (world.isProtected(id)) return say`I protect it, and ${code(`${prefix} rooms remove ${id}`)} ends that`;
  if (world.settings.lists.some(({ room }) => room === id))
    return say`it is a list that I watch, and ${code(`${prefix} lists unwatch ${id}`)} ends that`;
  return undefined;
}
