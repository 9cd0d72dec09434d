import { describe, expect, test } from "@jest/globals";
import { calmAfter } from "../../../src/management-room/waves/calm.ts";
import type { Contained } from "../../../src/model/containments.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { Wave } from "../../../src/model/waves.ts";
import { aWorld, desk, live, lobby, member, see, user } from "../../support/make.ts";

const minute = 60_000;
const mod = user("@mod:example.org");
const wave: Wave = {
  id: "wave",
  stage: "harmful",
  firstAt: 0,
  lastAt: 0,
  reachedAt: {},
  accounts: 5,
  spoke: 5,
  shares: [],
};
const question = {
  id: 1,
  about: { kind: "wave", wave: "wave", accounts: 5, ifFine: "waves fine", ifNot: "waves clean" },
  say: { text: "", html: "" },
  askedAt: 0,
  expiresAt: 60 * minute,
  message: undefined,
  told: 1,
  answer: undefined,
} as const;
const closedDoor: Contained = {
  room: lobby,
  key: "join-rule",
  because: { kind: "self", what: "test" },
  at: 0,
  stayMs: 0,
  changes: [{ path: [], ours: { join_rule: "knock" } }],
  waves: [],
};

/** What is said half an hour after the wave. */
function told(...seen: readonly Seen[]) {
  const world = aWorld();
  see(world, live(desk, member(mod, "join")), { kind: "wave", wave, members: [], left: [] });
  see(world, { kind: "asked", question }, ...seen);
  return calmAfter(wave, { world, at: 30 * minute, isCleaned: true })?.text;
}

describe("that it is calm again", () => {
  test("is said when every room is open", () => {
    expect(told()).toMatch(/^It is calm again: .*every room is open/);
  });

  test("is not said while a door is closed for a while", () => {
    expect(told({ kind: "contained", contained: closedDoor })).toBeUndefined();
  });

  test("is said although people have to knock at a room for good", () => {
    const gate = { kind: "knock-gate", room: lobby, gate: { by: mod, at: 0 } } as const;

    expect(
      told({ kind: "contained", contained: closedDoor }, { kind: "settings-changed", change: gate }),
    ).toMatch(/^It is calm again/);
  });
});
