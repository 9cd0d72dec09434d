/** `sync`: reads the rooms and lists again, for the case that an event was missed. */
import { count, say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { defineCommand, type Proposal } from "../define.ts";

export const sync = defineCommand({
  words: ["sync"],
  role: "moderator",
  about: "Read every room and list again from the homeserver and put right whatever differs from the lists.",
  takes: {},
  examples: ["sync"],
  reply(_args, _flags, { world }) {
    const rooms = new Set<RoomId>([
      ...world.settings.lists.map((list) => list.room),
      ...world.protectedIds(),
    ]);
    const joined = [...rooms].filter((id) => world.rooms.get(id)?.ownMembership === "join");
    const acts = joined.map((room): Proposal => ({
      action: { kind: "read-room", room, state: true, members: world.isProtected(room) },
    }));
    return { say: say`Reading ${count(joined.length, "room")} again`, acts };
  },
});
