// The world in which scenes are played: what it knows of the community, and that it is the same each time.

import { expect, test } from "@jest/globals";
import { stableId } from "../../src/kit/hash.ts";
import { user } from "../support/make.ts";
import { community, size } from "./community.ts";
import { learned, restored, rooms, zero } from "./past.ts";

const of = community(31);
const rows = learned(of);

test("regulars are known as such, and what they link to", () => {
  const world = restored(rows);

  expect(world.knowsModerators).toBe(true);
  expect(rooms.every((id) => world.membersKnown.has(id))).toBe(true);
  expect(of.regulars.filter(({ id }) => world.stored.regulars.isRegular(user(id), zero))).toHaveLength(
    size.regulars,
  );
  const isKnown = (host: string) => world.stored.knownLinks.isKnown(host, zero);
  expect(isKnown("project.example")).toBe(true);
  expect(isKnown("nowhere.example")).toBe(false);
});

test("is the same for the same seed", () => {
  const digest = (those: typeof rows) => stableId(JSON.stringify(those));

  expect(digest(learned(community(31)))).toBe(digest(rows));
});
