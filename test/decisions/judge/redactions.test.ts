import { beforeEach, describe, expect, test } from "@jest/globals";
import { cleanFound, withCleaning } from "../../../src/decisions/judge/redactions.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide } from "../../../src/model/decision.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { World } from "../../../src/model/world/world.ts";
import { aWorld, event, first, hall, live, lobby, member, roomRead, see, user } from "../../support/make.ts";

const ann = user("@ann:example.org");
let world: World;
beforeEach(() => {
  world = aWorld();
});

const decision = (action: Action) => decide(action, { kind: "self", what: "t" }, { at: 0, replaces: "" });
const ban = (room = lobby, redacts = true) =>
  decision({ kind: "ban", room, user: ann, reason: "spam", redacts });
const said = (id: string, room = lobby): Seen => ({
  kind: "message",
  room,
  late: false,
  event: { type: "m.room.message", sender: ann, eventId: event(id), content: {}, sentAt: 0 },
});
const cleaned = (bans: readonly ReturnType<typeof ban>[], limit = 100) =>
  withCleaning(bans, { world, limit, at: 0 })
    .slice(bans.length)
    .map(({ action }) => {
      if (action.kind === "redact") return `redact ${action.event}`;
      return action.kind === "redact-by-server"
        ? `server ${action.rooms.join(" ")}`
        : `${action.kind} ${"room" in action ? action.room : ""}`;
    });

test("a ban that does not say so removes nothing", () => {
  see(world, said("$1"));

  expect(cleaned([ban(lobby, false)])).toEqual([]);
});

test("what was seen goes at once, newest first, and the rest is searched for", () => {
  see(world, roomRead(lobby, [member(ann, "join")]), said("$1"), said("$2"), said("$elsewhere", hall));

  expect(cleaned([ban()])).toEqual(["redact $2", "redact $1", `search-history ${lobby}`]);
});

test("of somebody seen joining nothing has to be searched", () => {
  see(world, first(live(lobby, member(ann, "join", { id: "$join" }))), said("$1"));

  expect(cleaned([ban()])).toEqual(["redact $1", "redact $join"]);
});

test("at most as many as the limit go in one room", () => {
  see(world, first(live(lobby, member(ann, "join"))), said("$1"), said("$2"), said("$3"));

  expect(cleaned([ban()], 2)).toEqual(["redact $3", "redact $2"]);
});

test("a server admin asks the server, once for all rooms", () => {
  see(world, { kind: "server-powers", powers: { admin: true, suspend: false, lock: false } });

  expect(cleaned([ban(lobby), ban(hall)])).toEqual([`server ${lobby} ${hall}`]);
});

describe("what a search found", () => {
  const search = decision({ kind: "search-history", room: lobby, user: ann, limit: 5, reason: "spam" });

  test("is redacted for the reason of the search", () => {
    expect(cleanFound(search, [event("$1"), event("$2")]).map((one) => one.action)).toEqual([
      { kind: "redact", room: lobby, event: "$1", user: ann, reason: "spam" },
      { kind: "redact", room: lobby, event: "$2", user: ann, reason: "spam" },
    ]);
  });

  test("is nothing where the decision was no search", () => {
    expect(cleanFound(ban(), [event("$1")])).toEqual([]);
  });
});
