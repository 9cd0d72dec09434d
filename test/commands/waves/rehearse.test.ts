import { expect, test } from "@jest/globals";
import { runCommand } from "../../../src/commands/run.ts";
import type { Wave } from "../../../src/model/waves.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, see } from "../../support/make.ts";

const minute = 60_000;

/** What is answered while the wave is believed, which was heard a minute ago. */
function answer(known: Partial<Wave>): string {
  const world = aWorld();
  const wave: Wave = {
    ...{ id: "w", stage: "suspected", firstAt: world.now, lastAt: world.now, reachedAt: {} },
    ...{ accounts: 20, spoke: 0, shares: [] },
    ...known,
  };
  see(world, { kind: "wave", wave, members: [], left: [] });
  world.apply({ kind: "tick", retryRooms: false, at: world.now + minute, dueBy: world.now + minute });
  return runCommand(asking(world, "rehearse wave")).reply.say.text;
}

test.each<[string, Partial<Wave>]>([
  ["a wave", { stage: "recognised" }],
  ["a flood of which nothing more is known", { isFlood: true }],
])("%s that goes on comes first", (_what, known) => {
  expect(answer(known)).toMatch(/^a real wave is not over yet/);
});

test("people who are only alike are in nobody's way, and neither is a flood that is over", () => {
  expect(answer({})).toMatch(/^Rehearsal: 12 made-up accounts come/);
  expect(answer({ isFlood: true, endedAt: 1 })).toMatch(/^Rehearsal:/);
});

test("says which words are said to the rehearsal", () => {
  const said = answer({});

  for (const word of ["yes", "no", "waves", "release", "raid", "shut", "calm", "go"])
    expect(said).toMatch(new RegExp(`Until it ends, [^.;]*\\b${word}\\b[^.;]* count for it alone`));
  expect(said).toMatch(/undo and stop [^.]*real/);
});
