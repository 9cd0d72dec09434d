import { commands } from "../../../src/commands/index.ts";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { plain } from "../../../src/kit/say.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import type { Question } from "../../../src/model/question.ts";
import type { World } from "../../../src/model/world/world.ts";
import { AnswerListener } from "../../../src/management-room/questions/hear-answer.ts";
import {
  aWorld,
  desk,
  event,
  live,
  lobby,
  me,
  member,
  nextEvent,
  see,
  state,
  user,
} from "../../support/make.ts";

const mod = user("@mod:example.org");
const stranger = user("@stranger:x");
const ours = event("$question-1");

let world: World;
let answers: AnswerListener;

beforeEach(() => {
  world = aWorld();
  see(world, live(desk, member(mod, "join")));
  put({ id: 1, message: ours });
  answers = new AnswerListener({ world, commands, distrust: () => undefined });
});

function put(more: Partial<Question>): void {
  const question: Question = {
    id: 1,
    about: { kind: "rooms", rooms: [lobby] },
    say: plain("Question"),
    askedAt: 0,
    expiresAt: 1_000_000,
    message: undefined,
    told: 1,
    answer: undefined,
    ...more,
  };
  world.apply({ kind: "asked", question, at: 0, dueBy: 0 });
}

const said = (
  body: string,
  { by = mod, content = {} }: { by?: string; content?: object } = {},
): RoomEvent => ({
  type: "m.room.message",
  sender: user(by),
  eventId: nextEvent(),
  content: { msgtype: "m.text", body, ...content },
  sentAt: 7,
});
const reaction = (key: string, { by = mod, to = ours }: { by?: string; to?: string } = {}): RoomEvent => ({
  type: "m.reaction",
  sender: user(by),
  eventId: nextEvent(),
  content: { "m.relates_to": { rel_type: "m.annotation", event_id: to, key } },
  sentAt: 7,
});
const reply = { "m.relates_to": { "m.in_reply_to": { event_id: ours } } };
const questionSaid = (): RoomEvent => ({ ...said("Question 1", { by: me }), eventId: ours });
const heard = (one: RoomEvent, room = desk) => {
  const answer = answers.listen(room, one)?.action;
  return answer && { question: answer.question, yes: answer.yes, by: answer.by };
};

describe("an answer is", () => {
  test.each([
    ["a tick on the question", reaction("✅"), true],
    ["a cross on the question", reaction("❌"), false],
    ["a yes in reply to it", said("yes", { content: reply }), true],
    ["a no in reply to it", said("no", { content: reply }), false],
  ])("%s", (_, one, yes) => {
    expect(heard(one)).toEqual({ question: 1, yes, by: mod });
  });

  test("a bare yes right after it", () => {
    answers.listen(desk, questionSaid());

    expect(heard(said("yes"))).toEqual({ question: 1, yes: true, by: mod });
  });
});

describe("no answer is", () => {
  test.each([
    ["what somebody says who is no moderator", reaction("✅", { by: stranger }), desk],
    ["our own mark", reaction("✅", { by: me }), desk],
    ["what is said in another room", reaction("✅"), lobby],
    ["a mark on another message", reaction("✅", { to: "$other" }), desk],
    ["another mark", reaction("🎉"), desk],
    ["other words in reply", said("perhaps", { content: reply }), desk],
    ["a bare yes long after it", said("yes"), desk],
  ] as const)("%s", (_, one, room) => {
    expect(heard(one, room)).toBeUndefined();
  });

  test("a bare yes after something else was said", () => {
    answers.listen(desk, questionSaid());
    answers.listen(desk, said("what is this?"));

    expect(heard(said("yes"))).toBeUndefined();
  });

  test("a bare yes that may be meant for either of two", () => {
    put({
      id: 2,
      about: { kind: "rules", list: lobby, rules: [event("$r")] },
      message: event("$question-2"),
    });
    answers.listen(desk, questionSaid());
    answers.listen(desk, { ...questionSaid(), eventId: event("$question-2") });

    expect(heard(said("yes"))).toBeUndefined();
  });

  test("anything about a question that has its answer", () => {
    put({ id: 1, message: ours, answer: { yes: false, by: mod, at: 3 } });

    expect(heard(reaction("✅"))).toBeUndefined();
  });

  test("anything while everybody can join the room", () => {
    see(world, live(desk, state("m.room.join_rules", { join_rule: "public" })));

    expect(heard(reaction("✅"))).toBeUndefined();
  });
});

test("who answered, and how, is the cause of the act", () => {
  expect(answers.listen(desk, reaction("✅"))!.because).toMatchObject({
    kind: "command",
    by: mod,
    text: "yes 1",
    via: "reaction",
  });
  expect(answers.listen(desk, said("no", { content: reply }))!.because).toMatchObject({
    text: "no 1",
    via: "word",
  });
});
