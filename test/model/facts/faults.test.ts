// What is wrong with an event, and above all: what is not.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { JsonObject } from "../../../src/kit/json.ts";
import { faultsOf } from "../../../src/model/facts/faults.ts";

const encrypted = { url: "mxc://x/y", key: {}, iv: "x", hashes: {}, v: "v2" };

/** Events as clients, bridges and bots send them. */
const right: readonly (readonly [type: string, content: JsonObject])[] = [
  ["m.room.message", { msgtype: "m.text", body: "x" }],
  [
    "m.room.message",
    { msgtype: "m.notice", body: "", format: "org.matrix.custom.html", formatted_body: "<b>x</b>" },
  ],
  ["m.room.message", { msgtype: "m.text", body: "x", format: "org.matrix.custom.html" }],
  ["m.room.message", { msgtype: "org.example.confetti", body: "x", "org.example.more": [1, { a: null }] }],
  ["m.room.message", { msgtype: "m.text", body: "x", "m.mentions": {} }],
  ["m.room.message", { msgtype: "m.text", body: "x", "m.mentions": { user_ids: ["@a:x"], room: false } }],
  [
    "m.room.message",
    { msgtype: "m.text", body: "x", "m.relates_to": { "m.in_reply_to": { event_id: "$0" } } },
  ],
  [
    "m.room.message",
    {
      msgtype: "m.text",
      body: "x",
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: "$0",
        is_falling_back: true,
        "m.in_reply_to": { event_id: "$0" },
      },
    },
  ],
  [
    "m.room.message",
    {
      msgtype: "m.text",
      body: "* x",
      "m.new_content": { msgtype: "m.text", body: "x" },
      "m.relates_to": { rel_type: "m.replace", event_id: "$0" },
    },
  ],
  ["m.room.message", { msgtype: "m.image", body: "x", url: "mxc://x/y" }],
  ["m.room.message", { msgtype: "m.image", body: "x", url: "mxc://x/y", info: null, filename: null }],
  [
    "m.room.message",
    {
      msgtype: "m.video",
      body: "x",
      file: encrypted,
      info: {
        mimetype: "video/mp4",
        size: 3,
        w: 1,
        h: 2,
        duration: 12.5,
        thumbnail_file: encrypted,
        thumbnail_info: { w: 1, h: 1, size: 1, mimetype: "image/png" },
        "xyz.amorgan.blurhash": "x",
      },
    },
  ],
  ["m.room.message", { msgtype: "m.audio", body: "x", url: "mxc://x/y", "org.matrix.msc3245.voice": {} }],
  ["m.room.message", { msgtype: "m.location", body: "x", geo_uri: "geo:1,2" }],
  ["m.room.message", {}],
  ["m.sticker", { body: "x", url: "mxc://x/y", info: { w: 1, h: 1 } }],
  ["m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id: "$0", key: "+" } }],
  [
    "m.room.encrypted",
    { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "x", session_id: "x", device_id: "x" },
  ],
  ["m.room.encrypted", { algorithm: "m.olm.v1", ciphertext: { x: { type: 0, body: "x" } }, sender_key: "x" }],
  ["m.room.redaction", { redacts: "$0", reason: "spam" }],
  ["m.room.member", { membership: "join", displayname: null, avatar_url: null }],
  ["m.room.member", { membership: "invite", is_direct: true, displayname: "x", reason: "x" }],
  ["m.room.topic", { topic: "x", "m.topic": { "m.text": [{ body: "x" }] } }],
  ["m.room.name", { name: "" }],
  ["m.room.avatar", { url: "mxc://x/y" }],
  ["m.room.pinned_events", { pinned: [] }],
  ["m.room.canonical_alias", { alias: null, alt_aliases: ["#a:x"] }],
  ["m.poll.start", { anything: 3 }],
  ["org.example.thing", { body: 3 }],
];

const wrong: readonly (readonly [faults: number, type: string, content: JsonObject])[] = [
  [1, "m.room.message", { msgtype: "m.text" }],
  [1, "m.room.message", { msgtype: "m.text", body: null }],
  [2, "m.room.message", { msgtype: 3, body: [] }],
  [1, "m.room.message", { msgtype: "m.text", body: "x", formatted_body: "x" }],
  [2, "m.room.message", { msgtype: "m.text", body: "x", formatted_body: {} }],
  [1, "m.room.message", { msgtype: "m.text", body: "x", "m.relates_to": "x" }],
  [1, "m.room.message", { msgtype: "m.text", body: "x", "m.relates_to": [] }],
  [1, "m.room.message", { msgtype: "m.text", body: "x", "m.relates_to": { "m.in_reply_to": {} } }],
  [2, "m.room.message", { msgtype: "m.text", body: "x", "m.relates_to": { rel_type: 1, event_id: {} } }],
  [
    1,
    "m.room.message",
    { msgtype: "m.text", body: "x", "m.relates_to": { rel_type: "m.replace", event_id: "$0" } },
  ],
  [1, "m.room.message", { msgtype: "m.text", body: "x", "m.mentions": ["@a:x"] }],
  [2, "m.room.message", { msgtype: "m.text", body: "x", "m.mentions": { user_ids: "@a:x", room: "yes" } }],
  [1, "m.room.message", { msgtype: "m.text", body: "x", "m.mentions": { user_ids: [3, 4] } }],
  [1, "m.room.message", { msgtype: "m.image", body: "x" }],
  [4, "m.room.message", { msgtype: "m.image", body: "x", file: {} }],
  [2, "m.room.message", { msgtype: "m.image", body: "x", url: "mxc://x/y", info: { w: "3", size: {} } }],
  [1, "m.room.message", { msgtype: "m.location", body: "x" }],
  [3, "m.reaction", { "m.relates_to": {} }],
  [1, "m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id: "$0" } }],
  [1, "m.reaction", { shown: "+" }],
  [2, "m.room.encrypted", { session_id: "x" }],
  [2, "m.room.member", { membership: "join", displayname: 3, avatar_url: {} }],
  [1, "m.room.topic", { topic: ["x"] }],
  [1, "m.room.pinned_events", { pinned: [{}] }],
];

describe("what the specification allows has no fault", () => {
  test.each(right)("%s: %j", (type, content) => {
    expect(faultsOf(type, content)).toBe(0);
  });

  test("nor with further fields", () => {
    const further = fc.dictionary(
      fc.string().map((name) => `org.example.${name}`),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...right), further, ([type, content], more) => {
        expect(faultsOf(type, Object.keys(content).length === 0 ? {} : { ...more, ...content })).toBe(0);
      }),
    );
  });
});

describe("what it forbids is counted", () => {
  test.each(wrong)("%i: %s %j", (faults, type, content) => {
    expect(faultsOf(type, content)).toBe(faults);
  });
});

test("nothing breaks it, and its count is bounded", () => {
  const types = fc.constantFrom(...new Set(right.map(([type]) => type)));
  const field = fc.constantFrom(
    "body",
    "msgtype",
    "info",
    "file",
    "m.relates_to",
    "m.mentions",
    "m.new_content",
    "membership",
  );
  fc.assert(
    fc.property(types, fc.dictionary(field, fc.jsonValue()), (type, content) => {
      expect(faultsOf(type, content as JsonObject)).toBeLessThan(100);
    }),
  );
});
