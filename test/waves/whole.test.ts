// The whole bot in scenes, on the scripted homeserver: nobody is touched who is of no wave, and every room is put back.

import { expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { scenes } from "./corpus.ts";
import { tableSeeds } from "./seeds.ts";
import { watched } from "./trial.ts";
import { lived, type WholeOptions } from "./whole.ts";

const community = watched(tableSeeds(1)[0]!);

const come = (name: string, options: Omit<WholeOptions, "dataPath"> = {}) =>
  lived(
    scenes.find((one) => one.name === name)!,
    community,
    { dataPath: aFolder(), ...options },
  );

test("a wave's accounts are banned where Tyr may do so by itself, and nobody else", async () => {
  const seen = await come("leaving", { act: "all" });

  // Those who came before the rooms were closed to them.
  expect(seen.banned).toBeGreaterThan(5);
  expect(seen.refused).toBeGreaterThan(30);
  expect(seen).toMatchObject({ bannedOthers: [], regularsTouched: [], unrestored: [] });
  expect(seen.stood).toBeLessThanOrEqual(15);
});

test("accounts are banned by nothing where Tyr only contains; what they write is removed", async () => {
  const seen = await come("leaving");

  expect(seen).toMatchObject({ banned: 0, bannedOthers: [], regularsTouched: [], unrestored: [] });
  expect(seen.stood).toBeLessThanOrEqual(15);
});

test("a class that comes together is neither banned nor kept from speaking", async () => {
  const seen = await come("school class", { afterMs: 60_000 });

  expect(seen).toMatchObject({ banned: 0, bannedOthers: [], regularsTouched: [], cuts: 0, silenced: 0 });
});
