// What is judged because of which change, and what is not.
import { beforeEach, describe, expect, test } from "@jest/globals";
import { AclDebounce } from "../../../src/decisions/judge/acl-debounce.ts";
import { GapHealing } from "../../../src/decisions/judge/gap-healing.ts";
import { judge, type Judging, type Judgement } from "../../../src/decisions/judge/judge.ts";
import { Watchdog } from "../../../src/decisions/judge/watchdog.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../../src/model/decision.ts";
import type { Observation, Seen } from "../../../src/model/observation.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RedactReasons } from "../../../src/policy/redact-reasons.ts";
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
  roomRead,
  ruleEvent,
  see,
  server,
  state,
  user,
  usualSettings,
} from "../../support/make.ts";

const [ann, bob, mod] = [user("@ann:a.test"), user("@bob:b.test"), user("@mod:example.org")];
const because: Cause = { kind: "command", event: event("$command"), by: mod, text: "ban @ann:a.test spam" };
const origin = decide({ kind: "search-history", room: lobby, user: ann, limit: 5, reason: "spam" }, because, {
  at: 0,
  replaces: "",
});

let world: World;
let rulesInForce: RulesInForce;
let judging: Judging;
beforeEach(() => begin(aWorld()));

/** Judged once already, so that only what comes from here on is. */
function begin(known: World, more: Partial<Judging> = {}): void {
  world = known;
  rulesInForce = new RulesInForce(world);
  judging = {
    world,
    rulesInForce,
    redactReasons: new RedactReasons(["spam"]),
    pendingRules: { has: () => false },
    commandBehind: () => undefined,
    aclDebounce: new AclDebounce({
      quietMs: 1_000,
      maxWaitMs: 5_000,
      pauseMs: 5_000,
      longerPauseMs: 15_000,
      longestPauseMs: 60_000,
    }),
    gapHealing: new GapHealing(60_000),
    watchdog: new Watchdog({ everyHours: 0, maxMembers: 0, aclRepairsAnHour: 2 }, 0),
    acl: { keepManualEntries: true, maxBytes: 62_000, sparedServers: [] },
    readsEncrypted: () => true,
    ...more,
  };
  judged();
}

function judgementOf(seen: readonly Seen[], search: (id: string) => Decision | undefined): Judgement {
  const at = world.now + 10_000;
  const observed: readonly Observation[] = seen.map((one) => ({ ...one, at, dueBy: at }));
  for (const one of observed) world.apply(one);
  const changes = world.takeChanges();
  const moved = rulesInForce.update(world, changes.rules);
  return judge(observed, changes, { moved, judging, at, search });
}

/** What is to be done now that this was seen, in short. */
function judged(...seen: readonly Seen[]): readonly string[] {
  return judgementOf(seen, (id) => (id === origin.id ? origin : undefined)).decisions.map(inShort);
}

function inShort({ action }: Decision): string {
  switch (action.kind) {
    case "ban":
    case "unban":
      return `${action.kind} ${action.user} ${action.room}`;
    case "set-server-acl":
      return `acl ${action.room} ${action.content.deny.join(" ")}`;
    case "redact":
      return `redact ${action.event} ${action.reason}`;
    case "change-settings":
      return `settings ${action.change.kind}`;
    default:
      return `${action.kind} ${"room" in action ? action.room : ""}`;
  }
}

const joins = (who = ann, where = lobby) => live(where, member(who, "join"));
const rule = (entity: string, more: Parameters<typeof ruleEvent>[1] = {}, list = listA) =>
  live(list, ruleEvent(entity, more));
const serverRule = (entity: string, more: Parameters<typeof ruleEvent>[1] = {}) =>
  rule(entity, { type: "m.policy.rule.server", ...more });
const outcome = (action: Action, result: Extract<Seen, { kind: "outcome" }>["outcome"]["result"]): Seen => ({
  kind: "outcome",
  outcome: { decision: decide(action, because, { at: 0, replaces: "" }), result },
});

describe("a rule that comes", () => {
  test("has those banned whom it names, in every protected room they are in, and nobody else", () => {
    judged(joins(ann, lobby), joins(ann, hall), joins(bob));

    expect(judged(rule("@ann:*"))).toEqual([`ban ${ann} ${hall}`, `ban ${ann} ${lobby}`]);
  });

  test("of a list that nobody watches has nobody judged", () => {
    judged(joins());

    expect(judged(rule(ann, {}, room("!other:example.org")))).toEqual([]);
  });

  test("is judged once: the next event brings nothing more", () => {
    judged(joins(), rule(bob));

    expect(judged({ kind: "tick", retryRooms: false })).toEqual([]);
  });

  test("against a server has the ACLs written, in the rooms whose members are known", () => {
    expect(judged(serverRule("evil.test"))).toEqual([`acl ${lobby} evil.test`, `acl ${hall} evil.test`]);
  });

  test("against a server has no ACL written where the config switches them off", () => {
    begin(aWorld(), { acl: undefined });

    expect(judged(serverRule("evil.test"))).toEqual([]);
  });

  test("right after another has its ACLs wait until the rules have stopped coming", () => {
    const first = judged(serverRule("evil.test"), serverRule("worse.test"));
    const at = world.now + 10;
    for (const one of [serverRule("third.test")]) world.apply({ ...one, at, dueBy: at });
    const changes = world.takeChanges();
    const moved = rulesInForce.update(world, changes.rules);
    const second = judge([], changes, { moved, judging, at, search: () => undefined });

    expect(first).toEqual([`acl ${lobby} evil.test worse.test`, `acl ${hall} evil.test worse.test`]);
    expect(second).toEqual({ decisions: [], acl: undefined });
    expect(judging.aclDebounce.dueAt()).toBe(at + 1_000);
  });
});

describe("a rule that goes", () => {
  test("has the ban lifted that was made for it, and not one that people made", () => {
    judged(joins(), rule(ann, { stateKey: "k", id: "$rule" }), live(lobby, member(bob, "ban", { by: mod })));
    const byRule = { kind: "rule", list: listA, event: event("$rule"), ruleKind: "user" } as const;
    const cause = { ...byRule, recommendation: "ban", entity: ann } as const;
    const ban = { kind: "ban", room: lobby, user: ann, reason: "", redacts: false } as const;
    const decision = decide(ban, cause, { at: 0, replaces: "" });
    judged({ kind: "outcome", outcome: { decision, result: { kind: "done", eventId: event("$ban") } } });

    expect(judged(live(listA, state("m.policy.rule.user", {}, { stateKey: "k" })))).toEqual([
      `unban ${ann} ${lobby}`,
    ]);
  });
});

describe("somebody who comes", () => {
  test("is judged by the rules in force, in that room alone", () => {
    judged(rule(ann));

    expect(judged(joins(ann, hall))).toEqual([`ban ${ann} ${hall}`]);
  });

  test("into a room that is not protected is not judged", () => {
    judged(rule(ann));

    expect(judged(joins(ann, desk), joins(ann, listA))).toEqual([]);
  });

  test("by writing a message alone is not judged again", () => {
    judged(joins(), rule(bob));
    const said = { type: "m.room.message", sender: ann, eventId: event("$m"), content: {}, sentAt: 0 };

    expect(judged({ kind: "message", room: lobby, late: false, event: said })).toEqual([]);
  });

  test("from a server that a hashed rule means has the ACLs written, as its name is known only now", () => {
    const sha256 = "ZdwxfsVTk/Gfj9foRk5fmnySckGPvfYt+ZlbtlIGE3c=";
    const hashed = state(
      "m.policy.rule.server",
      { recommendation: "m.ban", hashes: { sha256 } },
      { stateKey: "h" },
    );
    expect(judged(live(listA, hashed))).toEqual([]);

    expect(judged(joins(user("@x:other.test")))).toEqual([
      `acl ${lobby} other.test`,
      `acl ${hall} other.test`,
    ]);
  });
});

describe("a room that is to be judged as a whole", () => {
  test("because our level changed has its members judged, those of other rooms not", () => {
    judged(rule(ann), joins(ann, lobby), joins(ann, hall));

    expect(judged(live(lobby, state("m.room.power_levels", { users: { [me]: 90 } })))).toEqual([
      `ban ${ann} ${lobby}`,
    ]);
  });

  test("because it was read has whoever it held judged", () => {
    judged(rule(ann));

    expect(judged(roomRead(hall, [member(ann, "join"), member(bob, "join")]))).toEqual([
      `ban ${ann} ${hall}`,
    ]);
  });
});

describe("everything is judged again", () => {
  test("when an exemption ends", () => {
    const exemption = { entity: ann, reason: "", by: mod, at: 0 };
    judged({ kind: "settings-changed", change: { kind: "exempt", exemption } }, rule(ann), joins());

    expect(judged({ kind: "settings-changed", change: { kind: "unexempt", entity: ann } })).toEqual([
      `ban ${ann} ${lobby}`,
    ]);
  });

  test("when somebody is no moderator any more", () => {
    judged(live(desk, member(ann, "join")), joins(), rule(ann));

    expect(judged(live(desk, member(ann, "leave")))).toEqual([`ban ${ann} ${lobby}`]);
  });
});

describe("nobody is judged and no ACL is written", () => {
  test("before it is known who the moderators are; then everybody is", () => {
    begin(aWorld(usualSettings, { unread: [desk] }));
    see(world, rule(ann), serverRule("evil.test"), joins());

    expect(judged()).toEqual([]);
    expect(judged(roomRead(desk))).toEqual([
      `acl ${lobby} evil.test`,
      `acl ${hall} evil.test`,
      `ban ${ann} ${lobby}`,
    ]);
  });
});

describe("what was found", () => {
  const found = (decision: string): Seen => ({
    kind: "history-found",
    decision,
    room: lobby,
    user: ann,
    events: [event("$1"), event("$2")],
  });

  test("by a search is redacted for its reason", () => {
    expect(judged(found(origin.id))).toEqual(["redact $1 spam", "redact $2 spam"]);
  });

  test("by a search that nobody knows of is left", () => {
    expect(judged(found("unknown"))).toEqual([]);
  });
});

describe("a list that was made", () => {
  const create: Action = { kind: "create-list", shortcode: "coc", alias: "", inviter: mod };
  const made = room("!made:example.org");

  test("is watched, and becomes the default where there is none", () => {
    expect(judged(outcome(create, { kind: "done", room: made }))).toEqual([
      "settings watch",
      "settings set-default-list",
    ]);

    judged({ kind: "settings-changed", change: { kind: "set-default-list", list: listA } });
    expect(judged(outcome(create, { kind: "done", room: made }))).toEqual(["settings watch"]);
  });

  test("is not watched where making it failed", () => {
    expect(
      judged(outcome(create, { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" })),
    ).toEqual([]);
  });
});

describe("an ACL that somebody wrote over ours", () => {
  const written = (deny: string, by: string) =>
    live(
      lobby,
      state(
        "m.room.server_acl",
        { allow: ["*"], deny: [deny], allow_ip_literals: false },
        { sender: by, sentAt: 1 },
      ),
    );

  test("is put right, but not for ever", () => {
    judged(serverRule("evil.test"));
    const repairs = [1, 2, 3].map(() => {
      judged(written("evil.test", me));
      return judged(written("none.test", "@mod:example.org")).filter((one) => one.includes(lobby)).length;
    });

    expect(repairs).toEqual([1, 1, 0]);
  });
});

describe("servers that are kept out of a room for a while", () => {
  const keepOut: Action = {
    kind: "deny-servers",
    room: lobby,
    servers: [server("wave.test"), server("evil.test")],
    stayMs: 1,
    waves: [],
  };
  const readmit: Action = { kind: "readmit-servers", room: lobby };
  const wrote = (deny: readonly string[], id: string, ipLiterals = true) =>
    live(
      lobby,
      state("m.room.server_acl", { allow: ["*"], deny, allow_ip_literals: ipLiterals }, { id, sender: me }),
    );
  const done = { kind: "done" } as const;

  test("are denied there at once, and let in again at once, past all pauses", () => {
    judged(serverRule("one.test"));
    judged(serverRule("two.test"));

    expect(judged(outcome(keepOut, done))).toEqual([`acl ${lobby} evil.test one.test two.test wave.test`]);
    judged(wrote(["evil.test", "one.test", "two.test", "wave.test"], "$kept-out"));
    expect(judged(outcome(readmit, done))).toEqual([`acl ${lobby} one.test two.test`]);
  });

  test("stay denied while they are kept out, whatever else is written", () => {
    judged(outcome(keepOut, done), wrote(["evil.test", "wave.test"], "$kept-out"));

    expect(judged(serverRule("one.test"))[0]).toBe(`acl ${lobby} evil.test one.test wave.test`);
  });

  test("stay denied where a list asks for it by then", () => {
    judged(outcome(keepOut, done), wrote(["evil.test", "wave.test"], "$kept-out"));
    judged(serverRule("evil.test"));

    expect(judged(outcome(readmit, done))).toEqual([`acl ${lobby} evil.test`]);
  });

  test("leave an ACL that keeps nobody out where there was none", () => {
    judged(outcome(keepOut, done), wrote(["evil.test", "wave.test"], "$kept-out"));

    const { decisions } = judgementOf([outcome(readmit, done)], () => undefined);

    expect(decisions.map(({ action }) => action)).toMatchObject([
      { content: { allow: ["*"], deny: [], allow_ip_literals: true } },
    ]);
  });

  test("are let in again where somebody takes the entries out by hand: they are not written anew", () => {
    judged(outcome(keepOut, done), wrote(["evil.test", "wave.test"], "$kept-out"));
    const byHand = { allow: ["*"], deny: [], allow_ip_literals: true };

    expect(judged(live(lobby, state("m.room.server_acl", byHand, { id: "$hand", sender: mod })))).toEqual([]);
    expect(world.stored.containments.in(lobby)).toEqual([]);
  });

  test("never are our own or a moderator's", () => {
    judged(joins(mod, desk));
    const all = [server("wave.test"), server("example.org")];

    expect(judged(outcome({ ...keepOut, servers: all }, done))).toEqual([`acl ${lobby} wave.test`]);
  });
});

test("a room that we were removed from is not judged", () => {
  judged(rule(ann), joins());

  expect(judged(leaving(lobby))).toEqual([`join ${lobby}`]);
});
