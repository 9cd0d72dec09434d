/** `rooms block` and `rooms unblock`: whether accounts of the homeserver may join a room. */
import { code, lines, say } from "../../kit/say.ts";
import { defineCommand, needed, optional } from "../define.ts";

const takes = {
  room: needed("room", "the room: !id, #alias or a link"),
  reason: optional("rest", "why, for those who ask later"),
};

export const roomsBlock = defineCommand({
  words: ["rooms", "block"],
  role: "admin",
  needs: "admin",
  about:
    "Let nobody of my homeserver join a room, whether anybody is in it or not. Who is in it stays; shutdown removes them. Rooms that I protect, follow or watch are refused.",
  takes,
  examples: ["rooms block !abcdef:evil.example spam"],
  reply({ room, reason = "" }, _flags, { prefix }) {
    return {
      say: lines(
        say`Block of ${code(room.text)}`,
        say`Who is in it stays there; ${code(`${prefix} shutdown ${room.text}`)} removes them.`,
      ),
      acts: [{ action: { kind: "block-room", room: room.id, reason } }],
    };
  },
});

export const roomsUnblock = defineCommand({
  words: ["rooms", "unblock"],
  role: "admin",
  needs: "admin",
  about: "Let accounts of my homeserver join a room again, whoever blocked it, and also after a shutdown.",
  takes,
  examples: ["rooms unblock !abcdef:example.org"],
  reply({ room, reason = "" }) {
    return {
      say: say`End of the block of ${code(room.text)}`,
      acts: [{ action: { kind: "unblock-room", room: room.id, reason } }],
    };
  },
});
