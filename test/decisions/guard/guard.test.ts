import { beforeEach, describe, expect, test } from "@jest/globals";
import { guard } from "../../../src/decisions/guard/guard.ts";
import type { Action, ActionKind } from "../../../src/model/actions/action.ts";
import { powerNeededFor, traitsOf } from "../../../src/model/actions/traits.ts";
import { decide, type Cause } from "../../../src/model/decision.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  leaving,
  listA,
  live,
  lobby,
  me,
  member,
  room,
  ruleEvent,
  see,
  state,
  user,
  usualSettings,
} from "../../support/make.ts";
import { everyKind, oneOfEach } from "../../support/one-of-each.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:example.net");
const byCommand: Cause = { kind: "command", event: event("$c"), by: mod, text: "ban" };

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(desk, member(mod, "join")), live(lobby, member(ann, "join")));
});

/** The sentence of the refusal, or "allowed". */
function verdict(action: Action): string {
  const decision = decide(action, byCommand, { at: 0, replaces: "" });
  const { allowed, refused } = guard([decision], {
    world,
    rulesInForce: new RulesInForce(world),
    at: 0,
    prefix: "!tyr",
  });
  expect(allowed.length + refused.length).toBe(1);
  return refused[0]?.why.text ?? "allowed";
}
const against = (who: typeof ann, where = lobby): readonly Action[] => [
  { kind: "ban", room: where, user: who, reason: "", redacts: false },
  { kind: "kick", room: where, user: who, reason: "" },
  { kind: "search-history", room: where, user: who, limit: 5, reason: "" },
];
const [ban, kick] = against(ann) as [Action, Action, Action];
const unban: Action = { kind: "unban", room: lobby, user: ann, reason: "" };
const redact = (id: string, who: typeof ann | undefined = ann, where = lobby): Action => ({
  kind: "redact",
  room: where,
  event: event(id),
  user: who,
  reason: "",
});
const acl = (
  more: Partial<{ allow: string[]; deny: string[]; allow_ip_literals: boolean }> = {},
): Action => ({
  kind: "set-server-acl",
  room: lobby,
  content: { allow: ["*"], deny: ["evil.example"], allow_ip_literals: false, ...more },
  before: undefined,
});
const write = (entity: string, recommendation = "m.ban"): Action => ({
  kind: "write-policy",
  list: listA,
  eventType: "m.policy.rule.user",
  stateKey: "k",
  content: { entity, recommendation },
});
const levels = (content: Record<string, unknown>, where = lobby) =>
  see(world, live(where, state("m.room.power_levels", content)));

test("what harms nobody is allowed", () => {
  for (const action of [...against(ann), unban, redact("$message"), acl(), write(ann)])
    expect(verdict(action)).toBe("allowed");
});

describe("never touched", () => {
  test("is Tyr itself", () => {
    for (const action of against(me)) expect(verdict(action)).toBe("I do not act against myself");
  });

  test("is a moderator, in whatever room", () => {
    for (const action of [...against(mod), ...against(mod, hall), redact("$message", mod)])
      expect(verdict(action)).toBe(
        "@mod:example.org is in the management room, and moderators are never touched",
      );
  });

  test("is who is exempt", () => {
    const exemption = { entity: "*.net", reason: "", by: mod, at: 0 };
    see(world, { kind: "settings-changed", change: { kind: "exempt", exemption } });

    for (const action of against(ann))
      expect(verdict(action)).toBe("@ann:example.net is exempt (*.net); !tyr exempt remove *.net ends that");
    expect(verdict(unban)).toBe("allowed");
  });

  test("is anybody, while we do not know who the moderators are", () => {
    world = aWorld(usualSettings, { unread: [desk] });

    for (const action of [...against(ann), redact("$message"), acl()])
      expect(verdict(action)).toContain("I do not know yet who is in the management room");
    expect(verdict(unban)).toBe("allowed");
  });
});

describe("a rule", () => {
  test.each([
    ["@tyr:example.org", "would hit me"],
    ["@*:example.org", "would hit me"],
    ["@mod:example.org", "would hit the moderator @mod:example.org"],
    ["@MOD:*", "would hit the moderator @mod:example.org"],
    ["*", "would hit me"],
  ])("against %s is refused: it %s", (entity, words) => {
    expect(verdict(write(entity))).toBe(`a rule for ${entity} ${words}`);
  });

  test("that allows us, or is taken back, is no harm", () => {
    expect(verdict(write("@tyr:example.org", "m.allow"))).toBe("allowed");
    expect(
      verdict({
        kind: "remove-policy",
        list: listA,
        eventType: "m.policy.rule.user",
        stateKey: "k",
        before: {},
      }),
    ).toBe("allowed");
  });

  test("needs the level to write it, and a list that we are in", () => {
    levels({ users: { [me]: 10 } }, listA);
    expect(verdict(write(ann))).toBe(`to write rules in ${listA} I need level 50 and have 10`);

    see(world, leaving(listA));
    expect(verdict(write(ann))).toBe(`I am not in ${listA}`);
  });
});

describe("redacting", () => {
  test("what a room stands on is refused", () => {
    see(world, live(lobby, state("m.room.server_acl", { allow: ["*"] }, { id: "$acl" })));

    expect(verdict(redact("$acl"))).toContain("m.room.server_acl event; redacting it would break the room");
    expect(verdict(redact("$create-lobby:example.org"))).toContain("m.room.create");
    expect(verdict(redact("$power-lobby:example.org"))).toContain("m.room.power_levels");
  });

  test("a rule is refused, with the command that takes it back", () => {
    see(world, live(listA, ruleEvent("@x:y", { id: "$rule" })));

    expect(verdict(redact("$rule", undefined, listA))).toContain("take it back with !tyr unban");
  });

  test("needs both levels", () => {
    levels({ users: { [me]: 60 }, redact: 50, events: { "m.room.redaction": 70 } });

    expect(verdict(redact("$message"))).toBe(`to redact in ${lobby} I need level 70 and have 60`);
  });
});

describe("a server ACL", () => {
  test.each([
    [{ allow: [] }, "a server ACL that allows nobody would close the room for ever"],
    [{ deny: ["EXAMPLE.org"] }, "this server ACL would deny our own server"],
    [{ deny: ["*.org"] }, "this server ACL would deny our own server"],
    [{ allow: ["*.net"] }, "this server ACL would deny our own server"],
  ])("with %p is refused", (content, why) => {
    expect(verdict(acl(content))).toBe(why);
  });

  test("needs its own level", () => {
    levels({ users: { [me]: 60 }, events: { "m.room.server_acl": 100 } });

    expect(verdict(acl())).toBe(`to set the server ACL in ${lobby} I need level 100 and have 60`);
  });
});

describe("power", () => {
  test("lacking is told with what is needed", () => {
    levels({ users: { [me]: 40 } });

    expect(verdict(ban)).toBe(`to ban in ${lobby} I need level 50 and have 40`);
    expect(verdict(kick)).toBe(`to kick in ${lobby} I need level 50 and have 40`);
    expect(verdict(unban)).toBe(`to unban in ${lobby} I need level 50 and have 40`);
  });

  test("equal to ours is told as such", () => {
    levels({ users: { [me]: 50, [ann]: 50 } });

    expect(verdict(ban)).toBe(`${ann} has level 50 in ${lobby}, as high as mine (50) or higher`);
  });

  test("of a creator is above everybody's", () => {
    see(
      world,
      live(
        lobby,
        state("m.room.create", { room_version: "12", additional_creators: [ann] }, { sender: mod }),
      ),
    );

    expect(verdict(ban)).toBe(`${ann} is a creator of ${lobby}; nobody can act against a creator`);
  });

  test("does not matter in a room that we are not in", () => {
    expect(verdict({ ...ban, room: room("!elsewhere:x") } as Action)).toBe("I am not in !elsewhere:x");

    see(world, { kind: "own-membership", room: lobby, membership: "ban", by: ann, reason: "ha" });
    expect(verdict(ban)).toContain(`I am not in ${lobby}: we were banned by ${ann} (ha)`);
  });
});

test("the same refusal has the same key, another one another", () => {
  const decisions = [...against(mod), ...against(me), ban].map((action) =>
    decide(action, byCommand, { at: 0, replaces: "" }),
  );
  const { allowed, refused } = guard(decisions, {
    world,
    rulesInForce: new RulesInForce(world),
    at: 0,
    prefix: "!tyr",
  });

  expect(allowed).toHaveLength(1);
  expect(new Set(refused.map((one) => one.key))).toEqual(new Set(["moderator @mod:example.org", "self"]));
});

test("the management room gets no policy server, whoever asks for it", () => {
  const action = { ...oneOfEach["set-policy-server"], room: desk };

  expect(verdict(action)).toContain("the management room gets no policy server");
});

describe("whatever kind of act it is", () => {
  const someone = user("@ann:example.org");
  const kindsThat = (holds: (kind: ActionKind) => boolean) => everyKind.filter(holds);

  test("that harms a person spares the moderators", () => {
    see(world, { kind: "server-powers", powers: { admin: true, suspend: true, lock: true } });
    see(world, live(desk, member(someone, "join")));

    const harming = kindsThat((kind) => traitsOf(oneOfEach[kind]).harm.whom === "person");

    expect(harming).toHaveLength(13);
    expect(harming.filter((kind) => !verdict(oneOfEach[kind]).includes("never touched"))).toEqual([]);
  });

  test("that needs power in a room is refused without it", () => {
    for (const id of [lobby, listA]) levels({ users: {}, events_default: 1, invite: 1 }, id);

    const needing = kindsThat((kind) => !["nothing", "server"].includes(powerNeededFor(oneOfEach[kind]).of));

    expect(needing).toHaveLength(22);
    expect(needing.filter((kind) => !/I need level/.test(verdict(oneOfEach[kind])))).toEqual([]);
  });

  test("that needs the homeserver's administrator is refused to anybody else", () => {
    const needing = kindsThat((kind) => powerNeededFor(oneOfEach[kind]).of === "server");

    expect(needing).toHaveLength(14);
    expect(
      needing.filter((kind) => !verdict(oneOfEach[kind]).includes("I am no administrator of it")),
    ).toEqual([]);
  });

  test("that harms anybody waits until the moderators are known", () => {
    world = aWorld({ ...usualSettings, managementRoom: undefined });

    const harming = kindsThat((kind) => traitsOf(oneOfEach[kind]).harm.whom !== "nobody");

    expect(harming).toHaveLength(20);
    expect(
      harming.filter((kind) => !verdict(oneOfEach[kind]).includes("I do not know yet who is in")),
    ).toEqual([]);
  });
});
