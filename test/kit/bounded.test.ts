import { describe, expect, test } from "@jest/globals";
import { keepNewest } from "../../src/kit/bounded.ts";

describe("what remembers only the newest", () => {
  test("forgets the oldest of a set and of a map", () => {
    const set = new Set(["a", "b", "c"]);
    const map = new Map([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);

    keepNewest(set, 2);
    keepNewest(map, 1);

    expect([...set]).toEqual(["b", "c"]);
    expect([...map.keys()]).toEqual(["c"]);
  });

  test("forgets nothing while there is room", () => {
    const set = new Set(["a", "b"]);

    keepNewest(set, 2);

    expect([...set]).toEqual(["a", "b"]);
  });
});
