import { beforeEach, describe, expect, test } from "@jest/globals";
import { Impact, type ImpactLimits } from "../../../src/policy/impact/impact.ts";
import type { World } from "../../../src/model/world/world.ts";
import {
  aWorld,
  hall,
  joining,
  leaving,
  live,
  lobby,
  me,
  member,
  roomRead,
  see,
  state,
  user,
} from "../../support/make.ts";

const limits: ImpactLimits = {
  maxPeople: 3,
  maxRoomShare: 50,
  roomShareFrom: 3,
  maxRegulars: 0,
  maxStaff: 0,
  maxServerShare: 50,
  serverShareFrom: 2,
  newcomerHours: 24,
};

let world: World;
beforeEach(() => {
  world = aWorld();
  // The first minute of all times counts as unknown.
  world.apply({ kind: "tick", retryRooms: false, at: 1e12, dueBy: 0 });
});

/** People of one room, read when we first saw it: they were there before us. */
function people(room: typeof lobby, count: number, server = "x.test"): ReturnType<typeof user>[] {
  const names = Array.from({ length: count }, (_, i) => user(`@p${i}:${server}`));
  see(
    world,
    leaving(room),
    joining(room),
    roomRead(
      room,
      names.map((name) => member(name, "join")),
    ),
  );
  return names;
}
const impactOn = (
  hit: readonly (readonly [typeof lobby, ReturnType<typeof user>])[],
  more: Partial<ImpactLimits> = {},
) => {
  const impact = new Impact({ world, limits: { ...limits, ...more }, at: world.now });
  for (const [room, one] of hit) impact.add(room, one);
  return impact;
};
const reasons = (impact: Impact, before?: ReadonlySet<ReturnType<typeof user>>) =>
  impact.tooMuch(before).map(({ text }) => text);

test("a person in many rooms is one person", () => {
  const [one] = people(lobby, 10);
  people(hall, 10);

  expect(
    impactOn([
      [lobby, one!],
      [hall, one!],
    ]).people.size,
  ).toBe(1);
});

test("more people than the limit are too much, those before them counted", () => {
  const [a, b, c, d] = people(lobby, 20);

  expect(
    reasons(
      impactOn([
        [lobby, a!],
        [lobby, b!],
        [lobby, c!],
      ]),
    ),
  ).toEqual([]);
  expect(reasons(impactOn([[lobby, d!]]), new Set([a!, b!, c!]))).toEqual([
    "it would hit 1 person (with 3 before them), and the limit is 3",
  ]);
  expect(reasons(impactOn([[lobby, a!]]), new Set([a!, b!, c!]))).toEqual([]);
});

test("who is banned, invited, gone or in a room that is not protected does not count", () => {
  see(
    world,
    live(lobby, member("@b:x", "ban", { by: me })),
    live(lobby, member("@i:x", "invite", { by: me })),
  );

  expect(
    impactOn([
      [lobby, user("@b:x")],
      [lobby, user("@i:x")],
      [lobby, user("@gone:x")],
    ]).people.size,
  ).toBe(0);
});

describe("a share of a room", () => {
  test("is too much above the limit, from so many people on", () => {
    const all = people(lobby, 4);
    const hit = all.slice(0, 3).map((one) => [lobby, one] as const);

    expect(reasons(impactOn(hit))).toEqual([
      `it would hit 3 of the 4 people in ${lobby}, and the limit is 50 percent`,
    ]);
    expect(reasons(impactOn(hit, { roomShareFrom: 4 }))).toEqual([]);
  });

  test("is that of the people who have been there: a wave neither counts nor hides", () => {
    const all = people(lobby, 4);
    const wave = Array.from({ length: 50 }, (_, i) => user(`@wave${i}:y.test`));
    see(world, ...wave.map((one) => live(lobby, member(one, "join"))));

    expect(reasons(impactOn(wave.map((one) => [lobby, one] as const)))).toEqual([]);
    const both = [...wave, ...all.slice(0, 3)].map((one) => [lobby, one] as const);
    expect(reasons(impactOn(both))).toEqual([
      `it would hit 3 of the 4 people in ${lobby}, and the limit is 50 percent`,
    ]);
  });
});

test("a newcomer is one for a day only, and a new display name makes nobody new", () => {
  const [old] = people(lobby, 10);
  const fresh = user("@fresh:x.test");
  see(world, live(lobby, member(fresh, "join")), live(lobby, member(old!, "join")));

  expect(
    impactOn([
      [lobby, fresh],
      [lobby, old!],
    ]).people,
  ).toEqual(new Set([old]));
  world.apply({ kind: "tick", retryRooms: false, at: world.now + 25 * 3_600_000, dueBy: 0 });
  expect(impactOn([[lobby, fresh]]).people).toEqual(new Set([fresh]));
});

test("somebody with a level above the usual counts, in whatever room it is", () => {
  const [helper] = people(lobby, 10);
  people(hall, 10);
  see(world, live(hall, state("m.room.power_levels", { users: { [me]: 100, [helper!]: 10 } })));

  expect(reasons(impactOn([[lobby, helper!]]))).toEqual([
    `it would hit 1 person with a power level above the usual: ${helper!}`,
  ]);
  see(world, live(hall, state("m.room.power_levels", { users: { [me]: 100 }, users_default: 10 })));
  expect(reasons(impactOn([[lobby, helper!]]))).toEqual([]);
});

test("many servers of a room cut off are too much, few or a small share are not", () => {
  for (const server of ["a.test", "b.test", "c.test"])
    see(world, live(lobby, member(`@x:${server}`, "join")));
  const impact = impactOn([]);
  impact.addServer(lobby, "a.test" as never);
  expect(reasons(impact)).toEqual([]);

  impact.addServer(lobby, "b.test" as never);

  expect(reasons(impact)).toEqual([
    `it would cut off 2 of the 3 servers in ${lobby}, and the limit is 50 percent`,
  ]);
});

test("of many reasons the first few are told and the others counted", () => {
  const impact = new Impact({
    world,
    limits: { ...limits, maxPeople: 0, maxRoomShare: 0, roomShareFrom: 1 },
    at: world.now,
  });
  const rooms = [...world.settings.rooms.keys()];
  for (const room of rooms) for (const one of people(room, 2)) impact.add(room, one);

  expect(reasons(impact).length).toBeLessThanOrEqual(7);
});
