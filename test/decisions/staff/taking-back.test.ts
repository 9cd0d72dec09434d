import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { demotionOf } from "../../../src/decisions/staff/demotion.ts";
import { takeBack } from "../../../src/decisions/staff/taking-back.ts";
import type { Membership } from "../../../src/model/event.ts";
import type { World } from "../../../src/model/world/world.ts";
import {
  aWorld,
  hall,
  listB,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  see,
  state,
  user,
} from "../../support/make.ts";

const olga = user("@olga:x.test");
const mod = "@mod:example.org";
const people = ["@a:x.test", "@b:x.test"];
const users = { [me]: 100, [mod]: 100, [olga]: 50 };

function here(): World {
  const world = aWorld();
  for (const room of [lobby, hall, listB]) {
    see(world, live(room, state("m.room.power_levels", { users }, { sender: mod })));
    see(world, live(room, state("m.room.join_rules", { join_rule: "invite" }, { sender: mod })));
  }
  for (const one of people) see(world, live(lobby, member(one, "join")));
  return world;
}

const kinds = (world: World) => takeBack(olga, 0, { world }).acts.map(({ action }) => action.kind);

describe("what somebody did with their own client", () => {
  test("is taken back as it is, and no more once somebody else has changed it", () => {
    const world = here();
    see(world, live(lobby, member("@a:x.test", "ban", { by: olga })));
    see(world, live(lobby, member("@b:x.test", "leave", { by: olga })));
    see(world, live(lobby, state("m.room.name", { name: "Pwned" }, { sender: olga })));
    expect(kinds(world)).toEqual(["invite", "unban", "invite"]);

    see(world, live(lobby, member("@a:x.test", "leave", { by: mod })));
    see(world, live(lobby, member("@b:x.test", "invite", { by: mod })));

    expect(takeBack(olga, 0, { world })).toMatchObject({ acts: [], changed: 2 });
  });

  test("is left where the people are on a list", () => {
    const world = here();
    see(world, live(lobby, member("@a:x.test", "ban", { by: olga })));
    const act = [...world.stored.staffActs.of(olga)][0]!;
    see(world, { kind: "staff-weighed", act: { ...act, thirds: 0, spared: "listed" } });

    expect(takeBack(olga, 0, { world })).toMatchObject({ acts: [], spared: 1 });
  });

  test("of rules comes back where nobody has written another since", () => {
    const world = here();
    const rule = ruleEvent("@spam:x.test");
    see(world, live(listB, rule));
    see(world, live(listB, { ...ruleEvent("@spam:x.test"), sender: olga, content: {} }));
    expect(takeBack(olga, 0, { world }).acts.map(({ action }) => action)).toMatchObject([
      { kind: "write-policy", list: listB, content: { entity: "@spam:x.test" } },
    ]);

    see(world, live(listB, ruleEvent("@spam:x.test")));
    expect(takeBack(olga, 0, { world })).toMatchObject({ acts: [], changed: 1 });
  });

  test("of levels leaves their own alone, and what is above ours", () => {
    const world = here();
    const theirs = { users: { ...users, [olga]: 80, [me]: 100, "@a:x.test": 70 }, ban: 0, kick: 0 };
    see(world, live(lobby, state("m.room.power_levels", { users, ban: 101 }, { sender: mod })));
    see(world, live(lobby, state("m.room.power_levels", theirs, { sender: olga })));

    const { acts, beyond } = takeBack(olga, 0, { world });

    expect(beyond).toBe(1);
    // Nor what is above those of who wants it.
    expect(takeBack(olga, 0, { world, by: user("@b:x.test") })).toMatchObject({ beyond: 2 });
    expect(acts.map(({ action }) => action)).toMatchObject([
      {
        changes: [
          { path: ["users", "@a:x.test"], ours: 70 },
          { path: ["kick"], ours: 0 },
        ],
      },
    ]);
  });

  test("is no more than was done since then", () => {
    const world = here();
    see(world, live(lobby, member("@a:x.test", "ban", { by: olga })));
    const since = world.now + 1;
    see(world, live(lobby, member("@b:x.test", "ban", { by: olga })));

    const back = takeBack(olga, since, { world }).acts.map(({ action }) => "user" in action && action.user);

    expect(new Set(back)).toEqual(new Set(["@b:x.test"]));
  });
});

/** Bans, removals, lifted bans and invitations by two people in any order: what the other did last stays. */
test("whatever was done to people in between, nobody else's act is taken back, and no ban of theirs is left", () => {
  const moves = fc.record({
    who: fc.constantFrom(...people),
    by: fc.constantFrom(olga as string, mod),
    to: fc.constantFrom<Membership>("ban", "leave", "invite", "join"),
  });
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 12 }), (those) => {
      const world = here();
      /** Who did what was done last to each. */
      const last = new Map<string, { by: string; to: Membership }>();
      for (const { who, by, to } of those) {
        const now = world.members.membershipOf(lobby, user(who));
        if (to === now || (to === "join" && now !== "invite") || (to === "invite" && now !== "leave"))
          continue;
        const sender = to === "join" ? who : by;
        see(world, live(lobby, member(who, to, { by: sender })));
        last.set(who, { by: sender, to });
      }
      const before = new Map(people.map((who) => [who, world.members.membershipOf(lobby, user(who))]));

      for (const { action } of takeBack(olga, 0, { world }).acts) {
        if (action.kind === "unban") see(world, live(lobby, member(action.user, "leave", { by: me })));
        if (action.kind === "invite") see(world, live(lobby, member(action.user, "invite", { by: me })));
        if (action.kind === "ban") see(world, live(lobby, member(action.user, "ban", { by: me })));
      }

      const wrong = people.filter((who) => {
        const after = world.members.membershipOf(lobby, user(who));
        const done = last.get(who);
        if (done?.by !== olga) return after !== before.get(who);
        const wasBannedByOthers = those.some(
          ({ by, to, who: whom }) => by === mod && to === "ban" && whom === who,
        );
        return done.to === "ban" && after === "ban" && !wasBannedByOthers;
      });
      expect(wrong).toEqual([]);
      expect(kinds(world).filter((kind) => kind === "unban")).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe("a level", () => {
  test("is taken where we stand above it, and told where not", () => {
    const world = here();
    const [create] = [state("m.room.create", { room_version: "12" }, { sender: olga })];
    see(world, live(hall, create));
    see(
      world,
      live(listB, state("m.room.power_levels", { users: { [me]: 50, [olga]: 50 } }, { sender: mod })),
    );

    const { acts, created, above } = demotionOf(olga, world);

    expect(acts.map(({ room, before, level }) => [room, before, level])).toEqual([[lobby, 50, undefined]]);
    expect([created, above]).toEqual([[hall], [listB]]);
  });
});
