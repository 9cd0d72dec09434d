/** `resolve`, `alias` and `directory`: reads and changes room aliases and the public list of rooms. */
import { bullets, code, lines, plain, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { quoted } from "../../model/quoted.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import { defineCommand, needed, problem, type ArgumentValues } from "../define.ts";
import { roomName } from "../shared/room-names.ts";

export const resolve = defineCommand({
  words: ["resolve"],
  role: "viewer",
  about: "Tell the room id behind an alias, which servers help to join it, and what the room is to me.",
  takes: { alias: needed("alias", "#name:server, or a link") },
  examples: ["resolve #lobby:example.org"],
  reply({ alias: { alias, leadsTo } }, _flags, { world }) {
    if (!leadsTo || !("room" in leadsTo)) return problem(nowhere({ alias, leadsTo }));
    const { room, via } = leadsTo;
    return {
      say: lines(
        say`${code(alias)} is ${code(room)}${world.rooms.has(room) ? say`, ${roomName(room, world)}` : ""}.`,
        bullets([
          via.length > 0
            ? say`Servers that help to join: ${plain(via.join(", "))}.`
            : say`No server is named.`,
          say`It is ${standingOf(room, world)}.`,
        ]),
      ),
    };
  },
});

function standingOf(room: RoomId, world: WorldView): Say {
  const ours = roomOfOurs(room, world) ?? "not a protected room";
  const isHere = world.rooms.get(room)?.ownMembership === "join";
  return say`${ours}${isHere ? say`, and I am in it` : say`, and I am not in it`}`;
}

function nowhere({ alias, leadsTo }: ArgumentValues["alias"]): Say {
  const why = leadsTo && "problem" in leadsTo ? say`: ${quoted(leadsTo.problem)}` : "";
  return say`${code(alias)} leads nowhere${why}`;
}

const aliasNeeded = needed("alias", "#name:server, on my own homeserver");
const roomNeeded = needed("room", "the room: !id, #alias or a link");

export const aliasAdd = defineCommand({
  words: ["alias", "add"],
  role: "admin",
  about:
    "Make an alias that leads to a room. Which alias the room shows as its own (the canonical one) stays as it is.",
  takes: { alias: aliasNeeded, room: roomNeeded },
  examples: ["alias add #welcome:example.org !abcdef:example.org"],
  reply({ alias: { alias, leadsTo }, room }, _flags, { prefix }) {
    if (leadsTo && "room" in leadsTo) {
      if (leadsTo.room === room.id) return { say: say`${code(alias)} leads to ${code(room.text)} already` };
      return problem(
        say`${code(alias)} leads to ${code(leadsTo.room)}; ${code(`${prefix} alias move ${alias} ${room.text}`)} would give it to ${code(room.text)}`,
      );
    }
    return {
      say: say`Alias ${code(alias)} for ${code(room.text)}`,
      acts: [{ action: { kind: "add-alias", alias, room: room.id } }],
    };
  },
});

export const aliasRemove = defineCommand({
  words: ["alias", "remove"],
  role: "admin",
  about:
    "Remove an alias. I can remove those that I made, and those of rooms in which I may set the canonical alias.",
  takes: { alias: aliasNeeded },
  examples: ["alias remove #welcome:example.org"],
  reply({ alias: { alias, leadsTo } }) {
    if (!leadsTo || !("room" in leadsTo)) return problem(nowhere({ alias, leadsTo }));
    return {
      say: say`Removal of the alias ${code(alias)} of ${code(leadsTo.room)}`,
      acts: [{ action: { kind: "remove-alias", alias, room: leadsTo.room } }],
    };
  },
});

export const aliasMove = defineCommand({
  words: ["alias", "move"],
  role: "admin",
  about: "Give an alias to another room. The room is looked up before anything is removed.",
  takes: { alias: aliasNeeded, room: roomNeeded },
  examples: ["alias move #lobby:example.org !new:example.org"],
  reply({ alias: { alias, leadsTo }, room }) {
    if (!leadsTo || !("room" in leadsTo)) return problem(nowhere({ alias, leadsTo }));
    if (leadsTo.room === room.id) return { say: say`${code(alias)} leads to ${code(room.text)} already` };
    return {
      say: say`Move of the alias ${code(alias)} from ${code(leadsTo.room)} to ${code(room.text)}`,
      acts: [
        { action: { kind: "remove-alias", alias, room: leadsTo.room } },
        { action: { kind: "add-alias", alias, room: room.id } },
      ],
    };
  },
});

export const directoryAdd = defineCommand({
  words: ["directory", "add"],
  role: "admin",
  about: "Put a room on my homeserver's public list of rooms. Who may join it stays as it is.",
  takes: { room: roomNeeded },
  examples: ["directory add #lobby:example.org"],
  reply({ room }) {
    return {
      say: say`Entry of ${code(room.text)} on the public list of rooms`,
      acts: [{ action: { kind: "list-publicly", room: room.id } }],
    };
  },
});

export const directoryRemove = defineCommand({
  words: ["directory", "remove"],
  role: "admin",
  about: "Take a room off my homeserver's public list of rooms. Who may join it stays as it is.",
  takes: { room: roomNeeded },
  examples: ["directory remove #lobby:example.org"],
  reply({ room }) {
    return {
      say: say`Removal of ${code(room.text)} from the public list of rooms`,
      acts: [{ action: { kind: "unlist-publicly", room: room.id } }],
    };
  },
});
