// What the question about a wave says of rooms that stay open to it, and of servers that let it through.

import { expect, test } from "@jest/globals";
import type { Cut } from "../../../src/decisions/waves/cut.ts";
import { describeCuts } from "../../../src/management-room/waves/cuts-wording.ts";
import type { RoomId, ServerName } from "../../../src/model/ids.ts";
import type { ContainedKey } from "../../../src/model/path-changes.ts";
import { aWorld, hall, lobby, server, user } from "../../support/make.ts";

const cut = (key: ContainedKey, from: number, to: number): Cut => ({
  ...{ key, changes: [], covers: 1, price: to - from, asks: true, stayMs: 600_000 },
  silenced: Array.from({ length: to - from }, (_, i) => user(`@guest${from + i}:x.test`)),
});

const told = (
  waiting: readonly (readonly [RoomId, readonly Cut[]])[],
  leaks: Readonly<Record<string, readonly ServerName[]>> = {},
) => {
  const world = aWorld();
  for (const room of Object.keys(leaks) as RoomId[]) {
    const because = { kind: "finding", protection: "wave-harmful", incident: "wave", sentence: "" } as const;
    const contained = { room, key: "acl", because, at: 0, stayMs: 1, waves: ["wave"], changes: [] } as const;
    world.apply({ kind: "contained", contained, at: 1, dueBy: 1 });
  }
  return describeCuts("wave", world, {
    waitingFor: () => new Map(waiting),
    leaksIn: (room) => new Set(leaks[room]),
    changes: () => 0,
  })?.text;
};

test("nothing, where nothing waits and all of it holds", () => {
  expect(told([])).toBeUndefined();
});

test("whom both ways would silence in all rooms, each person once", () => {
  const text = told([
    [lobby, [cut("levels", 0, 60), cut("acl", 0, 90)]],
    [hall, [cut("levels", 20, 64), cut("acl", 0, 120)]],
  ]);

  expect(text).toMatch(/^I wait for your word in .+, .+\.$/m);
  expect(text).toMatch(
    /^⛔ would take newcomers' voice there, and so also silence 64 people in 2 rooms who are no part of it\.$/m,
  );
  expect(text).toMatch(/^The next best way, keeping its servers out, would silence 120 others\.$/m);
});

test("each way, where rooms differ", () => {
  const text = told([
    [lobby, [cut("levels", 0, 60)]],
    [hall, [cut("acl", 0, 51)]],
  ]);

  expect(text).toMatch(/take newcomers' voice there, and so also silence 60 people who/);
  expect(text).toMatch(/keep its servers out there, and so also silence 51 people who/);
  expect(text).not.toMatch(/next best/);
});

test("rooms are named up to a few, the others counted", () => {
  const rooms = Array.from(
    { length: 9 },
    (_, i) => [`!r${i}:x.test` as RoomId, [cut("levels", 0, 51)]] as const,
  );

  expect(told(rooms)).toMatch(/and 6 more\./);
});

test("servers that are kept out and heard all the same", () => {
  expect(told([], { [lobby]: [server("evil.example")] })).toMatch(
    /^Kept out of .+, and heard there all the same: evil\.example\. Some server there does not keep to ACLs\.$/,
  );
});
