import { describe, expect, test } from "@jest/globals";
import { readYesOrNo } from "../../../src/management-room/hearing/question-answers.ts";
import type { JsonObject } from "../../../src/kit/json.ts";
import { event, user } from "../../support/make.ts";

const heard = (type: string, content: JsonObject) =>
  readYesOrNo({ type, content, sender: user("@mod:example.org"), eventId: event("$it"), sentAt: 0 });
const reaction = (key: unknown, to: unknown = "$question") =>
  heard("m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id: to, key } });
const message = (body: unknown, relation?: JsonObject) =>
  heard("m.room.message", { msgtype: "m.text", body, ...(relation ? { "m.relates_to": relation } : {}) });

describe("a reaction", () => {
  test.each(["✅", "👍", "👍🏽", "✔️", "☑"])("%s is a yes", (key) => {
    expect(reaction(key)).toEqual({ yes: true, to: "$question", isEdit: false });
  });

  test.each(["❌", "👎", "👎🏿", "✖️"])("%s is a no", (key) => {
    expect(reaction(key)).toEqual({ yes: false, to: "$question", isEdit: false });
  });

  test("🚫 is a no, and a ban where that can be answered", () => {
    expect(reaction("🚫")).toEqual({ yes: false, ban: true, to: "$question", isEdit: false });
  });

  test.each([["🎉"], ["✅✅"], [""], [undefined], [7], [{}]])("%p is no answer", (key) => {
    expect(reaction(key)).toBeUndefined();
  });

  test("to nothing is no answer", () => {
    expect(reaction("✅", "no event")).toBeUndefined();
  });
});

describe("a message", () => {
  test.each([
    ["yes", true],
    ["Yes!", true],
    [" y ", true],
    ["✅", true],
    ["no", false],
    ["No.", false],
    ["N", false],
  ])("%p is an answer", (body, yes) => {
    expect(message(body)).toEqual({ yes, to: undefined, isEdit: false });
  });

  test.each(["yes please", "yesterday", "nope not that", "", "!tyr yes", 7, undefined])(
    "%p is none",
    (body) => {
      expect(message(body)).toBeUndefined();
    },
  );

  test("that is a reply answers the message it replies to, its quotation left out", () => {
    const reply = message("> <@tyr:example.org> Question 1\n> no\n\nyes", {
      "m.in_reply_to": { event_id: "$question" },
    });

    expect(reply).toEqual({ yes: true, to: "$question", isEdit: false });
  });

  test("that is edited into an answer is known as an edit", () => {
    expect(message("* yes", { rel_type: "m.replace", event_id: "$said" })?.isEdit).toBe(true);
  });
});
