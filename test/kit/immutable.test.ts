import { expect, test } from "@jest/globals";
import {
  withAll,
  withEntry,
  withKeyMoved,
  without,
  withOne,
  withoutAll,
  withoutEntry,
} from "../../src/kit/immutable.ts";

const map: ReadonlyMap<string, number> = new Map([
  ["a", 1],
  ["b", 2],
]);
const set: ReadonlySet<string> = new Set(["a", "b"]);

test("a change is in the copy, and not in the original", () => {
  expect([...withEntry(map, "c", 3)]).toEqual([...map, ["c", 3]]);
  expect([...withoutEntry(map, "a")]).toEqual([["b", 2]]);
  expect([...withoutAll(map, ["a", "x"])]).toEqual([["b", 2]]);
  expect([...withOne(set, "c")]).toEqual(["a", "b", "c"]);
  expect([...without(set, "a")]).toEqual(["b"]);

  expect([...map]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect([...set]).toEqual(["a", "b"]);
});

test("where there is nothing to remove or to move, it is the same object", () => {
  expect(withoutEntry(map, "x")).toBe(map);
  expect(without(set, "x")).toBe(set);
  expect(withKeyMoved(map, "x", "y")).toBe(map);
});

test("a value moves to another key, and replaces what was there", () => {
  expect([...withKeyMoved(map, "a", "c")]).toEqual([
    ["b", 2],
    ["c", 1],
  ]);
  expect([...withKeyMoved(map, "a", "b")]).toEqual([["b", 1]]);
});

test("of too many entries the oldest are removed", () => {
  expect([...withAll(map, ["c", "a"], { value: 9, most: 2 })]).toEqual([
    ["b", 2],
    ["c", 9],
  ]);
});
