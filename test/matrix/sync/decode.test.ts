import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeInviter, decodeOwnLeave } from "../../../src/matrix/sync/decode-own-membership.ts";
import {
  decodeBans,
  decodeMembers,
  decodeState,
  decodeStateEvent,
} from "../../../src/matrix/sync/decode-state.ts";
import { decodeSync, roomsIn } from "../../../src/matrix/sync/decode-sync.ts";
import { decodeRedactable, decodeTimelineEvent } from "../../../src/matrix/sync/decode-timeline.ts";
import { desk, lobby, me, user } from "../../support/make.ts";

const now = { late: false };
const message = {
  type: "m.room.message",
  sender: "@ann:example.org",
  event_id: "$1",
  content: { body: "hi", msgtype: "m.text" },
  origin_server_ts: 5,
};
const join = {
  ...message,
  type: "m.room.member",
  state_key: "@ann:example.org",
  content: { membership: "join" },
};

describe("an event of the timeline", () => {
  test("is a message, or state where it has a state key, even an empty one", () => {
    expect(decodeTimelineEvent(lobby, message, now)).toMatchObject({
      kind: "message",
      late: false,
      event: { type: "m.room.message", sender: "@ann:example.org", eventId: "$1", sentAt: 5 },
    });
    expect(decodeTimelineEvent(lobby, { ...message, type: "m.room.name", state_key: "" }, now)).toMatchObject(
      {
        kind: "state",
        fromTimeline: true,
        event: { stateKey: "" },
      },
    );
  });

  test("from a gap is late, and its state is left to the reading of the whole", () => {
    expect(decodeTimelineEvent(lobby, message, { late: true })).toMatchObject({
      kind: "message",
      late: true,
    });
    expect(decodeTimelineEvent(lobby, join, { late: true })).toBeUndefined();
  });

  test.each([
    ["in the content, as since version 11", { content: { redacts: "$9" } }],
    ["beside it, as before", { redacts: "$9", content: {} }],
    ["in both places", { redacts: "$9", content: { redacts: "$9" } }],
  ])("that redacts names its target %s", (_what, more) => {
    expect(decodeTimelineEvent(lobby, { ...message, type: "m.room.redaction", ...more }, now)).toMatchObject({
      kind: "redaction",
      redacts: "$9",
      eventId: "$1",
    });
  });

  test("that redacts nothing is odd", () => {
    expect(decodeTimelineEvent(lobby, { ...message, type: "m.room.redaction" }, now)).toMatchObject({
      kind: "malformed",
    });
  });

  test.each([
    ["no object", "event"],
    ["no type", { ...message, type: undefined }],
    ["a type that is too long", { ...message, type: "x".repeat(256) }],
    ["an odd sender", { ...message, sender: "ann" }],
    ["an odd event id", { ...message, event_id: 5 }],
    ["a content that is a list", { ...message, content: [] }],
    ["no content", { ...message, content: undefined }],
  ])("with %s is odd, and told in a sentence", (_what, raw) => {
    const seen = decodeTimelineEvent(lobby, raw, now);

    expect(seen).toMatchObject({ kind: "malformed", room: lobby });
    expect(seen?.kind === "malformed" && seen.what).toMatch(/^an event /);
  });

  test("without a sensible time is from the beginning of time", () => {
    const seen = decodeTimelineEvent(lobby, { ...message, origin_server_ts: "now" }, now);

    expect(seen).toMatchObject({ event: { sentAt: 0 } });
  });
});

describe("state", () => {
  test("needs a state key", () => {
    expect(decodeStateEvent(lobby, message)).toMatchObject({ kind: "malformed" });
    expect(decodeStateEvent(lobby, join)).toMatchObject({ kind: "state", fromTimeline: false });
  });

  test("of a whole room comes with what was odd in it", () => {
    const { events, malformed } = decodeState(lobby, [join, 5, { ...join, sender: "nobody" }]);

    expect(events).toHaveLength(1);
    expect(malformed).toHaveLength(2);
  });
});

test("of members the odd ones are left out", () => {
  const chunk = [
    join,
    { ...join, state_key: "nobody" },
    { ...join, content: { membership: "sitting" } },
    message,
    null,
  ];

  expect(decodeMembers({ chunk })).toEqual([
    { user: "@ann:example.org", membership: "join", sender: "@ann:example.org", eventId: "$1" },
  ]);
  expect(decodeMembers({ chunk: "none" })).toEqual([]);
});

test("of the bans of a room whom, by whom and why is kept, the reason cut short", () => {
  const ban = { ...join, sender: "@mod:example.org", content: { membership: "ban", reason: "x".repeat(50) } };
  const chunk = [
    ban,
    join,
    { ...ban, state_key: "@bob:example.org", content: { membership: "ban", reason: 7 } },
    { ...ban, state_key: "nobody" },
    { ...ban, content: undefined },
    null,
  ];

  expect(decodeBans({ chunk }, 10)).toEqual([
    { user: "@ann:example.org", by: "@mod:example.org", reason: "x".repeat(10) },
    { user: "@bob:example.org", by: "@mod:example.org", reason: "" },
  ]);
  expect(decodeBans({ chunk: "none" }, 10)).toEqual([]);
});

describe("an invitation", () => {
  test("is by whoever wrote our member event", () => {
    const invite = {
      type: "m.room.member",
      state_key: me,
      sender: "@mod:example.org",
      content: { reason: "help" },
    };

    expect(decodeInviter([{ ...invite, state_key: "@other:x", sender: "@not:x" }, invite], me)).toEqual({
      by: "@mod:example.org",
      reason: "help",
    });
  });

  test("is by whom our own server says, which comes last, whatever a remote server put before", () => {
    const invite = { ...message, type: "m.room.member", state_key: me, sender: "@mod:example.org" };
    const forged = { ...invite, sender: "@forged:x" };

    expect(decodeInviter([forged, invite], me)).toMatchObject({ by: "@mod:example.org" });
  });

  test("without one, or with an odd sender, is by nobody", () => {
    expect(decodeInviter(undefined, me)).toEqual({ by: undefined, reason: undefined });
    expect(decodeInviter([5, { type: "m.room.member", state_key: me, sender: 5 }], me)).toEqual({
      by: undefined,
      reason: undefined,
    });
  });
});

describe("our leaving", () => {
  const leave = (content: object, sender = "@mod:example.org") => ({
    ...message,
    type: "m.room.member",
    state_key: me,
    sender,
    content,
  });

  test("is told by the newest member event of ours", () => {
    const events = [
      leave({ membership: "join" }, me),
      leave({ membership: "ban", reason: "bad bot" }),
      message,
    ];

    expect(decodeOwnLeave(events, me)).toEqual({
      membership: "ban",
      by: "@mod:example.org",
      reason: "bad bot",
    });
  });

  test("by ourselves is by nobody else", () => {
    expect(decodeOwnLeave([leave({ membership: "leave" }, me)], me)).toMatchObject({
      membership: "leave",
      by: undefined,
    });
  });

  test("without any event is a leave all the same", () => {
    expect(decodeOwnLeave([], me)).toEqual({ membership: "leave", by: undefined, reason: undefined });
  });
});

describe("receipts", () => {
  const of = (content: unknown, room: string = desk) =>
    decodeSync(
      {
        rooms: {
          join: { [room]: { ephemeral: { events: [{ type: "m.receipt", content }, { type: "m.typing" }] } } },
        },
      },
      { self: me, isJoined: () => true, receiptsOf: () => desk, since: "s1" },
    );

  test("say who has read how far, public and private ones", () => {
    const content = {
      $1: { "m.read": { "@ann:x": { ts: 1 }, "@bob:x": { ts: 2, thread_id: "main" } } },
      $2: { "m.read.private": { "@cid:x": {} }, "m.other": { "@dan:x": {} } },
    };

    expect(of(content)).toEqual(
      [
        ["@ann:x", "$1"],
        ["@bob:x", "$1"],
        ["@cid:x", "$2"],
      ].map(([who, event]) => ({ kind: "receipt", room: desk, user: who, event })),
    );
  });

  test("are not looked at in other rooms, which no server should send", () => {
    expect(of({ $1: { "m.read": { "@ann:x": {} } } }, lobby)).toEqual([]);
  });

  test.each([
    [null],
    [[]],
    [{ nonsense: 1 }],
    [{ $1: { "m.read": { nobody: {} } } }],
    [{ $1: { "m.read": 5 } }],
  ])("%j is nothing", (content) => {
    expect(of(content)).toEqual([]);
  });
});

test("redactable is what the person wrote and is not redacted yet, never the state a room stands on", () => {
  const ann = user("@ann:example.org");
  const page = [
    message,
    { ...message, event_id: "$other", sender: "@bob:x" },
    { ...message, event_id: "$gone", unsigned: { redacted_because: {} } },
    { ...message, event_id: "$acl", type: "m.room.server_acl", state_key: "" },
    { ...message, event_id: "$power", type: "m.room.power_levels", state_key: "" },
    { ...message, event_id: "$redaction", type: "m.room.redaction" },
    { ...join, event_id: "$join" },
    { ...join, event_id: "$leave", content: { membership: "leave" } },
    { ...message, event_id: "$reaction", type: "m.reaction" },
  ];

  expect(decodeRedactable(page, ann).map((one) => one.eventId)).toEqual(["$1", "$join", "$reaction"]);
});

test("of a section only rooms with an object are looked at", () => {
  expect(roomsIn({ "!a:x": {}, "not a room": {}, "!b:x": [] })).toEqual([["!a:x", {}]]);
  expect(roomsIn([])).toEqual([]);
  expect(roomsIn(undefined)).toEqual([]);
});

test("nothing throws, whatever a server sends", () => {
  const key = fc.constantFrom(
    "type",
    "sender",
    "event_id",
    "content",
    "state_key",
    "redacts",
    "unsigned",
    "chunk",
  );
  const mutated = fc
    .tuple(fc.constantFrom<object>(message, join), fc.array(fc.tuple(key, fc.jsonValue()), { maxLength: 3 }))
    .map(([base, changes]): unknown => ({ ...base, ...Object.fromEntries(changes) }));
  const anything = fc.oneof(fc.jsonValue(), mutated, fc.array(mutated, { maxLength: 3 }));
  fc.assert(
    fc.property(anything, fc.boolean(), (raw, late) => {
      const seen = decodeTimelineEvent(lobby, raw, { late });
      const isTyped = typeof (raw as { type?: unknown } | null)?.type === "string";
      expect(isTyped || seen?.kind === "malformed").toBe(true);
      decodeStateEvent(lobby, raw);
      decodeState(lobby, raw);
      decodeMembers(raw);
      decodeMembers({ chunk: raw });
      decodeInviter(raw, me);
      decodeOwnLeave(Array.isArray(raw) ? raw : [raw], me);
      decodeRedactable(raw, user("@ann:example.org"));
      roomsIn(raw);
    }),
    { numRuns: 500 },
  );
});

test("what a ban has hidden (MSC4293) is still to be redacted, what was redacted is not", () => {
  const hidden = {
    ...message,
    event_id: "$hidden",
    unsigned: { redacted_because: { type: "m.room.member" } },
  };
  const gone = {
    ...message,
    event_id: "$gone",
    unsigned: { redacted_because: { type: "m.room.redaction" } },
  };

  expect(decodeRedactable([hidden, gone], message.sender as never).map((one) => one.eventId)).toEqual([
    "$hidden",
  ]);
});

test.each([
  ["arrays", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
  ["objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
])("%s within each other without end are cut, and what is not so deep stays", (_what, deep) => {
  const content = JSON.parse(`{"name":"Lobby","deny":["evil.example"],"deep":${deep}}`) as object;
  const raw = { ...message, type: "m.room.name", state_key: "", content };

  const seen = decodeStateEvent(lobby, raw);

  expect(seen).toMatchObject({ event: { content: { name: "Lobby", deny: ["evil.example"] } } });
  expect(JSON.stringify(seen).length).toBeLessThan(1_000);
  expect(() =>
    JSON.stringify(decodeTimelineEvent(lobby, { ...message, content }, { late: false })),
  ).not.toThrow();
});

test("a state key that no server allows is malformed", () => {
  const raw = { ...message, type: "m.policy.rule.user", state_key: "k".repeat(60_000), content: {} };

  expect(decodeStateEvent(lobby, raw).kind).toBe("malformed");
});
