import { beforeEach, describe, expect, test } from "@jest/globals";
import { coveredBy, Questions, type Question, type QuestionAbout } from "../../src/model/question.ts";
import { desk, event, hall, listA, listB, lobby, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

let questions: Questions;
beforeEach(() => {
  questions = new Questions(usualLimits.questionsRemembered);
});

const plain = (text: string) => ({ text, html: text });
const aboutRules: QuestionAbout = { kind: "rules", list: listA, rules: [event("$one"), event("$two")] };
const aboutRooms: QuestionAbout = { kind: "rooms", rooms: [lobby] };
const said = {
  type: "m.room.message",
  sender: user("@mod:example.org"),
  eventId: event("$command"),
  content: {},
  sentAt: 0,
};
const aboutCommand: QuestionAbout = { kind: "command", room: desk, event: said, aliases: [] };

function question(id: number, about: QuestionAbout, more: Partial<Question> = {}): Question {
  const told = about.kind === "rules" ? about.rules.length : about.kind === "rooms" ? about.rooms.length : 0;
  return {
    id,
    about,
    say: plain("?"),
    askedAt: 0,
    expiresAt: 9,
    message: undefined,
    told,
    answer: undefined,
    ...more,
  };
}
const answered = (yes: boolean) => ({ answer: { yes, by: user("@mod:example.org"), at: 1 } });

describe("an open question", () => {
  test("holds its rules, or its rooms, and nothing else", () => {
    questions.set(question(1, aboutRules));
    questions.set(question(2, aboutRooms));

    expect([event("$one"), event("$two"), lobby].map((key) => questions.holding(key))).toEqual([1, 1, 2]);
    expect([event("$three"), hall].map((key) => questions.holding(key))).toEqual([undefined, undefined]);
  });

  test("about a command holds nothing: the command waits by itself", () => {
    questions.set(question(1, aboutCommand));

    expect(questions.isHoldingAny).toBe(false);
  });

  test("is found by its list, its message and its command", () => {
    const [rules, command] = [
      question(1, aboutRules, { message: event("$asked") }),
      question(2, aboutCommand),
    ];
    questions.set(rules);
    questions.set(command);

    expect(questions.openAbout(listA)).toBe(rules);
    expect(questions.openAbout(listB)).toBeUndefined();
    expect(questions.ofMessage(event("$asked"))).toBe(rules);
    expect(questions.ofCommand(event("$command"))).toBe(command);
  });

  test("lets go of a rule that it is no longer about", () => {
    questions.set(question(1, aboutRules));

    questions.set(question(1, { ...aboutRules, rules: [event("$two")] }));

    expect(questions.holding(event("$one"))).toBeUndefined();
    expect(questions.holding(event("$two"))).toBe(1);
  });
});

test("an answer ends the hold, and the question is open no more", () => {
  questions.set(question(1, aboutRules));

  questions.set(question(1, aboutRules, answered(true)));

  expect(questions.holding(event("$one"))).toBeUndefined();
  expect(questions.open()).toEqual([]);
  expect(questions.openAbout(listA)).toBeUndefined();
  expect(questions.get(1)?.answer?.yes).toBe(true);
});

test("an answer covers the rules or rooms that were told", () => {
  expect(coveredBy(question(1, aboutRules, { told: 1 }), true)).toEqual(["$one"]);
  expect(coveredBy(question(1, { kind: "rooms", rooms: [lobby, hall] }, { told: 1 }), true)).toEqual([lobby]);
  expect(coveredBy(question(1, aboutCommand), true)).toEqual([]);
});

test("a yes to a command covers the rules whose effect was told, a no says nothing about them", () => {
  const about = { ...aboutCommand, covers: [event("$one")] };

  expect(coveredBy(question(1, about), true)).toEqual(["$one"]);
  expect(coveredBy(question(1, about), false)).toEqual([]);
});

test("numbers go on, and of many answered questions the oldest are forgotten, open ones never", () => {
  questions.set(question(1, aboutRooms));
  const forgotten: number[] = [];
  for (let id = 2; id <= 600; id++)
    forgotten.push(...questions.set(question(id, aboutCommand, answered(false))));

  expect(questions.nextId).toBe(601);
  expect(questions.open().map(({ id }) => id)).toEqual([1]);
  expect(forgotten).toEqual(Array.from({ length: 99 }, (_, i) => i + 2));
  expect([...questions.all]).toHaveLength(501);
});
