// What each generator says of itself, for seeds that nobody chose: how many come, from where, how fast, for how long.

import { describe, expect, test } from "@jest/globals";
import { hourMs } from "../../src/kit/duration.ts";
import { stableId } from "../../src/kit/hash.ts";
import { parseUserId } from "../../src/model/ids.ts";
import { community, ordinary, size, type Community } from "./community.ts";
import { play, scenes, type Played } from "./corpus.ts";
import type { Range } from "./scene.ts";
import { tableSeeds, tuningSeeds } from "./seeds.ts";

const seeds = [11, 12] as const;
const communities = seeds.map(community);
const sameAgain = community(seeds[0]);

const within = (value: number, [least, most]: Range) => value >= least && value <= most;
const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** From each account's first join to its first word, in seconds. */
function delays({ events, accounts }: Played): readonly number[] {
  const [joined, spoke] = [new Map<string, number>(), new Map<string, number>()];
  for (const { who, at, type, stateKey } of events) {
    const first = type === "m.room.member" && stateKey === who ? joined : spoke;
    if (type !== "m.room.member" || stateKey === who) if (!first.has(who)) first.set(who, at);
  }
  return accounts.flatMap(({ id }) => (spoke.has(id) ? [(spoke.get(id)! - joined.get(id)!) / 1_000] : []));
}

/** Of those who came for it, if anybody did: what goes before or beside it is not counted. */
function lasts({ events, accounts }: Played): number {
  const those = new Set(accounts.map(({ id }) => id));
  const own = those.size === 0 ? events : events.filter(({ who }) => those.has(who));
  return (own.at(-1)!.at - own[0]!.at) / 1_000;
}

test("names are given once", () => {
  expect(new Set(scenes.map(({ name }) => name)).size).toBe(scenes.length);
});

test("seeds for tuning are never those of the table", () => {
  const tuning = new Set(tuningSeeds(1_000));

  expect(tableSeeds(1_000).filter((seed) => tuning.has(seed))).toEqual([]);
});

describe("the community", () => {
  test.each(communities)("is as large as it says", (of: Community) => {
    expect(of.members.length).toBe(size.members);
    expect(new Set(of.members.map(({ id }) => id)).size).toBe(size.members);
    expect(new Set(of.members.map(({ server }) => server)).size).toBe(size.servers);
    expect(of.members.every(({ id }) => parseUserId(id) !== undefined)).toBe(true);
    expect(of.members.every(({ rooms }) => rooms.length > 0)).toBe(true);
    expect(of.regulars.length).toBe(size.regulars);
    const atLargest = of.members.filter(({ server }) => server === of.servers[0]).length / size.members;
    expect(within(atLargest, [0.2, 0.5])).toBe(true);
  });

  test.each(communities)("has twelve joins and 150 messages an hour", (of: Community) => {
    const events = ordinary(of, "days", -48 * hourMs, 0);

    const joins = events.filter(({ type }) => type === "m.room.member").length / 48;
    const said = events.filter(({ type }) => type === "m.room.message").length / 48;
    expect(within(joins, [10, 14])).toBe(true);
    expect(within(said, [125, 170])).toBe(true);
  });
});

describe.each(scenes)("$name", (scene) => {
  test.each(communities)("keeps what it promises", (of: Community) => {
    const played = play(scene, of);

    const { accounts } = played;
    const { promises } = scene;
    const middleDelay = middle(delays(played));
    const measured = {
      accounts: accounts.length,
      servers: new Set(accounts.map(({ server }) => server)).size,
      lasts: lasts(played),
      delay: middleDelay,
    };
    const kept = {
      accounts: within(measured.accounts, promises.accounts),
      servers: within(measured.servers, promises.servers),
      lasts: within(measured.lasts, promises.lasts),
      delay: promises.delay ? within(measured.delay ?? -1, promises.delay) : middleDelay === undefined,
    };
    expect({ ...kept, measured }).toEqual({
      accounts: true,
      servers: true,
      lasts: true,
      delay: true,
      measured,
    });
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(accounts.length);
    expect(accounts.every(({ id }) => parseUserId(id) !== undefined)).toBe(true);
  });

  test("is the same for a seed, and another for another", () => {
    const [one, again, other] = [communities[0]!, sameAgain, communities[1]!].map((of) =>
      digest(play(scene, of)),
    );

    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});

/** Of every event in some, of one in fifty in many. */
function digest({ events, accounts }: Played): string {
  const step = Math.ceil(events.length / 500);
  const some = events.filter((_, i) => i % step === 0 || i === events.length - 1);
  return stableId(JSON.stringify([events.length, some, accounts.length, accounts.at(-1)]));
}
