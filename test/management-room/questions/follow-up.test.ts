import { beforeEach, describe, expect, test } from "@jest/globals";
import { Notify } from "../../../src/management-room/notify.ts";
import { usualNotify } from "../../support/notify.ts";
import { plain } from "../../../src/kit/say.ts";
import { decide, type Outcome } from "../../../src/model/decision.ts";
import type { Observation, Seen } from "../../../src/model/observation.ts";
import type { Question } from "../../../src/model/question.ts";
import type { World } from "../../../src/model/world/world.ts";
import { FollowUp } from "../../../src/management-room/questions/follow-up.ts";
import { aWorld, desk, event, hall, lobby, user } from "../../support/make.ts";

const mod = user("@mod:example.org");
const command = {
  type: "m.room.message",
  sender: mod,
  eventId: event("$command"),
  content: {},
  sentAt: 0,
} as const;

let world: World;
let followUp: FollowUp;
let received: Seen[];
let obsolete: boolean;
let run: string[];

beforeEach(() => {
  world = aWorld();
  received = [];
  obsolete = false;
  run = [];
  followUp = new FollowUp({
    world,
    notify: new Notify(world, usualNotify),
    prefix: "!tyr",
    editEveryMs: 3_000,
    isObsolete: () => obsolete,
    answersKeptMs: 1_000,
    wasRun: (one) => run.includes(one),
    believe: (seen, at) => world.apply({ ...seen, at, dueBy: at }),
    receive: (seen) => void received.push(...seen),
  });
});

function put(more: Partial<Question> & Pick<Question, "about">): Question {
  const question: Question = {
    id: 1,
    say: plain("Question 1"),
    askedAt: 0,
    expiresAt: 1_000_000,
    message: event("$question-1"),
    told: 1,
    answer: undefined,
    ...more,
  };
  world.apply({ kind: "asked", question, at: 0, dueBy: 0 });
  return question;
}

const aboutCommand = { kind: "command", room: desk, event: command, aliases: [], names: [] } as const;
const aboutRooms = { kind: "rooms", rooms: [lobby] } as const;
const offer = { kind: "offer", offer: "ban", user: user("@a:x"), text: "ban @a:x" } as const;
const kick = { kind: "kick", room: lobby, user: user("@a:x"), reason: "" } as const;
const finding = {
  kind: "finding",
  protection: "flood",
  incident: "i1",
  user: user("@a:x"),
  sentence: "flooded",
} as const;
const findings = {
  kind: "findings",
  protection: "flood",
  incident: "i1",
  acts: [{ action: kick, because: finding }],
} as const;

/** The world believes the answer; gives what the part has to see of it. */
function answered(yes: boolean, { by = mod, at = 10 }: { by?: string | undefined; at?: number } = {}) {
  const one: Observation = {
    kind: "answered",
    question: 1,
    yes,
    by: by === undefined ? undefined : user(by),
    at,
    dueBy: at,
  };
  world.apply(one);
  return { seen: [one], at };
}
const said = (batch: { seen: readonly Observation[]; at: number }) =>
  followUp
    .says(batch)
    .map(({ action }) => (action.kind === "react" ? action.with : `edit: ${action.say.text}`));
const nothing = (at: number) => ({ seen: [], at });

describe("a yes", () => {
  test("to a command has it run again as it was said, and the question tells whose yes it was", () => {
    put({ about: aboutCommand });

    const words = said(answered(true));

    expect(received).toEqual([{ ...aboutCommand, aliases: new Map(), names: new Map() }]);
    expect(words).toEqual([expect.stringMatching(/^edit: Question 1\nYes, said @mod:example\.org/)]);
  });

  test("to an offer runs the command that it stands for, in the name of the person who said yes", () => {
    put({ about: offer });

    followUp.says(answered(true));

    expect(received).toMatchObject([
      {
        kind: "command",
        room: desk,
        event: { sender: mod, eventId: "$question-1", content: { body: "!tyr ban @a:x" } },
      },
    ]);
  });

  test("to findings proposes what protections would have done, for the same reason", () => {
    put({ about: findings });

    const proposed = followUp.proposes(answered(true));

    expect(proposed.map(({ action, because }) => ({ action, because }))).toEqual([
      { action: kick, because: finding },
    ]);
  });

  test("has its effect once, though two people say it", () => {
    put({ about: aboutCommand });
    const first = answered(true);

    followUp.says(first);
    followUp.says(first);

    expect(received).toHaveLength(1);
  });
});

describe("a no", () => {
  test("to a command runs nothing, and crosses the command out", () => {
    put({ about: aboutCommand });

    expect(said(answered(false))).toEqual([
      expect.stringMatching(/^edit: Question 1\nNo, said @mod:example\.org .*: nothing was done\.$/),
      "❌",
    ]);
    expect(received).toEqual([]);
  });

  test("to findings proposes nothing", () => {
    put({ about: findings });

    expect(followUp.proposes(answered(false))).toEqual([]);
  });

  test("to an offer that nobody saw is not told", () => {
    put({ about: offer, message: undefined });

    expect(said(answered(false))).toEqual([]);
  });
});

describe("a question that nobody answers", () => {
  const ends = (at: number) => followUp.proposes(nothing(at)).map(({ action }) => action);

  test("ends with a no of nobody when its time is over, and not before", () => {
    put({ about: aboutRooms, expiresAt: 500 });

    world.apply({ kind: "tick", retryRooms: false, at: 499, dueBy: 499 });
    expect(ends(499)).toEqual([]);
    world.apply({ kind: "tick", retryRooms: false, at: 500, dueBy: 500 });
    expect(ends(500)).toEqual([{ kind: "answer-question", question: 1, yes: false, by: undefined }]);
  });

  test("ends when nobody needs an answer any more", () => {
    put({ about: offer });
    obsolete = true;

    expect(ends(5)).toHaveLength(1);
  });

  test("does not end while its offer is on its way, or there would be nothing to edit", () => {
    put({ about: offer, message: undefined });
    obsolete = true;

    expect(ends(5)).toEqual([]);
  });
});

describe("a question that grows", () => {
  const grown = { kind: "rooms", rooms: [lobby, hall] } as const;
  const edited = (id: string, at: number): { seen: readonly Observation[]; at: number } => {
    const words = decide(
      {
        kind: "tell",
        room: desk,
        key: "question 1",
        revision: 1,
        say: plain(""),
        edits: undefined,
        replyTo: undefined,
      },
      { kind: "self", what: "question 1" },
      { at, replaces: "" },
    );
    const outcome: Outcome = { decision: { ...words, id }, result: { kind: "done", eventId: event("$e") } };
    return { seen: [{ kind: "outcome", outcome, at, dueBy: at }], at };
  };

  test("is edited, and no more often than it may be", () => {
    put({ about: grown });

    expect(followUp.says(nothing(5_000))).toHaveLength(1);
    expect(followUp.says(nothing(7_999))).toHaveLength(0);
    expect(followUp.says(nothing(8_000))).toHaveLength(1);
  });

  test("covers what was added once the edit has arrived, and not before", () => {
    put({ about: grown });
    const [edit] = followUp.says(nothing(5_000));
    const before = world.questions.get(1)!.told;

    followUp.says(edited(edit!.id, 5_100));

    expect(before).toBe(1);
    expect(world.questions.get(1)!.told).toBe(2);
  });

  test("covers nothing more for the end of any other message", () => {
    put({ about: grown });
    followUp.says(nothing(5_000));

    followUp.says(edited("another", 5_100));

    expect(world.questions.get(1)!.told).toBe(1);
  });
});

test("the message of a question gets the marks that answer it", () => {
  const ask = decide(
    { kind: "ask", room: desk, question: 1, say: plain(""), replyTo: undefined },
    { kind: "self", what: "question 1" },
    { at: 0, replaces: "0" },
  );
  const outcome: Outcome = { decision: ask, result: { kind: "done", eventId: event("$asked") } };

  const marks = followUp.says({ seen: [{ kind: "outcome", outcome, at: 3, dueBy: 3 }], at: 3 });

  expect(marks.map(({ action }) => action)).toEqual([
    { kind: "react", room: desk, event: "$asked", with: "✅" },
    { kind: "react", room: desk, event: "$asked", with: "❌" },
  ]);
});

describe("after a restart", () => {
  test("a command that got its yes and was not run is run", () => {
    put({ about: aboutCommand, answer: { yes: true, by: mod, at: 10 } });

    followUp.resumed(500);

    expect(received).toHaveLength(1);
  });

  test.each([
    ["one that was run", () => run.push("$command"), { yes: true, at: 10 }],
    ["one that got a no", () => {}, { yes: false, at: 10 }],
    ["one that got its yes too long ago", () => {}, { yes: true, at: -501 }],
  ] as const)("%s is not", (_, arrange, { yes, at }) => {
    arrange();
    put({ about: aboutCommand, answer: { yes, by: mod, at } });

    followUp.resumed(500);

    expect(received).toEqual([]);
  });
});
