import { beforeEach, describe, expect, test } from "@jest/globals";
import { guard } from "../../../src/decisions/guard/guard.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide } from "../../../src/model/decision.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import {
  alias,
  aWorld,
  desk,
  event,
  listA,
  live,
  lobby,
  me,
  member,
  room,
  see,
  user,
  usualSettings,
} from "../../support/make.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:example.org");
const because = { kind: "command", event: event("$c"), by: mod, text: "" } as const;

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, { kind: "server-powers", powers: { admin: true, suspend: false, lock: false } });
  see(world, live(desk, member(mod, "join")));
});

function verdict(action: Action): string {
  const decision = decide(action, because, { at: 0, replaces: "" });
  const { refused } = guard([decision], {
    world,
    rulesInForce: new RulesInForce(world),
    at: 0,
    prefix: "!tyr",
  });
  return refused[0]?.why.text ?? "allowed";
}
const kinds = ["suspend", "unsuspend", "lock", "unlock"] as const;
const on = (kind: (typeof kinds)[number], who = ann): Action => ({ kind, user: who, reason: "" });
const shutdown = (where: typeof lobby): Action => ({
  kind: "shutdown-room",
  room: where,
  purge: false,
  reason: "",
});

describe("accounts", () => {
  test.each(kinds)("%s of an account of our own is allowed, of another server not", (kind) => {
    expect(verdict(on(kind))).toBe("allowed");
    expect(verdict(on(kind, user("@a:other.example")))).toContain("an account of other.example");
  });

  test("on another port is another server", () => {
    expect(verdict(on("suspend", user("@a:example.org:8448")))).toContain("an account of example.org:8448");
  });

  test.each(["suspend", "lock"] as const)("%s spares Tyr and the moderators", (kind) => {
    expect(verdict(on(kind, me))).toContain("against myself");
    expect(verdict(on(kind, mod))).toContain("never touched");
    expect(verdict(on(kind, user("@Mod:Example.ORG")))).toContain(
      "spelled as the moderator @mod:example.org",
    );
    expect(verdict(on(kind, user(me.toUpperCase())))).toContain("spelled as me");
  });

  test.each(["unsuspend", "unlock"] as const)("%s is for moderators, too", (kind) => {
    expect(verdict(on(kind, mod))).toBe("allowed");
  });

  test.each(kinds)("%s needs the power for it, from wherever it comes", (kind) => {
    see(world, { kind: "server-powers", powers: { admin: false, suspend: false, lock: false } });
    expect(verdict(on(kind))).toContain("I am no administrator of it");
    see(world, { kind: "server-powers", powers: { admin: false, suspend: true, lock: true } });
    expect(verdict(on(kind))).toBe("allowed");
  });

  test("nobody is touched before the moderators are known", () => {
    world = aWorld(usualSettings, { unread: [desk] });
    see(world, { kind: "server-powers", powers: { admin: true, suspend: false, lock: false } });

    expect(verdict(on("suspend"))).toContain("I do not know yet who is in the management room");
    expect(verdict(shutdown(room("!spam:example.org")))).toContain("I do not know yet");
  });
});

describe("rooms", () => {
  test("that are nothing to us may be shut down", () => {
    expect(verdict(shutdown(room("!spam:example.org")))).toBe("allowed");
  });

  test.each([
    [lobby, `a protected room; !tyr rooms remove ${lobby} comes first`],
    [listA, `a list that I watch; !tyr lists unwatch ${listA} comes first`],
    [desk, "the management room"],
  ])("%s may not: it is %s", (where, what) => {
    expect(verdict(shutdown(where))).toBe(`${where} is ${what}`);
  });
});

describe("files", () => {
  const file = (who: typeof ann | undefined): Action => ({
    kind: "quarantine-media",
    media: "mxc://example.org/a" as never,
    user: who,
    reason: "",
  });

  test("of moderators stay, those of others and of unknown people may go", () => {
    expect(verdict(file(mod))).toContain("never touched");
    expect(verdict(file(ann))).toBe("allowed");
    expect(verdict(file(undefined))).toBe("allowed");
  });
});

describe("aliases", () => {
  test.each(["add-alias", "remove-alias"] as const)(
    "%s is for our own server's, whoever we are there",
    (kind) => {
      see(world, { kind: "server-powers", powers: { admin: false, suspend: false, lock: false } });

      expect(verdict({ kind, alias: alias("#a:example.org"), room: lobby })).toBe("allowed");
      expect(verdict({ kind, alias: alias("#a:other.example"), room: lobby })).toContain(
        "belongs to other.example",
      );
    },
  );
});
