// What regulars and staff post: known afterwards, and new only where we have watched for long enough to say so.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { vocabulary } from "../../src/model/facts/index.ts";
import { EventFacts } from "../../src/model/facts/read.ts";
import { KnownPosts, type KnownPost } from "../../src/model/known-posts.ts";
import type { RoomEvent } from "../../src/model/event.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import { World } from "../../src/model/world/world.ts";
import { usualLimits } from "../support/limits.ts";
import { desk, live, lobby, me, member, nextEvent, see, user, usualSettings } from "../support/make.ts";

const dayMs = 86_400_000;
const [ann, bob, mod, newcomer] = ["@ann:x", "@bob:x", "@mod:x", "@new:x"].map((one) =>
  user(`${one}.example`),
);

let world: World;
let now: number;
beforeEach(() => {
  world = new World(me, {
    people: 100,
    eventsEach: 20,
    regulars: { afterDays: 0, days: 2, people: 100 },
    limits: usualLimits,
  });
  const protections = new Map([["flood", { enabled: true }]]);
  world.restore({ kind: "settings", settings: { ...usualSettings, protections } });
  now = 20_000 * dayMs;
  see(world, live(desk, member(mod!, "join", { by: mod! })));
});

const says = (who: string, content: JsonObject): RoomEvent => {
  const event = { type: "m.room.message", sender: user(who), eventId: nextEvent(), content, sentAt: now };
  world.apply({ kind: "message", room: lobby, event, late: false, at: now, dueBy: now });
  return event;
};
const text = (body: string) => ({ msgtype: "m.text", body });
/** They have spoken on two days. */
const becomesRegular = (...people: readonly string[]) => {
  for (let day = 0; day < 2; day++, now += dayMs) for (const who of people) says(who, text("hello"));
};
const facts = (content: JsonObject) => {
  const event = says(newcomer!, content);
  const sighting = { kind: "message", room: lobby, user: newcomer!, event, at: now, late: false } as const;
  return new EventFacts({ ...sighting, speech: world.recentSpeech, world });
};
const linkKnown = (body: string) =>
  facts(text(body))
    .links()
    ?.map((link) => link.get(vocabulary.get("link.known")!));

describe("a link", () => {
  test("of two regulars is known, of one of them or of a newcomer it is not", () => {
    becomesRegular(ann!, bob!);
    now += 3 * dayMs;
    says(ann!, text("https://docs.known.example/a and https://once.example"));
    says(bob!, text("see https://www.known.example/b"));
    says(newcomer!, text("https://mine.example"));

    expect(linkKnown("https://known.example/x https://once.example https://mine.example")).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("of one of the staff is known at once", () => {
    says(mod!, text("https://ours.example"));

    expect(linkKnown("https://ours.example/page")).toEqual([true]);
  });

  test("is never said to be new before regulars were watched for three days", () => {
    now += 30 * dayMs;
    expect(linkKnown("https://new.example")).toEqual([undefined]);

    becomesRegular(ann!);
    now += dayMs;
    expect(linkKnown("https://new.example")).toEqual([undefined]);
    now += 2 * dayMs;
    expect(linkKnown("https://new.example")).toEqual([false]);
  });

  test("is known for thirty days", () => {
    becomesRegular(ann!);
    says(mod!, text("https://ours.example"));
    now += 30 * dayMs;
    expect(linkKnown("https://ours.example")).toEqual([true]);
    now += dayMs;
    expect(linkKnown("https://ours.example")).toEqual([false]);
  });

  test("is known no more, or by others alone, when who posted it is banned", () => {
    becomesRegular(ann!, bob!);
    now += 3 * dayMs;
    for (const who of [ann!, bob!, mod!]) says(who, text("https://ours.example"));
    for (const who of [ann!, bob!]) says(who, text("https://evil.example"));

    see(world, live(lobby, member(ann!, "ban", { by: mod! })));

    expect(linkKnown("https://ours.example https://evil.example")).toEqual([true, false]);
  });

  test("of a shortener or an invitation is known by its whole address, one to a person always", () => {
    becomesRegular(ann!);
    now += 3 * dayMs;
    says(mod!, text("https://bit.ly/ours and https://t.me/ours"));

    expect(linkKnown("https://bit.ly/ours?x https://bit.ly/other https://t.me/other")).toEqual([
      true,
      false,
      false,
    ]);
    expect(linkKnown("https://matrix.to/#/@ann:x.example https://matrix.to/#/#room:x.example")).toEqual([
      true,
      false,
    ]);
    expect(linkKnown("mailto:ann@x.example")).toEqual([undefined]);
  });

  test("is not remembered where no protection was ever set", () => {
    world.restore({ kind: "settings", settings: { ...usualSettings, protections: new Map() } });
    says(mod!, text("https://ours.example"));

    expect(linkKnown("https://ours.example")).toEqual([undefined]);
  });

  test("is remembered over a restart, with how long we have watched", () => {
    becomesRegular(ann!, bob!);
    now += 3 * dayMs;
    for (const who of [ann!, bob!]) says(who, text("https://ours.example"));
    const before = world;
    world = new World(me, {
      people: 1,
      eventsEach: 1,
      regulars: { afterDays: 0, days: 2, people: 100 },
      limits: usualLimits,
    });
    for (const row of before.takeRows()) world.restore(row);
    world.restore({ kind: "settings", settings: before.settings });

    expect(linkKnown("https://ours.example https://new.example")).toEqual([true, false]);
    see(world, live(lobby, member(ann!, "ban", { by: mod! })));
    expect(linkKnown("https://ours.example")).toEqual([false]);
  });
});

describe("a picture", () => {
  const picture = (url: string, info: JsonObject = {}) => ({ msgtype: "m.image", body: "x.png", url, info });
  const isKnown = (content: JsonObject) => facts(content).get(vocabulary.get("media.known")!);
  const look = { blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH", w: 3, h: 4 };

  test("of one regular is known, by its address or by how it looks; others are new", () => {
    becomesRegular(ann!);
    now += 3 * dayMs;
    says(ann!, picture("mxc://x/a"));
    says(ann!, picture("mxc://x/b", look));
    says(newcomer!, picture("mxc://x/c"));

    expect(isKnown(picture("mxc://x/a"))).toBe(true);
    expect(isKnown(picture("mxc://x/other", look))).toBe(true);
    expect(isKnown(picture("mxc://x/other", { ...look, w: 5 }))).toBe(false);
    expect(isKnown(picture("mxc://x/c"))).toBe(false);
  });

  test("is new only where regulars were watched for long enough; a text has none", () => {
    expect(isKnown(picture("mxc://x/a"))).toBeUndefined();
    says(mod!, picture("mxc://x/a"));

    expect(isKnown(picture("mxc://x/a"))).toBe(true);
    expect(isKnown(text("x"))).toBeUndefined();
  });

  test("goes with a ban of who posted it", () => {
    becomesRegular(ann!);
    now += 3 * dayMs;
    says(ann!, picture("mxc://x/a"));

    see(world, live(lobby, member(ann!, "ban", { by: mod! })));

    expect(isKnown(picture("mxc://x/a"))).toBe(false);
  });
});

describe("what is written", () => {
  let known: KnownPosts<"known-link">;
  beforeEach(() => {
    known = new KnownPosts("known-link", { regularsNeeded: 1 });
  });
  const post = (key: string, at = now) => known.posted(key, { user: ann!, isStaff: false, at });

  test("is one row a day for who posts the same", () => {
    for (let i = 0; i < 9; i++) post("a.example", now + i);
    expect(known.unwritten.take().size).toBe(1);
    post("a.example", now + 1_000);
    expect(known.unwritten.take().size).toBe(0);
    post("a.example", now + dayMs);
    expect(known.unwritten.take().size).toBe(1);
  });

  test("is bounded: what was posted least lately is deleted", () => {
    const rows = new Map<string, KnownPost | undefined>();
    for (let i = 0; i < 8_193; i++) post(`${i}.example`);
    for (const [key, item] of known.unwritten.take()) rows.set(key, item);

    expect([...rows].filter(([, item]) => item !== undefined)).toHaveLength(8_192);
    expect(known.isKnown("0.example", now)).toBeUndefined();
    expect(known.isKnown("1.example", now)).toBe(true);
  });

  test("goes with the person", () => {
    post("a.example");
    known.unwritten.take();
    known.forget(ann!);

    expect([...known.unwritten.take()]).toEqual([["a.example", undefined]]);
    known.forget(ann!);
    expect(known.unwritten.take().size).toBe(0);
  });
});
