import { describe, expect, test } from "@jest/globals";
import { inClear } from "../../src/matrix/crypto/sealing.ts";
import { displayNameOf, eventOf, fileAt, peopleCalled, resolveAlias } from "../../src/matrix/look-ups.ts";
import { alias, event, lobby, user } from "../support/make.ts";
import type { MediaUri } from "../../src/model/ids.ts";
import { broken, forbidden, limited, ScriptedServer } from "./scripted.ts";

const ann = user("@ann:example.org");
const raw = (fields: object = {}) => ({
  type: "m.room.message",
  sender: ann,
  event_id: "$e",
  origin_server_ts: 5,
  content: { body: "first" },
  ...fields,
});

describe("people of one name", () => {
  test("are those whose name is the same but for case, each once", async () => {
    const hs = new ScriptedServer({
      body: {
        limited: true,
        results: [
          { user_id: "@ann:x", display_name: "Ann" },
          { user_id: "@ann:x", display_name: "ANN" },
          { user_id: "@anna:x", display_name: "Anna" },
          { user_id: "nobody", display_name: "Ann" },
          "odd",
        ],
      },
    });

    expect(await peopleCalled(hs.transport, "Ann")).toEqual({ people: ["@ann:x"], isCut: true });
    expect(hs.requests[0]).toMatchObject({
      method: "POST",
      path: "/_matrix/client/v3/user_directory/search",
      body: { search_term: "ann", limit: 50 },
      timeoutMs: 5_000,
    });
  });

  test.each([
    ["refuses", forbidden],
    ["is busy", limited(1)],
    ["is broken", broken],
  ])("are unknown where the server %s; it is asked once", async (_what, answer) => {
    const hs = new ScriptedServer(answer);

    expect(await peopleCalled(hs.transport, "Ann")).toBeUndefined();
    expect(hs.requests).toHaveLength(1);
  });
});

describe("an alias", () => {
  test("leads to a room, with five servers at most to join through", async () => {
    const servers = ["1.x", "2.x", "3.x", 4, "5.x", "6.x", "7.x"];
    const hs = new ScriptedServer({ body: { room_id: lobby, servers } });

    expect(await resolveAlias(hs.transport, alias("#lobby:example.org"))).toEqual({
      room: lobby,
      via: ["1.x", "2.x", "3.x", "5.x", "6.x"],
    });
    expect(hs.requests[0]).toMatchObject({
      method: "GET",
      path: "/_matrix/client/v3/directory/room/%23lobby%3Aexample.org",
      timeoutMs: 5_000,
    });
  });

  test.each([
    [forbidden, "no"],
    [{ body: {} }, "the directory's answer names no room"],
    [{ body: null }, "the directory's answer names no room"],
    [{ body: { room_id: lobby, servers: "all" } }, undefined],
    [limited(1), "the homeserver answered with status 429"],
  ])("answered with %j is told as %p", async (answer, problem) => {
    const hs = new ScriptedServer(answer);

    const found = await resolveAlias(hs.transport, alias("#lobby:example.org"));

    expect("problem" in found ? found.problem : undefined).toBe(problem);
    expect(hs.requests).toHaveLength(1);
  });
});

describe("an event", () => {
  test("is read as it was sent", async () => {
    const hs = new ScriptedServer({ body: raw() });

    expect(await eventOf(hs.transport, { room: lobby, event: event("$e") }, inClear)).toEqual({
      type: "m.room.message",
      sender: ann,
      eventId: "$e",
      sentAt: 5,
      content: { body: "first" },
    });
    expect(hs.requests[0]).toMatchObject({
      method: "GET",
      path: "/_matrix/client/v3/rooms/!lobby%3Aexample.org/event/%24e",
    });
  });

  test.each([
    ["its sender", ann, "second"],
    ["somebody else", "@other:x", "first"],
  ])("edited by %s has the text %p", async (_who, sender, body) => {
    const edit = raw({ event_id: "$edit", sender, content: { body: "second" } });
    const unsigned = { "m.relations": { "m.replace": edit } };
    const hs = new ScriptedServer({ body: raw({ unsigned }) });

    expect((await eventOf(hs.transport, { room: lobby, event: event("$e") }, inClear))?.content).toEqual({
      body,
    });
  });

  // Names that every object has: a table of handlers by type would find something under them.
  test.each(["constructor", "toString", "__proto__"])("of type %p is one like any other", async (type) => {
    const hs = new ScriptedServer({ body: raw({ type }) });

    expect((await eventOf(hs.transport, { room: lobby, event: event("$e") }, inClear))?.type).toBe(type);
  });

  test.each([
    [{ body: raw({ event_id: "$other" }) }],
    [{ body: null }],
    [{ body: {} }],
    [forbidden],
    [broken],
  ])("answered with %j is unknown", async (answer) => {
    const hs = new ScriptedServer(answer);

    expect(await eventOf(hs.transport, { room: lobby, event: event("$e") }, inClear)).toBeUndefined();
  });
});

describe("a display name", () => {
  test("is the profile's", async () => {
    const hs = new ScriptedServer({ body: { displayname: "Ann", avatar_url: "mxc://x/y" } });

    expect(await displayNameOf(hs.transport, ann)).toBe("Ann");
    expect(hs.requests[0]!.path).toMatch(/^\/_matrix\/client\/v3\/profile\/%40ann%3Aexample.org/);
  });

  test.each([[{ body: {} }], [{ body: null }], [forbidden], [broken]])(
    "is unknown where the answer is %j",
    async (answer) => {
      const hs = new ScriptedServer(answer);

      expect(await displayNameOf(hs.transport, ann)).toBeUndefined();
    },
  );
});

describe("a file", () => {
  const uri = "mxc://other.example/abc" as MediaUri;

  test("is read in its bytes, by one request", async () => {
    const hs = new ScriptedServer({ body: Buffer.from("rule: a") });

    expect(Buffer.from((await fileAt(hs.transport, uri, 7))!).toString()).toBe("rule: a");
    expect(hs.requests).toMatchObject([
      {
        method: "GET",
        path: "/_matrix/client/v1/media/download/other.example/abc",
        wantsBytes: true,
        mostBytes: 7,
        timeoutMs: 5_000,
      },
    ]);
  });

  test.each([
    ["longer", { body: Buffer.from("rule: ab") }] as const,
    ["JSON", { body: {} }],
    ["forbidden", forbidden],
    ["broken", broken],
    ["limited", limited(1)],
  ])("that is %s is none", async (_what, answer) => {
    const hs = new ScriptedServer(answer);

    expect(await fileAt(hs.transport, uri, 7)).toBeUndefined();
    expect(hs.requests).toHaveLength(1);
  });
});
