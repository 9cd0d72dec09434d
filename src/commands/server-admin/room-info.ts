/** `rooms info`: what the homeserver knows of a room, whether we are in it or not. */
import { bullets, code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { quoted } from "../../model/quoted.ts";
import type { RoomDetails } from "../../model/room-details.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import { defineCommand, needed, problem, type CommandContext } from "../define.ts";

export const roomsInfo = defineCommand({
  words: ["rooms", "info"],
  role: "moderator",
  needs: "admin",
  readsFirst: ["room"],
  about:
    "Show what my homeserver knows of a room, whether I am in it or not: how it is called, who made it, how many are there, who can join.",
  takes: { room: needed("room", "the room: !id, #alias or a link") },
  examples: ["rooms info #spam:example.org"],
  reply({ room }, _flags, context) {
    const { details } = context.lookedUp;
    if (details === undefined)
      return problem(say`my homeserver did not tell me about ${code(room.text)}; say it again later`);
    if (details === "missing") return problem(say`my homeserver knows no room ${code(room.text)}`);
    return { say: described(room.id, details, context) };
  },
});

function described(id: RoomId, details: RoomDetails, context: CommandContext): Say {
  const { world, rulesInForce, prefix } = context;
  const { members, localMembers, blocked, isSpace, name } = details;
  const ours = roomOfOurs(id, world);
  const isListed = rulesInForce.bansRoom(id);
  const facts = [
    say`${count(members, "member")} in all, ${localMembers.toLocaleString("en")} of my homeserver`,
    ...(details.alias === undefined ? [] : [say`Address ${code(details.alias, 255)}`]),
    ...(details.topic === undefined ? [] : [say`Topic: ${quoted(details.topic, 200)}`]),
    ...(details.creator === undefined ? [] : [say`Made by ${code(details.creator, 255)}`]),
    plain(waysIn(details)),
    plain(kindOf(details)),
    ...(blocked?.is === true
      ? [
          say`Blocked: nobody of my homeserver can join${blocked.by === undefined ? "" : say`, by ${code(blocked.by, 255)}`}`,
        ]
      : []),
    ...(ours === undefined ? [] : [say`It is ${ours}`]),
    ...(isListed
      ? [say`A list that I watch bans it; ${code(`${prefix} rules matching ${id}`)} shows the rule`]
      : []),
  ];
  const called = name === undefined ? "" : say`, called ${quoted(name, 100)}`;
  return lines(say`${isSpace ? "The space" : "The room"} ${code(id)}${called}:`, bullets(facts));
}

function waysIn({ joinRule = "unknown", isListed, isFederated }: RoomDetails): string {
  const rules: Readonly<Record<string, string>> = {
    public: "Anybody can join",
    invite: "By invitation alone",
    knock: "People knock",
    restricted: "For members of other rooms",
    knock_restricted: "For members of other rooms, and people knock",
  };
  const rule = Object.hasOwn(rules, joinRule) ? rules[joinRule]! : `Join rule ${joinRule.slice(0, 50)}`;
  return `${rule}${isListed ? ", on the public list of rooms" : ""}${isFederated ? "" : ", for my homeserver alone"}`;
}

function kindOf({ version = "unknown", isEncrypted, stateEvents }: RoomDetails): string {
  const state = `${stateEvents.toLocaleString("en")} ${stateEvents === 1 ? "state event" : "state events"}`;
  return `Version ${version.slice(0, 50)}, ${isEncrypted ? "encrypted" : "not encrypted"}, ${state}`;
}
