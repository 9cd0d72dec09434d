import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isAtLeast, roleOf, roles, strongest, whoHas } from "../../src/model/roles.ts";
import type { World } from "../../src/model/world/world.ts";
import { aWorld, desk, live, member, see, state, user } from "../support/make.ts";

const [admin, moderator, viewer, stranger] = ["@a:x", "@m:x", "@v:x", "@s:x"].map(user) as [
  ReturnType<typeof user>,
  ReturnType<typeof user>,
  ReturnType<typeof user>,
  ReturnType<typeof user>,
];
const all = [admin, moderator, viewer];

let world: World;
beforeEach(() => {
  world = aWorld();
  for (const one of all) see(world, live(desk, member(one, "join")));
});

function levels(users: Readonly<Record<string, unknown>>, more: object = {}): void {
  see(world, live(desk, state("m.room.power_levels", { users, ...more })));
}
function on(of: { readonly admin: number; readonly moderator: number } | null): void {
  see(world, { kind: "settings-changed", change: { kind: "set-roles", levels: of } });
}
const seen = () => all.map((one) => roleOf(one, world));

test("everybody in the management room is an admin while there are no roles", () => {
  levels({ [admin]: 100 });

  expect(seen()).toEqual(["admin", "admin", "admin"]);
  expect(roleOf(stranger, world)).toBeUndefined();
  expect(world.mayDo(stranger, "viewer")).toBe(false);
});

describe("with roles", () => {
  beforeEach(() => on({ admin: 100, moderator: 50 }));

  test("the level says what somebody is, and who is not there is nothing, whatever their level", () => {
    levels({ [admin]: 100, [moderator]: 99, [stranger]: 100 });

    expect(seen()).toEqual(["admin", "moderator", "viewer"]);
    expect(roleOf(stranger, world)).toBeUndefined();
    expect(whoHas("moderator", world).toSorted()).toEqual([admin, moderator]);
  });

  test("levels of old rooms may be texts, and the usual level counts", () => {
    levels({ [admin]: " 100 ", [moderator]: "nonsense" }, { users_default: 50 });

    expect(seen()).toEqual(["admin", "moderator", "moderator"]);
  });

  test("nobody is more than a viewer while the levels are not known", () => {
    expect(seen()).toEqual(["viewer", "viewer", "viewer"]);
  });

  test("a level that changes counts at once, and who leaves has no say", () => {
    levels({ [admin]: 100, [moderator]: 50 });
    levels({ [admin]: 100, [moderator]: 49 });
    see(world, live(desk, member(admin, "leave")));

    expect(seen()).toEqual([undefined, "viewer", "viewer"]);
    expect(world.mayDo(admin, "viewer")).toBe(false);
  });
});

test("whoever may do more may do less", () => {
  fc.assert(
    fc.property(fc.constantFrom(...roles), fc.constantFrom(...roles), (one, other) => {
      expect(isAtLeast(one, other) || isAtLeast(other, one)).toBe(true);
      expect(isAtLeast(strongest([one, other]), one)).toBe(true);
      expect(isAtLeast(undefined, one)).toBe(false);
    }),
  );
});
