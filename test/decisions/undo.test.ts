import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Action } from "../../src/model/actions/action.ts";
import { decide } from "../../src/model/decision.ts";
import type { EventId } from "../../src/model/ids.ts";
import type { PastAct } from "../../src/model/past-acts.ts";
import type { SettingChange } from "../../src/model/settings/change.ts";
import { changeSettings, inverseOfChange } from "../../src/model/settings/change.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { undo } from "../../src/decisions/undo.ts";
import {
  aWorld,
  event,
  hall,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  see,
  state,
  user,
  usualSettings,
} from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const ann = user("@ann:example.org");
const because = {
  kind: "command",
  event: event("$command"),
  by: user("@mod:example.org"),
  text: "ban",
} as const;

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(lobby, state("m.room.join_rules", { join_rule: "public" })));
});

const past = (action: Action, eventId?: EventId): PastAct => ({
  decision: decide(action, because, { at: 1, replaces: "" }),
  result: eventId ? { kind: "done", eventId } : { kind: "done" },
});
const undone = (...acts: readonly PastAct[]) => undoneAfter([], ...acts);
/** `since`: what was done afterwards, the newest first. */
const undoneAfter = (since: readonly PastAct[], ...acts: readonly PastAct[]) =>
  undo(acts, {
    world,
    rulesInForce: new RulesInForce(world),
    past: { about: () => [...since, ...acts.toReversed()] },
  });
const kinds = (...acts: readonly PastAct[]) => undone(...acts).acts.map(({ action }) => action.kind);
const ban: Action = { kind: "ban", room: lobby, user: ann, reason: "", redacts: false };

describe("a ban", () => {
  const seeBan = (id: string, by: string = me, room = lobby) =>
    see(world, live(room, member("@ann:example.org", "ban", { by, id: event(id) })));

  test("that still stands as we wrote it is lifted", () => {
    seeBan("$ours");

    expect(kinds(past(ban, event("$ours")))).toEqual(["unban"]);
  });

  test("of somebody else, or a later one of ours, is left alone", () => {
    seeBan("$theirs", "@other:example.org");
    expect(undone(past(ban, event("$ours")))).toEqual({ acts: [], not: [{ kind: "changed", action: ban }] });

    seeBan("$later");
    expect(kinds(past(ban, event("$ours")))).toEqual([]);
  });

  test("that a rule still asks for stays, and the rule is named", () => {
    seeBan("$ours");
    see(world, live(listB, ruleEvent(ann, { reason: "known" })));

    expect(undone(past(ban, event("$ours"))).not).toMatchObject([
      { kind: "asked-for", user: ann, rule: { reason: "known" } },
    ]);
  });

  test("is lifted where the rule goes with it, or the person is exempt", () => {
    seeBan("$ours");
    see(world, live(listA, { ...ruleEvent(ann, { id: event("$rule") }), sender: me }));
    const write: Action = {
      kind: "write-policy",
      list: listA,
      eventType: "m.policy.rule.user",
      stateKey: `rule:${ann}`,
      content: { entity: ann },
    };

    expect(kinds(past(write, event("$rule")), past(ban, event("$ours")))).toEqual(["unban", "remove-policy"]);
  });

  test("in a room that nobody enters without an invitation brings one", () => {
    seeBan("$ours", me, hall);

    expect(kinds(past({ ...ban, room: hall }, event("$ours")))).toEqual(["unban", "invite"]);
  });
});

test("what is open, failed or called off is no effect to take back", () => {
  const one = past(ban, event("$ours"));

  expect(undone({ ...one, result: undefined }, { ...one, result: { kind: "superseded" } })).toEqual({
    acts: [],
    not: [],
  });
});

test("a person unbanned by us is banned again, unless they are back", () => {
  const unban: Action = { kind: "unban", room: lobby, user: ann, reason: "" };
  expect(kinds(past(unban, event("$lift")))).toEqual(["ban"]);

  see(world, live(lobby, member(ann, "join")));
  expect(undone(past(unban, event("$lift"))).not).toEqual([{ kind: "changed", action: unban }]);
});

test("a kick from an open room is told to need nothing, from another it brings an invitation", () => {
  const kick = (room: typeof lobby): Action => ({ kind: "kick", room, user: ann, reason: "" });

  expect(undone(past(kick(lobby)))).toEqual({
    acts: [],
    not: [{ kind: "open-door", room: lobby, user: ann }],
  });
  expect(kinds(past(kick(hall)))).toEqual(["invite"]);
});

describe("a rule", () => {
  const place = { list: listA, eventType: "m.policy.rule.user", stateKey: "k" };
  const content = { entity: "@x:y", recommendation: "m.ban" };

  test("that somebody has changed since is left alone", () => {
    see(world, live(listA, ruleEvent("@x:y", { stateKey: "k", id: event("$changed") })));

    expect(kinds(past({ kind: "write-policy", ...place, content }, event("$rule")))).toEqual([]);
  });

  test("taken off comes back only while its place is empty", () => {
    const removal = past({ kind: "remove-policy", ...place, before: content }, event("$gone"));
    see(world, live(listA, ruleEvent("@other:y", { stateKey: "other" })));
    expect(kinds(removal)).toEqual(["write-policy"]);

    see(world, live(listA, ruleEvent("@new:y", { stateKey: "k" })));
    expect(kinds(removal)).toEqual([]);
  });
});

test("two bans of one person are taken back together: the rule of the first does not come back", () => {
  const content = (reason: string) => ({ entity: ann, recommendation: "m.ban", reason });
  const place = {
    kind: "write-policy",
    list: listA,
    eventType: "m.policy.rule.user",
    stateKey: "k",
  } as const;
  see(world, live(listA, { ...ruleEvent(ann, { id: event("$two") }), stateKey: "k" }));
  const second = past({ ...place, content: content("two"), before: content("one") }, event("$two"));
  const back = (...acts: readonly PastAct[]) => undone(...acts).acts.map(({ action }) => action);

  expect(back(second)).toMatchObject([{ kind: "write-policy", content: content("one") }]);
  const old = content("somebody else's");
  for (const [before, kind] of [
    [undefined, "remove-policy"],
    [old, "write-policy"],
  ] as const) {
    const first: Action = { ...place, content: content("one"), ...(before ? { before } : {}) };
    const calledOff: PastAct = { ...past(first), result: { kind: "superseded" } };
    expect(back(calledOff, second)).toMatchObject([{ kind }]);
    expect(back(past(first, event("$one")), second)).toMatchObject([{ kind }]);
  }
});

test("what cannot be taken back is named, and means to an end are not", () => {
  const redaction: Action = { kind: "redact", room: lobby, event: event("$x"), user: ann, reason: "" };

  expect(undone(past(redaction), past({ kind: "join", room: lobby, via: [] }))).toEqual({
    acts: [],
    not: [{ kind: "final", action: redaction }],
  });
});

describe("every change of settings that has a way back", () => {
  const exemption = { entity: "@x:y", reason: "", by: "@mod:example.org", at: 1 };
  const room = { room: hall, via: [], space: undefined };
  const changes: readonly SettingChange[] = [
    { kind: "exempt", exemption },
    { kind: "protect", room: { ...room, room: listB } },
    { kind: "unprotect", room: hall, excludes: false },
    { kind: "follow-space", room: listB, via: ["x"] },
    { kind: "watch", list: { room: hall, via: [], liftsBans: true } },
    { kind: "reject", what: [event("$rule")], by: undefined, at: 1 },
  ];

  test.each(changes.map((change) => [change.kind, change] as const))(
    "%s leads back to where it began",
    (_kind, change) => {
      const after = changeSettings(usualSettings, change, usualLimits);
      const back = inverseOfChange(change, usualSettings)!;

      const again = changeSettings(after, back, usualLimits);

      expect([...again.rooms.keys()].sort()).toEqual([...usualSettings.rooms.keys()].sort());
      expect(again.lists).toEqual(usualSettings.lists);
      expect([...again.spaces.keys(), ...again.exemptions.keys(), ...again.rejected.keys()]).toEqual([]);
    },
  );

  test("an exemption over another gives the other back", () => {
    const before = changeSettings(usualSettings, { kind: "exempt", exemption }, usualLimits);

    expect(inverseOfChange({ kind: "exempt", exemption: { ...exemption, reason: "new" } }, before)).toEqual({
      kind: "exempt",
      exemption,
    });
  });
});

describe("what was done on the homeserver", () => {
  const suspend: Action = { kind: "suspend", user: ann, reason: "" };
  const later = (action: Action, result: object = {}): PastAct => ({
    decision: decide(action, { ...because, event: event("$later") }, { at: 2, replaces: "" }),
    result: { kind: "done", ...result },
  });
  const back = (since: readonly PastAct[], one: PastAct) => undoneAfter(since, one);

  test("is taken back while nothing of ours has changed it since", () => {
    expect(back([], past(suspend)).acts.map(({ action }) => action.kind)).toEqual(["unsuspend"]);
  });

  test("is left alone where a later command has", () => {
    expect(back([later({ ...suspend, kind: "unsuspend" })], past(suspend))).toMatchObject({
      acts: [],
      not: [{ kind: "changed" }],
    });
  });

  test("is taken back where a later command found it so already, and so changed nothing", () => {
    expect(back([later(suspend, { isUnchanged: true })], past(suspend)).acts).toHaveLength(1);
  });

  test("has nothing to take back where it was so before", () => {
    expect(back([], later(suspend, { isUnchanged: true }))).toEqual({ acts: [], not: [] });
  });

  test("is taken back whatever was done to the same account otherwise", () => {
    expect(back([later({ kind: "unlock", user: ann, reason: "" })], past(suspend)).acts).toHaveLength(1);
  });

  test.each<Action>([
    { kind: "deactivate", user: ann, erase: false, reason: "" },
    { kind: "shutdown-room", room: lobby, purge: false, reason: "" },
    { kind: "quarantine-media-of-user", user: ann, reason: "" },
    { kind: "make-room-admin", room: lobby, user: ann },
  ])("is final: $kind", (action) => {
    expect(back([], past(action))).toMatchObject({ acts: [], not: [{ kind: "final" }] });
  });
});

describe("an invitation of ours", () => {
  const invite: Action = { kind: "invite", room: lobby, user: ann, reason: "" };

  test("is withdrawn while it is open", () => {
    see(world, live(lobby, member("@ann:example.org", "invite", { by: me })));

    expect(kinds(past(invite))).toEqual(["kick"]);
  });

  test("is nothing any more once it was answered", () => {
    see(world, live(lobby, member("@ann:example.org", "join")));

    expect(undone(past(invite))).toEqual({ acts: [], not: [] });
  });
});

describe("a mute", () => {
  const mute = (parts: { before?: number; until?: number } = {}): Action => ({
    kind: "mute",
    room: lobby,
    user: ann,
    reason: "",
    level: -1,
    before: parts.before,
    ...(parts.until === undefined ? {} : { until: parts.until }),
  });
  const seeMute = (action: Action) =>
    see(
      world,
      {
        kind: "outcome",
        outcome: {
          decision: decide(action, because, { at: 1, replaces: "" }),
          result: { kind: "done", eventId: event("$levels") },
        },
      },
      live(
        lobby,
        state("m.room.power_levels", { users: { [me]: 100, [ann]: -1 } }, { id: "$levels", sender: me }),
      ),
    );

  test("is lifted, and what stood there before the first one is put back", () => {
    see(world, live(lobby, state("m.room.power_levels", { users: { [me]: 100, [ann]: 10 } })));
    seeMute(mute({ before: 10, until: 500 }));

    expect(undone(past(mute({ before: -1, until: 500 }))).acts).toMatchObject([
      { action: { kind: "unmute", level: 10, before: -1 }, replaces: "$levels" },
    ]);
  });

  test("that somebody gave another end is left alone", () => {
    seeMute(mute({ until: 900 }));

    const first = mute({ until: 500 });
    expect(undone(past(first))).toEqual({ acts: [], not: [{ kind: "changed", action: first }] });
  });

  test("is left alone once the person has another level", () => {
    seeMute(mute({ until: 500 }));
    see(world, live(lobby, state("m.room.power_levels", { users: { [me]: 100, [ann]: 0 } })));

    expect(kinds(past(mute({ until: 500 })))).toEqual([]);
  });
});
