import { beforeEach, expect, test } from "@jest/globals";
import { ActsInFlight } from "../../src/model/acts-in-flight.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { decide, type Decision } from "../../src/model/decision.ts";
import type { World } from "../../src/model/world/world.ts";
import { Expected } from "../../src/policy/expected.ts";
import { banContent } from "../../src/policy/rule-writing.ts";
import {
  aWorld,
  event,
  hall,
  listA,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  see,
  user,
} from "../support/make.ts";

const ann = user("@ann:example.org");
let world: World;
let acts: ActsInFlight;
let expected: Expected;
let takenBack: Decision | undefined;
let decisions = 0;
beforeEach(() => {
  world = aWorld();
  see(world, live(lobby, member(ann, "join")), live(hall, member(ann, "ban", { by: me })));
  takenBack = undefined;
  acts = new ActsInFlight((decision) => decision === takenBack);
  expected = new Expected(world, acts);
});

const begin = (action: Action): Decision => {
  const decision = decide(action, { kind: "self", what: "test" }, { at: 0, replaces: `${(decisions += 1)}` });
  acts.began(decision);
  return decision;
};
const ban = { kind: "ban", room: lobby, user: ann, reason: "", redacts: false } as const;
const lift = { kind: "unban", room: hall, user: ann, reason: "" } as const;
const write = {
  kind: "write-policy",
  list: listA,
  eventType: "m.policy.rule.user",
  stateKey: "k",
  content: banContent({ kind: "user", text: ann }, { reason: "" }),
} as const;
const aboutAnn = () => expected.rulesOn(listA, (rule) => rule.entity === ann).length;

test("with nothing in flight all is as the world shows it", () => {
  expect(expected.bannedIn(ann)).toEqual([hall]);
  expect(expected.toBanIn(ann)).toEqual([lobby]);
  expect(expected.muteOf(lobby, ann)).toBeUndefined();
  expect(expected.powerFor(lobby, ann)?.entryOf(ann)).toEqual(world.rooms.get(lobby)?.power.entryOf(ann));
  expect(aboutAnn()).toBe(0);
});

test("bans and lifts in flight count, until they have ended", () => {
  const begun = [begin(ban), begin(lift)];
  expect(expected.bannedIn(ann)).toEqual([lobby]);
  expect(expected.toBanIn(ann)).toEqual([lobby, hall]);

  for (const one of begun) acts.ended(one);
  expect(expected.bannedIn(ann)).toEqual([hall]);
});

test("of several on one place the newest counts, also when an older one ends", () => {
  const first = begin(ban);
  begin({ ...lift, room: lobby });
  acts.ended(first);

  expect(expected.bannedIn(ann)).toEqual([hall]);
});

test("what an undo has called off does not count", () => {
  takenBack = begin(ban);

  expect(expected.bannedIn(ann)).toEqual([hall]);
});

test("a mute in flight is one, with the level that it took", () => {
  begin({ kind: "mute", room: lobby, user: ann, reason: "", level: -1, before: 20, until: 9 });
  expect(expected.muteOf(lobby, ann)).toEqual({ room: lobby, user: ann, level: -1, before: 20, until: 9 });
  expect(expected.powerFor(lobby, ann)?.isSilenced(ann)).toBe(true);

  begin({ kind: "unmute", room: lobby, user: ann, reason: "", level: 20, before: -1 });
  expect(expected.muteOf(lobby, ann)).toBeUndefined();
  expect(expected.powerFor(lobby, ann)?.entryOf(ann)).toBe(20);
});

test("a rule in flight is there, and one about to be removed is not", () => {
  const written = begin(write);
  expect(aboutAnn()).toBe(1);
  acts.ended(written);

  see(world, live(listA, ruleEvent(ann, { id: event("$rule") })));
  const rule = world.lists.get(listA)!.ruleOf(event("$rule"))!;
  expect([aboutAnn(), expected.isReplaced(rule)]).toEqual([1, false]);

  const { list, eventType, stateKey } = rule;
  begin({ kind: "remove-policy", list, eventType, stateKey, before: {} });
  expect([aboutAnn(), expected.isReplaced(rule)]).toEqual([0, true]);
});

test("a rule is written with what will stand in its place by then", () => {
  const replacing = { ...write, before: { entity: "old" } };
  expect(expected.withBefore(replacing).before).toEqual({ entity: "old" });

  begin({ ...write, content: { entity: "newer" } });
  expect(expected.withBefore(replacing).before).toEqual({ entity: "newer" });

  begin({ kind: "remove-policy", list: listA, eventType: write.eventType, stateKey: "k", before: {} });
  expect(expected.withBefore(replacing)).not.toHaveProperty("before");
});
