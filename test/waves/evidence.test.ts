import { expect, test } from "@jest/globals";
import { evidenceIn } from "../../src/waves/evidence.ts";
import type { Membership } from "../../src/model/event.ts";
import type { Observation } from "../../src/model/observation.ts";
import { aWorld, live, lobby, member, see, user } from "../support/make.ts";

const mod = user("@mod:example.org");
const bob = user("@bob:x.test");

/** What the last of these memberships tells; `by`: who wrote it. */
function told(...memberships: readonly (readonly [Membership, string])[]): readonly string[] {
  const world = aWorld();
  see(world, { kind: "settings-changed", change: protecting });
  const events = memberships.map(([membership, by]) => live(lobby, member(bob, membership, { by })));
  events.forEach((one) => see(world, one));
  const last = { ...events.at(-1)!, at: world.now, dueBy: world.now } as Observation;
  return [...evidenceIn([last], world)].map(({ is }) => is);
}

const protecting = {
  kind: "protect",
  room: { room: lobby, via: [], space: undefined },
} as const;

test.each([
  [
    "a ban",
    [
      ["join", bob],
      ["ban", mod],
    ],
  ],
  [
    "a kick",
    [
      ["join", bob],
      ["leave", mod],
    ],
  ],
] as const)("%s by somebody's own client tells of harm", (_what, memberships) => {
  expect(told(...memberships)).toEqual(["removed"]);
});

test.each([
  [
    "a knock that is refused",
    [
      ["knock", bob],
      ["leave", mod],
    ],
  ],
  [
    "an invitation that is withdrawn",
    [
      ["invite", mod],
      ["leave", mod],
    ],
  ],
  [
    "the end of a ban",
    [
      ["join", bob],
      ["ban", mod],
      ["leave", mod],
    ],
  ],
  [
    "who leaves",
    [
      ["join", bob],
      ["leave", bob],
    ],
  ],
] as const)("%s does not", (_what, memberships) => {
  expect(told(...memberships)).toEqual([]);
});
