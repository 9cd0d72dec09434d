import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { madeUpWave, seenOf } from "../../../src/management-room/rehearsal/made-up-wave.ts";
import { parseServerName, parseUserId, serverOf } from "../../../src/model/ids.ts";
import { aWorld, hall, lobby, see, state } from "../../support/make.ts";

describe("the made-up wave", () => {
  test("is of as many accounts as were asked for, whose servers nobody can have", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 50 }), fc.integer({ min: 0 }), (accounts, seed) => {
        const wave = madeUpWave({ rooms: [lobby, hall], accounts, seed });
        const users = [...new Set(wave.map(({ user }) => user))];

        expect(users).toHaveLength(accounts);
        expect(new Set(wave.map(({ event }) => event)).size).toBe(2 * accounts);
        expect(users.map((one) => parseUserId(one))).toEqual(users);
        for (const one of users) {
          expect(serverOf(one)).toMatch(/\.invalid$/);
          expect(parseServerName(serverOf(one))).toBeDefined();
        }
      }),
    );
  });

  test("comes in time, each joining before they write", () => {
    const wave = madeUpWave({ rooms: [lobby], accounts: 12, seed: 1 });

    expect(wave.map(({ afterMs }) => afterMs)).toEqual(
      wave.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b),
    );
    for (const { user } of wave)
      expect(wave.filter((one) => one.user === user).map(({ text }) => text !== undefined)).toEqual([
        false,
        true,
      ]);
  });

  test("is kept out by what keeps a real one out", () => {
    const world = aWorld();
    const [join, word] = madeUpWave({ rooms: [lobby], accounts: 8, seed: 1 });

    expect(seenOf(word!, world, 0)).toBeUndefined();
    expect(seenOf(join!, world, 0)).toBeDefined();
    see(world, seenOf(join!, world, 0)!);
    expect(seenOf(word!, world, 0)).toBeDefined();
    const acl = { allow: ["*"], deny: ["*.rehearsal.invalid"] };
    see(world, { kind: "state", room: lobby, event: state("m.room.server_acl", acl), fromTimeline: true });
    expect(seenOf(word!, world, 0)).toBeUndefined();
  });
});
