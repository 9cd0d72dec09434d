import { describe, expect, test } from "@jest/globals";
import { asNumber, asObject, isSameJson, shallow, stringsOf } from "../../src/kit/json.ts";

test.each([null, [], "text", 5, undefined])("%p is no object", (value) => {
  expect(asObject(value)).toBeUndefined();
});

test.each([NaN, Infinity, "5", null])("%p is no number", (value) => {
  expect(asNumber(value)).toBeUndefined();
});

test("of an array only the strings are taken; of anything else none", () => {
  expect(stringsOf(["a", 5, null, ["b"], "c"])).toEqual(["a", "c"]);
  expect(stringsOf({ 0: "a", length: 1 })).toEqual([]);
});

describe("equality", () => {
  test.each([
    [
      { a: 1, b: [{ c: null }] },
      { b: [{ c: null }], a: 1 },
    ],
    [[], []],
    ["a", "a"],
    [null, null],
  ])("%j is the same as %j", (one, other) => {
    expect(isSameJson(one, other)).toBe(true);
  });

  test.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: undefined }, { b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ 0: 1 }, [1]],
    [[], {}],
    [{}, null],
    [1, "1"],
    [JSON.parse('{"__proto__":{}}'), JSON.parse('{"b":1}')],
  ])("%j is not the same as %j", (one, other) => {
    expect(isSameJson(one, other)).toBe(false);
    expect(isSameJson(other, one)).toBe(false);
  });
});

describe("shallow", () => {
  test("keeps what is not too deep, as the same object", () => {
    const value = { a: [{ b: 1 }] };

    expect(shallow(value, 3)).toBe(value);
  });

  test("replaces what is deeper by null", () => {
    expect(shallow({ a: [{ b: 1 }, 2], c: "text" }, 2)).toEqual({ a: [null, 2], c: "text" });
    expect(shallow([[[]]], 1)).toEqual([null]);
  });

  test("holds as many brackets as an event has room for", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);

    expect(JSON.stringify(shallow(deep, 3))).toBe("[[[null]]]");
  });
});
