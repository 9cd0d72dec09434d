/** `shutdown`, `rooms purge` and `make-admin`: acts on rooms, as an administrator of the homeserver. */
import { code, lines, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { quoted } from "../../model/quoted.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, needed, optional, problem, type ArgumentValues } from "../define.ts";
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
    reason: optional("rest", "why, for those who ask later; with --notify it is what they are told"),
  },
  flags: {
    notify: {
      type: "boolean",
      about:
        "Tell the reason to those who are removed: they find themselves in a new room, in which I say it and they cannot write.",
    },
    purge: {
      type: "boolean",
      about: "Also delete all that was said there from my homeserver, for good.",
    },
  },
  examples: [
    "shutdown #spam:example.org spam",
    "shutdown !abcdef:evil.example --purge illegal content",
    "shutdown #spam:example.org --notify This room was full of scams.",
  ],
  reply({ room, reason = "" }, { purge, notify }, { world }) {
    if (notify && reason === "")
      return problem(say`${code("--notify")} needs a reason: it is what they are told`);
    return {
      say: lines(
        say`Shutdown of ${named(room, world)}`,
        say`Everybody of my homeserver is removed, its aliases here go, and nobody here can join it again. Other homeservers are not touched.`,
        purge
          ? say`What was said there is deleted from my homeserver, for good.`
          : say`What was said there is kept, out of reach; ${code("--purge")} would delete it.`,
        notify ? say`They are told why, in a new room: ${quoted(reason)}` : undefined,
      ),
      acts: [
        {
          action: { kind: "shutdown-room", room: room.id, purge, reason, ...(notify ? { tells: true } : {}) },
        },
      ],
      waitsFor: { kind: "yes", why: say`people who are removed do not come back by themselves` },
    };
  },
});

export const roomsPurge = defineCommand({
  words: ["rooms", "purge"],
  role: "admin",
  needs: "admin",
  about:
    "Delete a room from my homeserver: its people here are removed, and what was said goes for good. It can be joined and made again, unlike after shutdown. Rooms that I protect, follow or watch are refused. Asks first.",
  takes: {
    room: needed("room", "the room: !id, #alias or a link"),
    reason: optional("rest", "why, for those who ask later"),
  },
  examples: ["rooms purge #old:example.org nobody is there any more"],
  reply({ room, reason = "" }, _flags, { world, prefix }) {
    return {
      say: lines(
        say`Deletion of ${named(room, world)}`,
        say`Everybody of my homeserver is removed, its aliases here go, and what was said there is deleted from my homeserver, for good. Other homeservers are not touched.`,
        say`Whoever joins it later brings it back from other homeservers; ${code(`${prefix} shutdown`)} would let nobody here join.`,
      ),
      acts: [{ action: { kind: "shutdown-room", room: room.id, purge: true, reason, staysOpen: true } }],
      waitsFor: { kind: "yes", why: say`what is deleted does not come back` },
    };
  },
});

/** As it was typed, with its id and its name where we know them. */
function named(room: ArgumentValues["room"], world: WorldView): Say {
  const known = world.rooms.get(room.id) ? say` (${roomName(room.id, world)})` : "";
  return say`${code(room.text)}${room.text === room.id ? "" : say` ${code(room.id)}`}${known}`;
}

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
