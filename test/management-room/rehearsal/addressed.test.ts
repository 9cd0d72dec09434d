import { describe, expect, test } from "@jest/globals";
import { addressedBy, type AddressedView } from "../../../src/management-room/rehearsal/addressed.ts";
import type { JsonObject } from "../../../src/kit/json.ts";
import { event, user } from "../../support/make.ts";

const its = event("$question-of-it");
const real = event("$real");

function to(
  content: JsonObject,
  { type = "m.room.message", asks = true, isAnythingRealDone = false } = {},
): string {
  const view: AddressedView = {
    isItsMessage: (one) => one === its,
    numbersAfter: 1_000,
    asks: () => asks,
    isAnythingRealDone: () => isAnythingRealDone,
    lineOf: ({ content: { body } }) => /^!tyr (.*)$/.exec(String(body))?.[1],
  };
  const one = { type, sender: user("@mod:example.org"), eventId: event("$said"), sentAt: 0 };
  return addressedBy({ ...one, content: { msgtype: "m.text", ...content } }, view);
}

const words = (body: string) => ({ body });
const replyTo = (body: string, target: string) => ({
  body,
  "m.relates_to": { "m.in_reply_to": { event_id: target } },
});
const reactionOn = (target: string) => ({
  "m.relates_to": { rel_type: "m.annotation", event_id: target, key: "⛔" },
});

describe("what is said while a rehearsal goes on", () => {
  test.each([
    ["!tyr no 1001", "rehearsal"],
    ["!tyr yes 7", "real"],
    ["!tyr no", "rehearsal"],
    ["no", "rehearsal"],
    ["✅", "rehearsal"],
    ["who is this?", "both"],
    ["!tyr waves clean", "rehearsal"],
    ["!tyr waves clean last", "rehearsal"],
    ["!tyr waves clean 12", "real"],
    ["!tyr undo 1002", "rehearsal"],
    ["!tyr undo #1002", "rehearsal"],
    ["!tyr undo 12", "real"],
    ["!tyr undo", "rehearsal"],
    ["!tyr release 1002", "rehearsal"],
    ["!tyr raid 2h", "rehearsal"],
    ["!tyr STOP", "rehearsal"],
    ["!tyr stop 5000", "rehearsal"],
    ["!tyr rehearse stop", "real"],
    ["!tyr status", "real"],
    ["!tyr ban @spam:evil.example", "real"],
    ["!tyr ban @a1:one.rehearsal.invalid", "rehearsal"],
    ["!tyr why @a1:one.rehearsal.invalid", "rehearsal"],
  ])("%s: to %s", (body, expected) => {
    expect(to(words(body))).toBe(expected);
  });

  test("goes to whose message it is about", () => {
    expect(to(reactionOn(its), { type: "m.reaction" })).toBe("rehearsal");
    expect(to(reactionOn(real), { type: "m.reaction" })).toBe("real");
    expect(to(replyTo("!tyr ban", its))).toBe("rehearsal");
    expect(to(replyTo("!tyr undo", real))).toBe("real");
    expect(to(replyTo("yes", real))).toBe("both");
  });

  test("is real, where the words may be about something real", () => {
    expect(to(words("!tyr stop"), { isAnythingRealDone: true })).toBe("both");
    expect(to(words("!tyr undo"), { isAnythingRealDone: true })).toBe("real");
    expect(to(words("!tyr undo 1002"), { isAnythingRealDone: true })).toBe("rehearsal");
    expect(to(words("!tyr yes"), { asks: false })).toBe("real");
    expect(to(words("yes"), { asks: false })).toBe("both");
  });

  test("is real, where it is an edit", () => {
    const edit = { "m.relates_to": { rel_type: "m.replace", event_id: its } };

    expect(to({ body: "* !tyr stop", ...edit })).toBe("real");
  });
});
