import { beforeEach, describe, expect, test } from "@jest/globals";
import { Notify } from "../../../src/management-room/notify.ts";
import { usualNotify } from "../../support/notify.ts";
import { BlastRadius } from "../../../src/decisions/guard/blast-radius.ts";
import type { HeldDecisions } from "../../../src/decisions/guard/held.ts";
import { hourMs } from "../../../src/kit/duration.ts";
import { say } from "../../../src/kit/say.ts";
import type { EventId } from "../../../src/model/ids.ts";
import type { Observation } from "../../../src/model/observation.ts";
import type { World } from "../../../src/model/world/world.ts";
import { Impact } from "../../../src/policy/impact/impact.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { PutQuestions } from "../../../src/management-room/questions/put-question.ts";
import { usualGuard } from "../../support/limits.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  live,
  lobby,
  member,
  ruleEvent,
  listA,
  see,
  user,
} from "../../support/make.ts";

const mod = user("@mod:example.org");
const command: Extract<Observation, { kind: "command" }> = {
  kind: "command",
  room: desk,
  event: { type: "m.room.message", sender: mod, eventId: event("$command"), content: {}, sentAt: 0 },
  aliases: new Map(),
  at: 0,
  dueBy: 0,
};

let world: World;
let rulesInForce: RulesInForce;
let questions: PutQuestions;
let withdrawn: EventId[];
let underWay: string[];

beforeEach(() => {
  world = aWorld();
  rulesInForce = new RulesInForce(world);
  withdrawn = [];
  underWay = [];
  questions = new PutQuestions({
    world,
    notify: new Notify(world, usualNotify),
    rulesInForce,
    blast: new BlastRadius({ ...usualGuard, windowMinutes: 10, maxPeople: 1 }, undefined),
    prefix: "!tyr",
    answerWithinHours: 24,
    secondPerson: { aloneAfterDays: 7, coolOffMinutes: 10 },
    believe: (seen, at) => world.apply({ ...seen, at, dueBy: at }),
    roleFor: () => undefined,
    withdraw: (one) => {
      withdrawn.push(one);
      return say`Kick of everybody`;
    },
    isUnderWay: ({ id }) => underWay.includes(id),
  });
});

/** The parts see what the world has just been told. */
function seen(at: number, ...observations: readonly Observation[]): void {
  const changes = world.takeChanges();
  questions.seen({ seen: observations, changes, moved: rulesInForce.update(world, changes.rules), at });
}

const impact = () => new Impact({ world, limits: usualGuard, at: 0 });
const held = (by: HeldDecisions["by"]): HeldDecisions => ({
  by,
  impact: impact(),
  reasons: [say`it is too many`],
});
const tick = (retryRooms: boolean): Observation => ({ kind: "tick", retryRooms, at: 5, dueBy: 5 });
const open = () => [...world.questions.open()];

describe("rules that hit too many", () => {
  const two = () => {
    for (const who of ["@a1:evil.test", "@a2:evil.test"]) see(world, live(lobby, member(who, "join")));
    seen(1);
    see(world, live(listA, ruleEvent("@a*:evil.test", { id: "$wide" })));
    seen(2);
  };

  test("are held by a question before anything is judged, and it is put once", () => {
    two();

    expect(open().map(({ about }) => about)).toEqual([{ kind: "rules", list: listA, rules: ["$wide"] }]);
    expect(world.questions.holding(event("$wide"))).toBe(1);
    expect(questions.says({ seen: [], at: 2 }).map(({ action }) => action.question)).toEqual([1]);
    expect(questions.says({ seen: [], at: 3 })).toEqual([]);
  });

  test("that come later join the question, which is not put again and covers no more than it shows", () => {
    two();
    questions.says({ seen: [], at: 2 });

    see(world, live(listA, ruleEvent("@*:evil.test", { id: "$wider" })));
    seen(3);

    expect(open().map(({ about, told }) => ({ about, told }))).toEqual([
      { about: { kind: "rules", list: listA, rules: ["$wide", "$wider"] }, told: 1 },
    ]);
    expect(questions.says({ seen: [], at: 3 })).toEqual([]);
  });
});

describe("a command that is held", () => {
  test("is kept whole, is replied to later, and is asked about in reply to it", () => {
    seen(1, command);

    questions.guarded({ held: [held({ command: event("$command") })] }, { at: 7 });
    const [message] = questions.says({ seen: [], at: 7 });

    expect(withdrawn).toEqual(["$command"]);
    expect(open()).toEqual([
      expect.objectContaining({
        id: 1,
        askedAt: 7,
        expiresAt: 7 + 24 * hourMs,
        about: expect.objectContaining({ kind: "command", event: command.event }),
      }),
    ]);
    expect(message!.action).toMatchObject({ kind: "ask", room: desk, question: 1, replyTo: "$command" });
    expect(message!.action.say.text).toContain("Kick of everybody");
    expect(message!.action.say.text).toContain("Because it is too many.");
    expect(message!.action.say.text).toContain("!tyr yes 1");
  });

  test("from another room is asked about without a reply, which would lead nowhere", () => {
    seen(1, { ...command, room: lobby });

    questions.guarded({ held: [held({ command: event("$command") })] }, { at: 7 });

    expect(questions.says({ seen: [], at: 7 })[0]!.action.replyTo).toBeUndefined();
  });

  test("must be one of the batch", () => {
    seen(1);

    expect(() => questions.guarded({ held: [held({ command: event("$command") })] }, { at: 7 })).toThrow(
      "not in the batch",
    );
  });

  test("may put a question of its own, which says what a yes covers", () => {
    seen(1, command);

    questions.askOf({ command: event("$command"), covers: [event("$rule")], actions: [] }, 7);

    expect(open()[0]!.about).toMatchObject({ kind: "command", covers: ["$rule"] });
  });
});

test("rooms that are held join the one question about rooms", () => {
  questions.guarded({ held: [held({ rooms: [lobby] })] }, { at: 1 });
  questions.guarded({ held: [held({ rooms: [hall, lobby] })] }, { at: 2 });

  expect(open().map(({ about }) => about)).toEqual([{ kind: "rooms", rooms: [lobby, hall] }]);
});

test("what protections would do in one incident is one question, whatever comes later", () => {
  const act = (who: string) => ({
    action: { kind: "kick", room: lobby, user: user(who), reason: "" } as const,
    because: {
      kind: "finding",
      protection: "flood",
      incident: "i1",
      user: user(who),
      sentence: "flooded",
    } as const,
  });
  const of = (...acts: readonly ReturnType<typeof act>[]) =>
    held({ protection: "flood", incident: "i1", acts });

  questions.guarded({ held: [of(act("@a:x"))] }, { at: 1 });
  questions.guarded({ held: [of(act("@b:x"))] }, { at: 2 });

  expect(open().map(({ about }) => about)).toEqual([
    { kind: "findings", protection: "flood", incident: "i1", acts: [act("@a:x"), act("@b:x")] },
  ]);
  expect(questions.says({ seen: [], at: 2 })).toHaveLength(1);
});

describe("a question whose message was never sent", () => {
  beforeEach(() => {
    questions.guarded({ held: [held({ rooms: [lobby] })] }, { at: 1 });
    questions.says({ seen: [], at: 1 });
  });

  test("is put again when rooms are tried again, and not before", () => {
    expect(questions.says({ seen: [tick(false)], at: 5 })).toEqual([]);
    expect(questions.says({ seen: [tick(true)], at: 5 }).map(({ action }) => action.question)).toEqual([1]);
  });

  test("is put after a restart", () => {
    expect(questions.resumed(5).map(({ action }) => action.question)).toEqual([1]);
  });

  test("is not put while its message is on its way", () => {
    underWay = questions.resumed(5).map(({ id }) => id);

    expect(questions.resumed(5)).toEqual([]);
    expect(questions.says({ seen: [tick(true)], at: 5 })).toEqual([]);
  });

  test("is the same message each time", () => {
    expect(questions.resumed(5)[0]!.id).toBe(questions.resumed(9)[0]!.id);
  });
});
