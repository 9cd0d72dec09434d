import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/kit/json.ts";
import { canKnock, doorToClose, isOpenDoor, knockDoor } from "../../src/policy/join-rule.ts";
import { aWorld, live, lobby, me, state } from "../support/make.ts";

const dayMs = 24 * 60 * 60_000;
const now = 1_800_000_000_000;
const allow = [{ type: "m.room_membership", room_id: "!space:example.org" }];

const aRoom = (content: JsonObject | undefined, version = "11") => {
  const world = aWorld();
  const believe = (one: Parameters<typeof world.apply>[0]) => world.apply(one);
  const events = [
    state("m.room.create", { room_version: version, creator: me }, { sender: me }),
    state("m.room.power_levels", { users: { [me]: 100 } }),
    ...(content ? [state("m.room.join_rules", content)] : []),
  ];
  for (const one of events) believe({ ...live(lobby, one), at: now, dueBy: now });
  return { world, room: world.rooms.get(lobby)! };
};
const ours = (change: unknown) => (typeof change === "string" ? change : (change as { ours: unknown }).ours);

describe("closed for a while", () => {
  test.each([
    [{ join_rule: "public" }, "11", { join_rule: "knock" }],
    [{ join_rule: "public" }, "7", { join_rule: "knock" }],
    [{ join_rule: "public" }, "6", { join_rule: "invite" }],
    [{ join_rule: "public" }, "org.example.odd", { join_rule: "invite" }],
    [{ join_rule: "restricted", allow }, "9", { join_rule: "knock", allow }],
    [{ join_rule: "knock_restricted", allow }, "11", { join_rule: "knock", allow }],
    [{ join_rule: "knock" }, "11", "closed"],
    [{ join_rule: "invite" }, "11", "closed"],
    [{}, "11", "closed"],
    [undefined, "11", "closed"],
  ])("%j in version %s becomes %j", (content, version, expected) => {
    const { world, room } = aRoom(content, version);

    expect(ours(doorToClose(room, { world, at: now }))).toEqual(expected);
  });

  test("once a day: not again where it was opened less than a day ago, nor while it stands", () => {
    const { world, room } = aRoom({ join_rule: "public" });
    const contained = {
      room: lobby,
      key: "join-rule",
      because: { kind: "self", what: "test" },
      at: now,
      stayMs: 0,
      changes: [],
      waves: [],
    } as const;
    const close = (at: number) => ours(doorToClose(room, { world, at }));
    world.apply({ kind: "contained", contained, at: now, dueBy: now });
    const standing = close(now);
    world.apply({ kind: "contained", contained: { ...contained, endedAt: now }, at: now, dueBy: now });

    expect([standing, close(now + dayMs - 1), close(now + dayMs)]).toEqual([
      "closed",
      "closed today",
      { join_rule: "knock" },
    ]);
  });

  test("not where the level is missing", () => {
    const { world, room } = aRoom({ join_rule: "public" });
    const levels = state("m.room.power_levels", { users: { [me]: 40 } });
    world.apply({ ...live(lobby, levels), at: now, dueBy: now });

    expect(doorToClose(room, { world, at: now })).toBe("no right");
  });
});

describe("for good", () => {
  test.each([
    [{ join_rule: "public" }, "11", { join_rule: "knock" }],
    [{ join_rule: "invite" }, "7", { join_rule: "knock" }],
    [{ join_rule: "public" }, "6", "impossible"],
    [{ join_rule: "restricted", allow }, "10", { join_rule: "knock_restricted", allow }],
    [{ join_rule: "restricted", allow }, "9", "impossible"],
    [{ join_rule: "knock" }, "11", "already"],
    [{ join_rule: "knock_restricted", allow }, "11", "already"],
  ])("%j in version %s becomes %j", (content, version, expected) => {
    expect(ours(knockDoor(aRoom(content, version).room))).toEqual(expected);
  });
});

test("who can come in, and who can ask", () => {
  const rules = ["public", "restricted", "knock_restricted", "knock", "invite", "private", 7];
  const rooms = rules.map((rule) => aRoom({ join_rule: rule }).room);

  expect(rooms.map(isOpenDoor)).toEqual([true, true, true, false, false, false, false]);
  expect(rooms.map(canKnock)).toEqual([false, false, true, true, false, false, false]);
});
