// The usual thresholds on the same events: they fire on harmless crowds, and miss waves.

import { expect, test } from "@jest/globals";
import { hourMs } from "../../src/kit/duration.ts";
import { community, ordinary } from "./community.ts";
import { play, scenes } from "./corpus.ts";
import { peers } from "./peers.ts";

const of = community(21);

/** The names of the thresholds that fire. */
function fired(name: string): readonly string[] {
  const { events, accounts } = play(
    scenes.find((one) => one.name === name)!,
    of,
  );
  const those = new Set(accounts.map(({ id }) => id));
  return peers
    .filter(({ fires }) => fires(events, (who) => those.has(who)) !== undefined)
    .map((one) => one.name);
}

test.each([
  ["keynote", ["50 joins in 60 min", "10 joins a minute", "same text by 3 in 10 min"]],
  ["bridge restart", ["50 joins in 60 min", "10 joins a minute"]],
  ["copypasta", ["same text by 3 in 10 min"]],
  [
    "W1",
    [
      "50 joins in 60 min",
      "10 joins a minute",
      "same text by 3 in 10 min",
      "first message has a link or picture",
    ],
  ],
  ["W3", []],
  ["W4", []],
])("%s", (name, expected) => {
  expect(fired(name)).toEqual(expected);
});

test("a threshold for first messages fires on an ordinary day", () => {
  const events = ordinary(of, "a day", 0, 24 * hourMs);

  const firing = peers.filter(({ fires }) => fires(events, () => true) !== undefined);

  expect(firing.map(({ name }) => name)).toContain("first message has a link or picture");
});
