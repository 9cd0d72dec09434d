import { expect, test } from "@jest/globals";
import {
  isEdit,
  replyTarget,
  threadRoot,
  withoutHtmlFallback,
  withoutReplyFallback,
} from "../../../src/management-room/hearing/relations.ts";

const related = (relation: unknown) => ({ content: { "m.relates_to": relation } });
const reply = { "m.in_reply_to": { event_id: "$0" } };
const thread = { rel_type: "m.thread", event_id: "$root" };

test("a reply names its message, and no thread", () => {
  expect(replyTarget(related(reply))).toBe("$0");
  expect(threadRoot(related(reply))).toBeUndefined();
});

test("in a thread only a reply that was meant counts", () => {
  expect(replyTarget(related({ ...thread, ...reply, is_falling_back: true }))).toBeUndefined();
  expect(replyTarget(related({ ...thread, ...reply }))).toBe("$0");
  expect(threadRoot(related({ ...thread, ...reply }))).toBe("$root");
});

test("an edit is one, whatever else it says", () => {
  expect(isEdit(related({ rel_type: "m.replace", event_id: "$0" }))).toBe(true);
  expect(isEdit(related({ ...thread, ...reply }))).toBe(false);
});

test.each([undefined, null, "text", [], { "m.in_reply_to": [] }, { "m.in_reply_to": { event_id: "no id" } }])(
  "%p is no relation",
  (nonsense) => {
    expect(replyTarget(related(nonsense))).toBeUndefined();
    expect(threadRoot(related(nonsense))).toBeUndefined();
    expect(isEdit(related(nonsense))).toBe(false);
  },
);

test("the quotation before a reply is removed, a quotation after it stays", () => {
  expect(withoutReplyFallback("> <@a:x> one\n> two\n\nanswer\n> quoted")).toBe("answer\n> quoted");
  expect(withoutReplyFallback("answer")).toBe("answer");
  expect(withoutHtmlFallback("<mx-reply><b>one</b>\ntwo</mx-reply>answer")).toBe("answer");
  expect(withoutHtmlFallback("answer <mx-reply>")).toBe("answer <mx-reply>");
});
