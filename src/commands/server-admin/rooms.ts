/** `shutdown` and `make-admin`: acts on rooms, as an administrator of the homeserver. */
import { code, lines, say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { defineCommand, needed, optional, problem } from "../define.ts";
import { roomName } from "../shared/room-names.ts";

export const shutdown = defineCommand({
  words: ["shutdown"],
  role: "admin",
  also: [["shutdown", "room"]],
  needs: "admin",
  about:
    "Remove everybody of my homeserver from a room and let nobody of it back in. Rooms that I protect, follow or watch are refused. Asks first.",
  takes: {
    room: needed("room", "the room: !id, #alias or a link"),
    reason: optional("rest", "why, for those who ask later"),
  },
  flags: {
    purge: {
      type: "boolean",
      about: "Also delete all that was said there from my homeserver, for good.",
    },
  },
  examples: ["shutdown #spam:example.org spam", "shutdown !abcdef:evil.example --purge illegal content"],
  reply({ room, reason = "" }, { purge }, { world }) {
    const known = world.rooms.get(room.id) ? say` (${roomName(room.id, world)})` : "";
    const id = room.text === room.id ? "" : say` ${code(room.id)}`;
    return {
      say: lines(
        say`Shutdown of ${code(room.text)}${id}${known}`,
        say`Everybody of my homeserver is removed, its aliases here go, and nobody here can join it again. Other homeservers are not touched.`,
        purge
          ? say`What was said there is deleted from my homeserver, for good.`
          : say`What was said there is kept, out of reach; ${code("--purge")} would delete it.`,
      ),
      acts: [{ action: { kind: "shutdown-room", room: room.id, purge, reason } }],
      waitsFor: { kind: "yes", why: say`people who are removed do not come back by themselves` },
    };
  },
});

export const makeAdmin = defineCommand({
  words: ["make-admin"],
  role: "admin",
  also: [["make", "admin"]],
  needs: "admin",
  about:
    "Have my homeserver give me, or somebody else, the highest power level that any of its accounts has in a room. Off unless the config allows it.",
  takes: {
    room: needed("room", "the room: !id, #alias or a link"),
    who: optional("person", "@name:server instead of me"),
  },
  examples: ["make-admin #abandoned:example.org", "make-admin #abandoned:example.org @helper:example.org"],
  reply({ room, who }, _flags, { world, config }) {
    if (!config.makeRoomAdmin)
      return problem(
        say`my config does not allow that: with it moderators could take over any room of the homeserver. ${code("admin.makeRoomAdmin: true")} allows it, after a restart`,
      );
    if (who?.isGlob) return problem(say`power is given to one person, and ${code(who.text)} may be many`);
    const user = (who?.text as UserId | undefined) ?? world.self;
    return {
      say: say`Power for ${code(user)} in ${code(room.text)}`,
      acts: [{ action: { kind: "make-room-admin", room: room.id, user } }],
    };
  },
});
