import { beforeEach, describe, expect, test } from "@jest/globals";
import { isKeptState, Room, watchedStateTypes } from "../../src/model/room.ts";
import { lobby, state, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

let subject: Room;
beforeEach(() => {
  subject = new Room(lobby, usualLimits.statePerRoom);
});

test("a room is known once we are in it and have seen its create event", () => {
  expect(subject.isKnown).toBe(false);

  subject.ownMembership = "join";
  expect(subject.isKnown).toBe(false);

  subject.keep(state("m.room.create", {}));
  expect(subject.isKnown).toBe(true);

  subject.ownMembership = "ban";
  expect(subject.isKnown).toBe(false);
});

test("the same event is news only once", () => {
  const name = state("m.room.name", { name: "Lobby" });

  expect(subject.keep(name)).toBe(true);
  expect(subject.keep(name)).toBe(false);
  expect(subject.keep(state("m.room.name", { name: "Lobby" }))).toBe(true);
});

test("new power levels take the place of the old", () => {
  subject.keep(state("m.room.create", { room_version: "11" }));
  subject.keep(state("m.room.power_levels", { users: { "@a:x": 50 } }));
  expect(subject.power.of(user("@a:x"))).toBe(50);

  subject.keep(state("m.room.power_levels", { users: { "@a:x": 0 } }));

  expect(subject.power.of(user("@a:x"))).toBe(0);
});

test("a redacted ACL stays in force without content", () => {
  subject.keep(state("m.room.server_acl", { allow: ["*"] }, { id: "$acl" }));

  expect(subject.strip("$acl")?.content).toEqual({});
  expect(subject.event("m.room.server_acl")?.content).toEqual({});
  expect(subject.strip("$message")).toBeUndefined();
});

test("a redacted event whose type is the name of something in every object loses its content", () => {
  subject.keep(state("constructor", { a: 1 }, { id: "$odd" }));

  expect(() => subject.strip("$odd")).not.toThrow();
});

describe("its label", () => {
  test("is the name, then the alias, then the id", () => {
    expect(subject.label).toBe(lobby);

    subject.keep(state("m.room.canonical_alias", { alias: "#lobby:example.org" }));
    expect(subject.label).toBe("#lobby:example.org");

    subject.keep(state("m.room.name", { name: "  The lobby " }));
    expect(subject.label).toBe("The lobby");
  });

  test("is not an empty, odd or endless name", () => {
    subject.keep(state("m.room.name", { name: "   " }));
    expect(subject.label).toBe(lobby);

    subject.keep(state("m.room.name", { name: { deep: true } }));
    expect(subject.label).toBe(lobby);

    subject.keep(state("m.room.name", { name: "x".repeat(60_000) }));
    expect(subject.label).toHaveLength(100);
  });
});

test("children of a space are those with servers to join through", () => {
  const child = (id: string, content: Record<string, unknown>) =>
    state("m.space.child", content, { stateKey: id });
  subject.keep(child("!in:x", { via: ["x", 5, "y"] }));
  subject.keep(child("!out:x", { via: [] }));
  subject.keep(child("!removed:x", {}));
  subject.keep(child("not a room", { via: ["x"] }));
  subject.keep(child("!odd:x", { via: "x" }));
  subject.keep(child("!many:x", { via: Array.from({ length: 50 }, (_, i) => `s${i}`) }));

  const children = subject.children();

  expect([...children.keys()]).toEqual(["!in:x", "!many:x"]);
  expect(children.get("!in:x" as never)).toEqual(["x", "y"]);
  expect(children.get("!many:x" as never)).toHaveLength(10);
});

test("an upgrade names the successor and the predecessor, if they are rooms", () => {
  expect(subject.tombstone).toBeUndefined();
  expect(subject.predecessor).toBeUndefined();

  subject.keep(state("m.room.tombstone", { replacement_room: "!new:x" }, { sender: "@mod:x" }));
  subject.keep(state("m.room.create", { predecessor: { room_id: "!old:x" } }));
  expect(subject.tombstone).toEqual({ replacement: "!new:x", by: "@mod:x" });
  expect(subject.predecessor).toBe("!old:x");

  subject.keep(state("m.room.tombstone", { replacement_room: 5 }));
  subject.keep(state("m.room.create", { predecessor: "!old:x" }));
  expect(subject.tombstone).toBeUndefined();
  expect(subject.predecessor).toBeUndefined();
});

test("what is kept is also asked for, members and rules included", () => {
  const asked = watchedStateTypes(["m.policy.rule.user"]);

  expect(asked).toEqual(expect.arrayContaining(["m.room.member", "m.room.server_acl", "m.policy.rule.user"]));
  expect(isKeptState("m.room.power_levels")).toBe(true);
  expect(isKeptState("m.room.topic")).toBe(false);
  expect(isKeptState("m.room.member")).toBe(false);
});
