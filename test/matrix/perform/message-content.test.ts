import { expect, test } from "@jest/globals";
import { bullets, code, lines, plain, say } from "../../../src/kit/say.ts";
import { messageContent } from "../../../src/matrix/perform/message-content.ts";
import { event } from "../../support/make.ts";

test.each([
  ["markup and pings", "🦄<@room>&\u202E"],
  ["what grows most by escaping", "&<>"],
  ["characters of three bytes", "禁止"],
])("the longest answer full of %s fits into an event, also as an edit, and pings nobody", (_what, piece) => {
  const hostile = piece.repeat(100);
  const items = Array.from({ length: 200 }, (_, i) => say`${i}: ${plain(hostile)} ${code(hostile)}`);
  const answer = lines(plain("All"), bullets(items));

  for (const edits of [undefined, event("$first")]) {
    const content = messageContent({ say: answer, edits, replyTo: event("$to") }, 15_500);

    const json = JSON.stringify(content);
    expect(Buffer.byteLength(json) < 63_000).toBe(true);
    expect(/@room|\u202E/.test(json)).toBe(false);
    expect(/<(?!br>)/.test(String(content["formatted_body"]))).toBe(false);
    expect(content["m.mentions"]).toEqual({});
    expect(String(content["body"]).includes("shortened")).toBe(true);
  }
});
