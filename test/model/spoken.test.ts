// How many messages of somebody were let stand before an event, and when that is unknown.

import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { JsonObject } from "../../src/kit/json.ts";
import { vocabulary } from "../../src/model/facts/index.ts";
import { EventFacts } from "../../src/model/facts/read.ts";
import { decide } from "../../src/model/decision.ts";
import type { EventId, RoomId } from "../../src/model/ids.ts";
import { SpokenCounts } from "../../src/model/spoken.ts";
import type { World } from "../../src/model/world/world.ts";
import {
  aWorld,
  event,
  first,
  hall,
  leaving,
  live,
  lobby,
  member,
  nextEvent,
  see,
  user,
  usualSettings,
} from "../support/make.ts";

const ann = user("@ann:x.example");

/** A protection was set. */
const settings = {
  ...usualSettings,
  protections: new Map([["flood", { enabled: true }]]),
};

let world: World;
beforeEach(() => {
  world = aWorld(settings);
});

const comes = (room = lobby) => see(world, first(live(room, member(ann, "join"))));
const says = (
  content: JsonObject = { msgtype: "m.text", body: "hello" },
  {
    room = lobby,
    type = "m.room.message",
    id = nextEvent(),
  }: { room?: RoomId; type?: string; id?: string } = {},
): EventId => {
  const said = { type, sender: ann, eventId: event(id), content, sentAt: 0 };
  see(world, { kind: "message", room, event: said, late: false });
  return said.eventId;
};
const redact = (redacts: EventId, room = lobby) =>
  see(world, {
    kind: "redaction",
    room,
    sender: user("@mod:example.org"),
    redacts,
    eventId: nextEvent(),
    content: {},
    sentAt: 0,
    late: false,
  });
/** Of the author of the event, as a rule is told. */
const told = (
  eventId: EventId,
  {
    room = lobby,
    content = {},
    fact = "author.spoken",
  }: { room?: RoomId; content?: JsonObject; fact?: string } = {},
) =>
  new EventFacts({
    kind: "message",
    room,
    user: ann,
    event: { type: "m.room.message", sender: ann, eventId, content, sentAt: 0 },
    at: world.now,
    late: false,
    speech: world.recentSpeech,
    world,
  }).get(vocabulary.get(fact)!);
const anywhere = (eventId: EventId, room = lobby) => told(eventId, { room, fact: "author.spoken_anywhere" });

describe("of somebody who came for the first time", () => {
  test("messages before the event count, itself and later ones do not, though they are believed already", () => {
    comes();
    const said = [says(), says(), says()];

    expect(said.map((one) => told(one))).toEqual([0, 1, 2]);
  });

  test("reactions, edits and a new name do not count; encrypted messages do", () => {
    comes();
    says({ "m.relates_to": { key: "+" } }, { type: "m.reaction" });
    says({ "m.new_content": {}, "m.relates_to": { rel_type: "m.replace" } });
    see(world, live(lobby, member(ann, "join")));
    says({ ciphertext: "x" }, { type: "m.room.encrypted" });

    expect(told(says())).toBe(1);
  });

  test("what was redacted counts no more, by whomever, and once", () => {
    comes();
    const [one] = [says(), says()];
    redact(one);
    redact(one);
    redact(event("$unknown"));

    expect(told(says())).toBe(1);
  });

  test("an event that is heard again counts once", () => {
    comes();
    says({}, { id: "$late-key", type: "m.room.encrypted" });
    says({ body: "x" }, { id: "$late-key" });

    expect(told(says())).toBe(1);
    expect(told(event("$late-key"))).toBe(0);
  });

  test("a message does not stand before an edit of itself, one of somebody else's changes nothing", () => {
    comes();
    const [firstOne, second] = [says(), says()];
    const edits = (event_id: string) => ({ "m.relates_to": { rel_type: "m.replace", event_id } });

    const edit = says(edits(firstOne));
    expect(told(edit, { content: edits(firstOne) })).toBe(0);
    expect(told(edit, { content: edits(second) })).toBe(1);
    expect(told(edit, { content: edits("$of-another") })).toBe(2);
  });

  test("in all rooms together, as they were before the event", () => {
    comes();
    comes(hall);
    says();
    const here = says();
    const there = says({ body: "y" }, { room: hall });

    expect(anywhere(here)).toBe(1);
    expect(anywhere(there, hall)).toBe(2);
    expect(told(there, { room: hall })).toBe(0);
  });
});

describe("unknown", () => {
  test("for who was there before us, and for who comes back", () => {
    const said = says();
    see(world, live(lobby, member(ann, "join")));

    expect(told(said)).toBeUndefined();
    expect(told(says())).toBeUndefined();
  });

  test("where no protection was set when they came", () => {
    world = aWorld();
    comes();

    expect(told(says())).toBeUndefined();
    expect(world.takeRows().filter((row) => row.kind === "item" && row.collection === "spoken")).toEqual([]);
  });

  test("everywhere, where it is in one of the rooms", () => {
    comes();
    see(world, live(hall, member(ann, "join")));

    const said = says();
    expect([told(said), anywhere(said)]).toEqual([0, undefined]);
  });

  test("after a ban, and after we were out of the room", () => {
    comes();
    see(world, live(lobby, member(ann, "ban", { by: "@mod:example.org" })));
    see(world, live(lobby, member(ann, "join")));
    expect(told(says())).toBeUndefined();

    comes(hall);
    see(world, leaving(hall));
    expect(told(says({}, { room: hall }), { room: hall })).toBeUndefined();
  });

  test("for a new name of somebody known, where the server does not tell what it replaced", () => {
    see(world, live(lobby, member(ann, "join")), first(live(lobby, member(ann, "join"))));

    expect(told(says())).toBeUndefined();
  });
});

describe("where the server skipped events", () => {
  const gap = { kind: "gap", room: lobby, from: "b", to: "a" } as const;
  const filled = (note?: string) => {
    const action = { kind: "fill-gap", room: lobby, from: "b", to: "a", readState: false } as const;
    const decision = decide(action, { kind: "self", what: "gap" }, { at: world.now, replaces: "b" });
    const result = note === undefined ? ({ kind: "done" } as const) : ({ kind: "done", note } as const);
    see(world, { kind: "outcome", outcome: { decision, result } });
  };

  test("it is unknown until they are read, but for who came since", () => {
    comes();
    says();
    see(world, gap);
    const said = says();
    expect(told(said)).toBeUndefined();

    filled();

    expect(told(said)).toBe(1);
    see(world, gap);
    const bob = user("@bob:x.example");
    see(world, first(live(lobby, member(bob, "join"))));
    const by = { room: lobby, user: bob, event: nextEvent() };
    see(world, {
      kind: "message",
      room: lobby,
      event: { type: "m.room.message", sender: bob, eventId: by.event, content: {}, sentAt: 0 },
      late: false,
    });
    expect(world.stored.spoken.before(by)).toBe(0);
  });

  test("it stays unknown where not all can be read", () => {
    comes();
    see(world, gap);
    filled("more was left out than may be read");

    expect(told(says())).toBeUndefined();
  });
});

describe("kept", () => {
  test("over a restart, with what is redacted after it", () => {
    comes();
    const said = says();
    says();
    const again = aWorld(settings);
    for (const row of world.takeRows()) again.restore(row);
    world = again;

    redact(said);

    expect(told(says())).toBe(1);
    expect(told(says())).toBe(2);
  });

  test("no more than so many; of those silent for longest it is unknown, not none", () => {
    const counts = new SpokenCounts(2);
    const people = ["@a:x", "@b:x", "@c:x"].map(user);
    for (const one of people) counts.came(lobby, one);
    const ids = people.map((one) => {
      const said = { room: lobby, user: one, event: nextEvent() };
      counts.heard(said, { isMessage: true });
      return counts.before(said);
    });

    expect(ids).toEqual([undefined, 0, 0]);
    expect(counts.unwritten.take().get(`${lobby} @a:x`)).toBeUndefined();
  });

  test("in few writes for who says much", () => {
    const counts = new SpokenCounts(2);
    counts.came(lobby, ann);
    let writes = 0;
    for (let i = 0; i < 2_000; i++) {
      counts.heard({ room: lobby, user: ann, event: nextEvent() }, { isMessage: true });
      writes += counts.unwritten.take().size;
    }
    const last = { room: lobby, user: ann, event: nextEvent() };
    counts.heard(last, { isMessage: true });

    expect(counts.before(last)).toBe(1_000);
    expect(writes).toBe(100 + 90);
  });
});

test("whatever comes in whatever order, it is what a slow count finds", () => {
  const step = fc.record({
    act: fc.constantFrom("say", "say", "react", "redact", "restart"),
    which: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let counts = new SpokenCounts(5);
      const rows = new Map<string, { count: number; newest: readonly number[] }>();
      const standing: EventId[] = [];
      const found: [number | undefined, number][] = [];
      counts.came(lobby, ann);
      for (const { act, which } of steps) {
        const said = { room: lobby, user: ann, event: nextEvent() };
        if (act === "say" || act === "react") {
          counts.heard(said, { isMessage: act === "say" });
          found.push([counts.before(said), standing.length]);
          if (act === "say") standing.push(said.event);
        }
        // Only of the newest is it known by whom they are, after a restart.
        const redacted = standing.slice(-20).at(which % Math.max(1, Math.min(20, standing.length)));
        if (act === "redact" && redacted !== undefined) {
          counts.redacted(lobby, redacted);
          standing.splice(standing.indexOf(redacted), 1);
        }
        for (const [key, item] of counts.unwritten.take()) rows.set(key, item!);
        if (act !== "restart") continue;
        counts = new SpokenCounts(5);
        for (const [key, item] of rows) counts.restore(key, item);
      }
      expect(found.filter(([told, counted]) => told !== counted)).toEqual([]);
    }),
  );
});
