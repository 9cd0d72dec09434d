import { expect, test } from "@jest/globals";
import { BareAnswers } from "../../../src/management-room/hearing/bare-answers.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import type { Question } from "../../../src/model/question.ts";
import { event, lobby, me, user } from "../../support/make.ts";
import { say } from "../../../src/kit/say.ts";

const ours = (id: string, type = "m.room.message"): RoomEvent => ({
  type,
  sender: me,
  eventId: event(id),
  content: {},
  sentAt: 0,
});
/** Question number `id`, asked by the message `$id`. */
const question = (id: number, about: Question["about"] = { kind: "rooms", rooms: [lobby] }): Question => ({
  id,
  about,
  message: event(`$${id}`),
  say: say`?`,
  askedAt: 0,
  expiresAt: 0,
  told: 1,
  answer: undefined,
});
const offer = (id: number) =>
  question(id, { kind: "offer", offer: "ban", user: user("@rude:x"), text: "ban @rude:x" });

test("right after the only question a bare yes is meant for it", () => {
  const bare = new BareAnswers();
  bare.noteOwn(ours("$1"));

  expect(bare.questionMeant([question(1)])?.id).toBe(1);
});

test("further messages of ours change nothing", () => {
  const bare = new BareAnswers();
  for (const id of ["$1", "$2", "$3"]) bare.noteOwn(ours(id));

  expect(bare.questionMeant([question(1)])?.id).toBe(1);
});

test("after a message of a person the question needs its number", () => {
  const bare = new BareAnswers();
  bare.noteOwn(ours("$1"));
  bare.noteOther();

  expect(bare.questionMeant([question(1)])).toBeUndefined();
});

test("of two open questions neither is meant", () => {
  const bare = new BareAnswers();
  for (const id of ["$1", "$2"]) bare.noteOwn(ours(id));

  expect(bare.questionMeant([question(1), question(2)])).toBeUndefined();
});

test("an older offer makes a yes no less clear; a newer one does", () => {
  const bare = new BareAnswers();
  for (const id of ["$1", "$2", "$3"]) bare.noteOwn(ours(id));

  expect(bare.questionMeant([offer(1), question(2)])?.id).toBe(2);
  expect(bare.questionMeant([question(2), offer(3)])).toBeUndefined();
  expect(bare.questionMeant([offer(3)])?.id).toBe(3);
});

test("a question whose message is not in the room yet is not meant", () => {
  expect(new BareAnswers().questionMeant([question(1)])).toBeUndefined();
});

test("reactions of ours are no questions", () => {
  const bare = new BareAnswers();
  bare.noteOwn(ours("$1", "m.reaction"));

  expect(bare.questionMeant([question(1)])).toBeUndefined();
});
