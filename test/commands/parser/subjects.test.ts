import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { subjectOfMessage } from "../../../src/commands/parser/subjects.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import { noSubject, readSubject, subjectContent, subjectKey } from "../../../src/model/subject.ts";
import { event, me, user } from "../../support/make.ts";

const message = (content: Record<string, unknown>, sender = "@mod:example.org"): RoomEvent => ({
  type: "m.room.message",
  sender: user(sender),
  eventId: event("$1"),
  content: { msgtype: "m.text", ...content },
  sentAt: 0,
});
const about = (content: Record<string, unknown>, sender?: string) =>
  subjectOfMessage(message(content, sender), me);

describe("a message of a person is about", () => {
  test.each([
    ["see @rude:example.org, please", { who: ["@rude:example.org"] }],
    ["(@rude:example.org)", { who: ["@rude:example.org"] }],
    ["@rude:example.org:8448!", { who: ["@rude:example.org:8448"] }],
    ["\u2068@rude:example.org\u2069 again", { who: ["@rude:example.org"] }],
    ["@a:x and @b:x and @a:x", { who: ["@a:x", "@b:x"] }],
    ["https://matrix.to/#/@rude:example.org", { who: ["@rude:example.org"] }],
    ["in #lobby:example.org or !room:example.org", { rooms: ["#lobby:example.org", "!room:example.org"] }],
    [
      "in !AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd.",
      { rooms: ["!AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd"] },
    ],
    [
      "see https://matrix.to/#/!r:x/$e?via=x.",
      { events: ["https://matrix.to/#/!r:x/$e?via=x"], who: [], rooms: [] },
    ],
    ["mail a@b:c, @everybody, #1, !important, @: and @a:", noSubject],
    ["", noSubject],
  ])("%p: %p", (body, subject) => {
    expect(about({ body })).toMatchObject(subject);
  });

  test("its pills, and of an edit what it says now", () => {
    const html = (who: string) => `<a href="https://matrix.to/#/${who}">somebody</a>`;

    expect(about({ body: "somebody", formatted_body: html("%40rude%3Ax") }).who).toEqual(["@rude:x"]);
    const single = "<a href='https://matrix.to/#/@rude:x'>somebody</a>";
    expect(about({ body: "somebody", formatted_body: single }).who).toEqual(["@rude:x"]);
    expect(
      about({ body: "* @a:x", "m.new_content": { body: "@b:x" }, "m.relates_to": { rel_type: "m.replace" } })
        .who,
    ).toEqual(["@b:x"]);
  });

  test("ten of each at most", () => {
    const body = Array.from({ length: 50 }, (_, i) => `@u${i}:x #r${i}:x`).join(" ");

    expect(about({ body }).who).toHaveLength(10);
    expect(about({ body }).rooms).toHaveLength(10);
  });

  test("never what only our own messages may say of themselves", () => {
    const content = { body: "hi", [subjectKey]: { who: ["@a:x"], rooms: [], events: [], incident: 3 } };

    expect(about(content)).toEqual(noSubject);
    expect(about(content, me)).toMatchObject({ who: ["@a:x"], incident: 3 });
  });

  test("nothing that throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.json(), (body, json) => {
        expect(about({ body, formatted_body: json, [subjectKey]: JSON.parse(json) })).toHaveProperty("who");
        expect(about({ body, [subjectKey]: JSON.parse(json) }, me)).toHaveProperty("who");
      }),
    );
  });
});

describe("what our messages carry", () => {
  test("comes back as it was, from an edit too", () => {
    const subject = { who: ["@a:x"], rooms: ["!r:x"], events: ["https://matrix.to/#/!r:x/$e"], incident: 7 };
    const field = { [subjectKey]: subjectContent(subject) };

    expect(readSubject(field)).toEqual(subject);
    expect(readSubject({ body: "* x", "m.new_content": field })).toEqual(subject);
  });

  test("leaves room for the longest answer, however long the ids are", () => {
    const long = Array.from({ length: 100 }, (_, i) => `@${"ü".repeat(120)}${i}:x`);
    const content = subjectContent({ who: long, rooms: long, events: long });

    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(1_700);
    expect((content["who"] as string[]).length).toBeGreaterThan(0);
  });
});
