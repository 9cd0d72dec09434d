import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { JsonObject } from "../../src/kit/json.ts";
import { RecentWords } from "../../src/model/recent-words.ts";
import { keepable } from "../../src/model/stash.ts";
import { event, hall, lobby, user } from "../support/make.ts";

const ann = user("@ann:example.org");
const said = (content: JsonObject, id = "$1", type = "m.room.message") => ({
  type,
  sender: ann,
  eventId: event(id),
  content,
  sentAt: 5,
});
const kept = (content: JsonObject) => keepable(lobby, said(content))?.kept.content;

test("text, edits and relations are kept; what leads to a file or shows one is not", () => {
  expect(
    kept({
      msgtype: "m.image",
      body: "look",
      url: "mxc://x/y",
      file: { url: "mxc://x/y", key: { k: "secret" } },
      info: { w: 3, mimetype: "image/png", thumbnail_url: "mxc://x/z", "xyz.amorgan.blurhash": "LEHV6" },
      "m.new_content": { body: "look again" },
      "m.relates_to": { rel_type: "m.replace", event_id: "$0" },
    }),
  ).toEqual({
    msgtype: "m.image",
    body: "look",
    info: { w: 3, mimetype: "image/png" },
    "m.new_content": { body: "look again" },
    "m.relates_to": { rel_type: "m.replace", event_id: "$0" },
  });
});

test("what is encrypted is not kept, as nobody could read it", () => {
  expect(keepable(lobby, said({ ciphertext: "x" }, "$1", "m.room.encrypted"))).toBeUndefined();
});

test("whatever an event holds, what is kept of it is small, and has nothing that was not in it", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 8, withNullPrototype: true }), (content) => {
      const text = JSON.stringify(kept(content));
      expect(text.length).toBeLessThan(120_000);
    }),
  );
  expect(JSON.stringify(kept({ body: "x".repeat(60_000) }))).toHaveLength(8_000 + '{"body":""}'.length);
  expect(JSON.stringify(kept({ list: Array.from({ length: 60_000 }, () => 1) })).length).toBeLessThan(20_000);
  expect(
    JSON.stringify(kept(JSON.parse(`{"a":${'{"a":'.repeat(500)}1${"}".repeat(501)}`) as JsonObject)).length,
  ).toBeLessThan(60);
  expect(kept(JSON.parse('{"__proto__":{"x":1},"body":"a"}') as JsonObject)).toEqual(
    JSON.parse('{"__proto__":{"x":1},"body":"a"}'),
  );
});

test("words of the last quarter of an hour are in memory, the oldest go, and a person's can be found and forgotten", () => {
  const words = new RecentWords();
  words.heard(lobby, said({ body: "old" }, "$old"), 0);
  words.heard(hall, said({ body: "here" }, "$here"), 10 * 60_000);
  words.heard(lobby, said({ body: "now" }, "$now"), 16 * 60_000);

  expect(words.get(event("$old"))).toBeUndefined();
  expect(words.of(ann, new Set([lobby])).map((one) => one.event)).toEqual(["$now"]);
  words.forgetPerson(ann);
  expect(words.get(event("$here"))).toBeUndefined();
});

test("however much is said, what is in memory stays bounded", () => {
  const words = new RecentWords();
  for (let i = 0; i < 3_000; i++) words.heard(lobby, said({ body: "x".repeat(9_000) }, `$${i}`), 0);

  expect(words.get(event("$2600"))).toBeDefined();
  expect(words.get(event("$2400"))).toBeUndefined();
});

test("the same event heard again and again takes no more room, and keeps its newest form", () => {
  const words = new RecentWords();
  words.heard(lobby, said({ body: "first" }, "$first"), 0);
  for (let i = 0; i < 60_000; i++) words.heard(lobby, said({ body: `again ${i}` }, "$again"), 1);

  expect(words.get(event("$first"))?.content).toEqual({ body: "first" });
  expect(words.get(event("$again"))?.content).toEqual({ body: "again 59999" });
});
