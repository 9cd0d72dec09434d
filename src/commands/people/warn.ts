/** `warn`: says something to a person, in a room where all can read it. */
import { code, say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { isPresent } from "../../model/member-record.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, needed, optional, problem } from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { nobodyThere, notProtected } from "../shared/people.ts";

export const warn = defineCommand({
  words: ["warn"],
  role: "moderator",
  takesSeveral: true,
  about:
    "Say something to a person in the room where they spoke last. It names them and not you; why tells later that it was you.",
  takes: {
    who: needed("person", "@name:server"),
    room: optional("room", "this room instead"),
    text: needed("rest", "what to say to them"),
  },
  examples: [
    "warn @loud:example.org please keep to the topic",
    "warn @loud:example.org #lobby:example.org this is a quiet room",
  ],
  reply({ who, room, text }, _flags, { world }) {
    if (who.isGlob) return problem(say`I warn one at a time, and ${code(who.text)} may be many`);
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const user = who.text as UserId;
    if (user === world.self) return problem(say`that is me`);
    const where = room?.id ?? whereSpeaking(user, world);
    if (!where || !isPresent(world.members.membershipOf(where, user)))
      return problem(nobodyThere(who, { room, spared: 0 }));
    return {
      say: say`Warning to ${code(user)} in ${roomName(where, world)}`,
      acts: [{ action: { kind: "warn", room: where, user, text } }],
    };
  },
});

/** The protected room where the person spoke last; if they never did, the one with the most members. */
function whereSpeaking(user: UserId, world: WorldView): RoomId | undefined {
  const { members, recentEvents } = world;
  const rooms = world.protectedRoomsOf(user, ["join"]);
  return rooms.toSorted(
    (a, b) =>
      recentEvents.lastSpoke(user, b) - recentEvents.lastSpoke(user, a) ||
      members.joinedCount(b) - members.joinedCount(a),
  )[0];
}
