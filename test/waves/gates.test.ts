// The gates that count, on five seeds of the table: waves are seen in time, and harmless crowds are never called harmful.
// Floods of thousands and days on end are for `npm run waves`.

import { expect, test } from "@jest/globals";
import { scenes } from "./corpus.ts";
import { failures } from "./gates.ts";
import type { Scene } from "./scene.ts";
import { tableSeeds } from "./seeds.ts";
import { tried, watched, type Trial } from "./trial.ts";

const long = ["M291", "NixOS", "Fedora", "load", "memory"];
const waves = scenes.filter(({ name, is, must }) => is === "wave" && must?.reach && !long.includes(name));
const crowds = scenes.filter(({ is }) => is === "harmless");
const communities = tableSeeds(5).map(watched);
const trials = new Map<Scene, Trial[]>();
for (const [i, community] of communities.entries()) {
  for (const scene of waves) add(scene, tried(scene, community, { until: scene.must?.reach }));
  // Each on two of them: all on all take a minute more.
  for (const [n, scene] of crowds.entries()) if ((n + i) % 5 < 2) add(scene, tried(scene, community));
}

function add(scene: Scene, trial: Trial): void {
  trials.set(scene, [...(trials.get(scene) ?? []), trial]);
}

test.each([...waves, ...crowds])("$name", (scene) => {
  expect(failures(scene, trials.get(scene) ?? [])).toEqual([]);
});
