/** `say` and `announce`: Tyr says something in protected rooms in its own name. */
import { code, count, say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, needed, optional, problem, yesFirst, type Proposal } from "../define.ts";
import { notProtected, roomsMeant } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";

export const sayInRoom = defineCommand({
  words: ["say"],
  role: "moderator",
  about:
    "Say something in a protected room in my name. The room does not see who asked for it; why tells. It mentions nobody.",
  takes: { room: needed("room", "the protected room"), text: needed("rest", "what to say") },
  examples: ["say #lobby:example.org The meeting begins at eight."],
  reply({ room, text }, _flags, { world, prefix }) {
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    if (world.rooms.get(room.id)?.isSpace)
      return problem(
        say`${code(room.text)} is a space: ${code(`${prefix} announce ${room.text}`)} says it in its rooms`,
      );
    return { say: say`Message to ${roomName(room.id, world)}`, acts: [saying(room.id, text)] };
  },
});

export const announce = defineCommand({
  words: ["announce"],
  role: "admin",
  about:
    "Say the same in all protected rooms, or in those of a space, in my name. I ask first, and tell in how many rooms it is. It mentions nobody.",
  takes: {
    room: optional("room", "only this room, or a space with its rooms; without it all protected rooms"),
    text: needed("rest", "what to say"),
  },
  examples: [
    "announce The server is down for an hour from 22:00 UTC on.",
    "announce #community-space:example.org We have new rules.",
  ],
  reply({ room, text }, _flags, { world }) {
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const only = roomsMeant(room, world);
    const rooms = [...world.protectedIds()].filter((id) => (only?.has(id) ?? true) && isHeard(id, world));
    if (rooms.length === 0) return problem(say`I am in no room that could hear it`);
    return {
      say: say`Message to ${count(rooms.length, "room")}`,
      acts: rooms.map((id) => saying(id, text)),
      waitsFor: yesFirst(rooms.length > 1 ? say`${count(rooms.length, "room")} would read it` : undefined),
    };
  },
});

/** Nobody reads what is said in a space. */
function isHeard(id: RoomId, world: WorldView): boolean {
  const room = world.rooms.get(id);
  return room?.ownMembership === "join" && !room.isSpace;
}

/** Said twice, the same words are two messages; other words do not wait for them. */
function saying(room: RoomId, text: string): Proposal {
  return { action: { kind: "post", room, text, users: [], key: text } };
}
