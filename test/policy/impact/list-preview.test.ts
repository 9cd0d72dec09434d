import { beforeEach, describe, expect, test } from "@jest/globals";
import type { StateEvent } from "../../../src/model/event.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { previewOf, type ListPreview } from "../../../src/policy/impact/list-preview.ts";
import { usualGuard } from "../../support/limits.ts";
import {
  aWorld,
  desk,
  hall,
  joining,
  listA,
  live,
  lobby,
  me,
  member,
  room,
  roomRead,
  ruleEvent,
  see,
  state,
  user,
} from "../../support/make.ts";

const foreign = room("!foreign:far.org");
const mod = "@mod:example.org";
const acl = { keepManualEntries: true, maxBytes: 60_000, sparedServers: [] };

let world: World;
beforeEach(() => {
  world = aWorld();
  const people = ["@a:evil.org", "@b:evil.org", "@c:good.org", me];
  see(
    world,
    roomRead(
      lobby,
      people.map((who) => member(who, "join")),
    ),
    roomRead(hall, [member("@a:evil.org", "join"), member(me, "join")]),
    roomRead(desk, [member(mod, "join"), member(me, "join")]),
    joining(foreign),
  );
});

function preview(...rules: readonly StateEvent[]): ListPreview {
  see(world, {
    kind: "room-read",
    room: foreign,
    state: [...(roomRead(foreign) as never)["state"], ...rules],
  });
  const rulesInForce = new RulesInForce(world);
  return previewOf(world.lists.get(foreign)!, {
    world,
    rulesInForce,
    acl,
    limits: usualGuard,
    at: world.now,
  });
}
const server = (entity: string, more: object = {}) =>
  ruleEvent(entity, { type: "m.policy.rule.server", ...more });

test("counts the rules by kind, and those that are not applied", () => {
  const seen = preview(
    ruleEvent("@x:y"),
    ruleEvent("@spam*:y"),
    server("bad.org"),
    ruleEvent("!r:y", { type: "m.policy.rule.room" }),
    ruleEvent("@ok:y", { recommendation: "m.allow" }),
    ruleEvent("@odd:y", { recommendation: "org.example.wave" }),
    state("m.policy.rule.user", { recommendation: "m.ban", hashes: { sha256: "abc" } }, { stateKey: "h" }),
  );

  expect(seen).toMatchObject({
    counts: { user: 5, server: 1, room: 1 },
    allows: 1,
    others: 1,
    hashed: 1,
    globs: 1,
    shared: 0,
  });
  expect(seen.people.size).toBe(0);
});

test("counts what watched lists have as well, literally or hashed, and not what only looks alike", () => {
  const hashed = state(
    "m.policy.rule.user",
    { recommendation: "m.ban", hashes: { sha256: "abc" } },
    { stateKey: "h" },
  );
  see(world, live(listA, ruleEvent("@x:y")), live(listA, ruleEvent("@w*:y")), live(listA, hashed));

  expect(
    preview(ruleEvent("@x:y"), ruleEvent("@was:y"), hashed, ruleEvent("@X:y", { recommendation: "m.allow" }))
      .shared,
  ).toBe(2);
});

describe("hits", () => {
  test("people where they are, with the rules behind it", () => {
    const rule = ruleEvent("@a:evil.org");

    const seen = preview(rule, ruleEvent("@nobody:y"));

    expect([...seen.people]).toEqual(["@a:evil.org"]);
    expect(seen.hitting).toEqual([rule.eventId]);
    expect(seen.impact.describe()?.text).toContain("(1 of 4)");
    expect(seen.impact.describe()?.text).toContain("(1 of 2)");
  });

  test("everybody of a server that it would deny", () => {
    const seen = preview(server("evil.org"));

    expect([...seen.people].toSorted()).toEqual(["@a:evil.org", "@b:evil.org"]);
    expect([...seen.servers]).toEqual(["evil.org"]);
  });

  test("nobody by a rule for our own server, or for one that its own allow rule spares", () => {
    expect(preview(server("example.org")).servers.size).toBe(0);
    expect(
      preview(server("good.org"), server("good.org", { recommendation: "m.allow", stateKey: "ok" })).servers
        .size,
    ).toBe(0);
  });

  test("nobody whom a list before it allows", () => {
    see(world, live(listA, ruleEvent("@a:evil.org", { recommendation: "m.allow" })));

    expect(preview(ruleEvent("@a:evil.org")).people.size).toBe(0);
  });
});

test("tells which rules mean moderators or exempt people, who are not hit", () => {
  const exemption = { entity: "@a:evil.org", reason: "", by: mod, at: 0 };
  see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });

  const seen = preview(ruleEvent(mod), ruleEvent("@a:evil.org"));

  expect(seen.againstUs.map(({ user: who }) => who)).toEqual([user(mod)]);
  expect(seen.againstExempt.map(({ user: who }) => who)).toEqual(["@a:evil.org"]);
  expect(seen.people.size).toBe(0);
});

test("tells who may write in it, or that everybody may", () => {
  expect(preview(ruleEvent("@x:y")).writers).toEqual({ named: [me, user(mod)], everybody: false });

  const open = state("m.room.power_levels", { users: { [mod]: 100 }, state_default: 0 });
  expect(preview(ruleEvent("@x:y"), open).writers.everybody).toBe(true);
});

test("looks at nothing but the world, and changes none of it", () => {
  see(world, live(listA, ruleEvent("@x:y")));
  const before = new RulesInForce(world).index.size;

  preview(ruleEvent("@a:evil.org"));

  expect(new RulesInForce(world).index.size).toBe(before);
  expect(world.isWatched(foreign)).toBe(false);
});
