import { beforeEach, describe, expect, test } from "@jest/globals";
import { changeSettings } from "../../src/model/settings/change.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import type { RoomSummary, Row } from "../../src/model/world/changes.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { hall, listA, lobby, state, user, usualSettings } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

let snapshot: Snapshot;
beforeEach(() => {
  snapshot = new Snapshot(openDatabase(":memory:"));
});

const ann = user("@ann:example.org");
const record = { membership: "ban", stamp: 0x7fffffff, isOurs: true, forList: listA, since: 3 } as const;
const member = (room = lobby): Row => ({ kind: "member", room, user: ann, record });
const name = {
  kind: "state",
  room: lobby,
  type: "m.room.name",
  stateKey: "",
  event: state("m.room.name", { name: "Löbby 😀 'quoted'" }),
} as const;
const read = () => [...snapshot.read()];

test("nothing was written yet", () => {
  expect(read()).toEqual([]);
  expect(snapshot.kept("token")).toBeUndefined();
  expect(snapshot.user).toBeUndefined();
});

test("what is written comes back as it was, settings first", () => {
  const settings = changeSettings(
    usualSettings,
    {
      kind: "exempt",
      exemption: { entity: "@bridge:*", reason: "ours", by: "@mod:x", at: 5 },
    },
    usualLimits,
  );
  const summary: RoomSummary = {
    ownMembership: "join",
    trouble: "odd",
    wasRemoved: false,
    aclByHand: ["evil.example"],
    membersKnown: true,
  };
  const rows: readonly Row[] = [
    member(),
    name,
    { kind: "room", room: lobby, summary },
    { kind: "settings", settings },
  ];
  snapshot.write(rows);

  expect(read()).toEqual([rows[3], rows[2], rows[1], rows[0]]);
});

test("a later row takes the place of an earlier one, and an empty one deletes it", () => {
  snapshot.write([member(), name]);
  snapshot.write([
    { ...member(), record: { ...record, forList: undefined } } as Row,
    { ...name, event: undefined },
  ]);

  expect(read()).toEqual([{ ...member(), record: { ...record, forList: undefined } }]);

  snapshot.write([{ ...member(), record: undefined } as Row]);
  expect(read()).toEqual([]);
});

test("a forgotten room loses its members and nothing else", () => {
  snapshot.write([member(lobby), member(hall), name, { kind: "room-forgotten", room: lobby }]);

  expect(read()).toEqual([name, member(hall)]);
});

describe("single values", () => {
  test("are kept under their names, the newest only", () => {
    snapshot.keep("token", "s1");
    snapshot.keep("token", "s2");
    snapshot.keep("user", "@tyr:example.org");

    expect(snapshot.kept("token")).toBe("s2");
    expect(snapshot.user).toBe("@tyr:example.org");
  });

  test("settings without anything in them are the empty ones", () => {
    snapshot.write([{ kind: "settings", settings: noSettings }]);

    expect(read()).toEqual([{ kind: "settings", settings: noSettings }]);
  });
});
