// Whatever comes in between (people, another bot, lost answers, crashes, clocks that jump): nobody's change is ever undone,
// and after the release nothing of ours is left. `RESTORES=10000` runs as many, `RESTORE_SEED` one of them again.

import { describe, expect, test } from "@jest/globals";
import { seeded } from "../../support/seeded.ts";
import { leaves, mod, people, RestoreWorld } from "./restore-world.ts";

const runs = Number(process.env["RESTORES"] ?? 60);
const minute = 60_000;
const one = Number(process.env["RESTORE_SEED"] ?? 0);

function play(seed: number): RestoreWorld {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const world = new RestoreWorld();
  const changes: readonly (() => object)[] = [
    () => ({ events_default: pick([0, 0, 1, 2, 50]) }),
    () => ({ ban: pick([50, 60]) }),
    () => ({ invite: pick([0, 1, 50]) }),
    () => ({ users: { ...usersIn(world), [pick(people)]: pick([0, 1, 2, 50]) } }),
    () => ({ users: without(usersIn(world), pick(people)) }),
  ];
  const steps: readonly (readonly [number, () => void])[] = [
    [6, () => world.hear()],
    [9, () => world.perform(pick(["answered", "answered", "answered", "answer lost", "request lost"]))],
    [4, () => pass(world, pick([1_000, 1_000, minute, 11 * minute]))],
    [4, () => world.tick()],
    [2, () => world.say("raid", pick([undefined, 30 * minute]))],
    [1, () => world.say("shut")],
    [2, () => world.say("calm")],
    [2, () => world.wave(pick(["wave-a", "wave-b"]))],
    [3, () => world.write({ ...world.content, ...pick(changes)() }, mod)],
    [1, () => world.write(pick([world.content, ...world.history.slice(-4)]), mod)],
    [1, () => world.die()],
    [0.3, () => (world.now -= 3 * 60 * minute)],
    [0.3, () => (world.serverAhead = pick([0, 0, 24 * 60 * minute, -24 * 60 * minute]))],
  ];
  const all = steps.reduce((sum, [weight]) => sum + weight, 0);
  for (let n = 0; n < 120; n++) {
    let at = random() * all;
    const [, act] = steps.find(([weight]) => (at -= weight) < 0) ?? steps[0]!;
    act();
  }
  settle(world);
  return world;
}

/** News that are a minute late are no news. */
function pass(world: RestoreWorld, ms: number): void {
  if (ms >= minute) world.hearAll();
  world.now += ms;
}

/** Everything arrives, and the time of everything passes. */
function settle(world: RestoreWorld): void {
  world.serverAhead = 0;
  world.say("calm");
  for (let n = 0; n < 200; n++) {
    world.hear();
    world.perform("answered");
    if (world.isIdle) world.now += 5 * minute;
    world.tick();
  }
}

function usersIn({ content }: RestoreWorld): Readonly<Record<string, unknown>> {
  return content["users"] as Record<string, unknown>;
}

function without(users: Readonly<Record<string, unknown>>, user: string): object {
  const { [user]: _, ...rest } = users;
  return rest;
}

function verdict(seed: number): readonly string[] {
  const world = play(seed);
  const now = leaves(world.content);
  const differing = [...new Set([...now.keys(), ...world.theirs.keys()])].filter(
    (path) => !world.raced.has(path) && now.get(path) !== world.theirs.get(path),
  );
  return [
    ...world.offences,
    ...differing.map(
      (path) => `${path} is ${String(now.get(path))}, and theirs ${String(world.theirs.get(path))}`,
    ),
  ].map((what) => `seed ${seed}: ${what}`);
}

describe("contained and released, whatever comes in between", () => {
  test("nobody's change is undone, and nothing of ours is left", () => {
    const seeds = one > 0 ? [one] : Array.from({ length: runs }, (_, i) => i + 1);

    expect(seeds.flatMap(verdict).slice(0, 20)).toEqual([]);
  });

  test("and something is contained at all", () => {
    const writes = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => play(seed).writes);

    expect(writes.filter((count) => count >= 2).length).toBeGreaterThan(4);
  });
});
