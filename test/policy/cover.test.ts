// The rules that cover a wave: all of it, nobody else, and few of them.

import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { matchesGlob } from "../../src/kit/glob.ts";
import { serverOf, type UserId } from "../../src/model/ids.ts";
import type { World } from "../../src/model/world/world.ts";
import { cover, type Cover } from "../../src/policy/cover.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { aWorld, live, lobby, member, see, user } from "../support/make.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
});
const joined = (...users: readonly UserId[]) =>
  see(world, ...users.map((who) => live(lobby, member(who, "join"))));
const coverOf = (wave: readonly UserId[]): Cover =>
  cover(wave, { world, rulesInForce: new RulesInForce(world) });
const entries = (wave: readonly UserId[]) => coverOf(wave).entries.map(({ kind, text }) => `${kind} ${text}`);
const numbered = (count: number, server: string, name = "guest") =>
  Array.from({ length: count }, (_, i) => user(`@${name}${1_000 + i}:${server}`));

describe("one rule", () => {
  test("for a server of which nobody else was ever seen", () => {
    const wave = [...numbered(3, "open.example"), user("@other:open.example")];
    joined(...wave);

    expect(entries(wave)).toEqual(["server open.example"]);
  });

  test("for names of one form, where others are of that server, too", () => {
    const wave = numbered(4, "big.example");
    joined(...wave, user("@ann:big.example"));

    expect(entries(wave)).toEqual(["user @guest100?:big.example"]);
  });
});

describe("single accounts", () => {
  test("where a glob would name somebody else", () => {
    const wave = numbered(3, "big.example");
    joined(...wave, user("@guest1009:big.example"));

    expect(entries(wave)).toEqual(wave.map((who) => `user ${who}`));
  });

  test("where names are short, and where they are few", () => {
    const wave = [
      user("@ab1:big.example"),
      user("@ab2:big.example"),
      user("@ab3:big.example"),
      user("@longer-name-1:big.example"),
    ];
    joined(...wave, user("@ann:big.example"));

    expect(entries(wave)).toEqual(wave.map((who) => `user ${who}`));
  });

  test("no more than fifty, and the others are counted", () => {
    const wave = Array.from({ length: 60 }, (_, i) => user(`@${"x".repeat(i + 1)}:big.example`));
    joined(...wave, user("@ann:big.example"));

    expect(coverOf(wave)).toMatchObject({ covered: 50, left: 10 });
  });
});

test("our own server is never an entry, and no name of it a glob", () => {
  const wave = numbered(5, "example.org");
  joined(...wave);

  expect(entries(wave)).toEqual(wave.map((who) => `user ${who}`));
});

test("all of the wave and nobody else, whatever names there are", () => {
  const servers = fc.constantFrom("one.example", "two.example", "three.example");
  const names = fc.oneof(
    fc.integer({ min: 0, max: 99 }).map((i) => `visitor-${10 + i}`),
    fc.stringMatching(/^[a-f0-9]{12}$/),
    fc.stringMatching(/^[a-zA-Z?*]{1,9}$/),
  );
  const people = fc.uniqueArray(
    fc.tuple(names, servers).map(([name, server]) => `@${name}:${server}` as UserId),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(people, people, (wave, all) => {
      world = aWorld();
      const others = all.filter((one) => !wave.includes(one));
      joined(...wave, ...others);

      const found = coverOf(wave);

      const named = (who: UserId) =>
        found.entries.some(({ kind, text, hash }) => {
          if (kind === "server") return text === serverOf(who);
          return hash ? text === who : matchesGlob(text.toLowerCase(), who.toLowerCase());
        });
      expect(found.left > 0 || wave.every(named)).toBe(true);
      expect(others.filter(named)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
