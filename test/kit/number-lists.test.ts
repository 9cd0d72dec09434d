import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { NumberLists } from "../../src/kit/number-lists.ts";
import { none } from "../../src/kit/numbered-texts.ts";

function listOf(lists: NumberLists<string>, key: string): readonly number[] {
  const found: number[] = [];
  for (let number = lists.first(key); number !== none; number = lists.next(number)) found.push(number);
  return found;
}

test("a list has its numbers, the newest first, and its key while it has any", () => {
  const lists = new NumberLists<string>();
  lists.add("a", 3);
  lists.add("a", 5_000);
  lists.add("b", 4);

  expect(listOf(lists, "a")).toEqual([5_000, 3]);
  expect([...lists.keys()]).toEqual(["a", "b"]);

  lists.remove("b", 4);
  expect(listOf(lists, "b")).toEqual([]);
  expect([...lists.keys()]).toEqual(["a"]);
});

test("whatever comes and goes, the lists hold what sets would", () => {
  const moves = fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat({ max: 20 })));
  fc.assert(
    fc.property(moves, (toggled) => {
      const lists = new NumberLists<string>();
      const sets = new Map<string, Set<number>>([
        ["a", new Set()],
        ["b", new Set()],
      ]);
      for (const [key, number] of toggled) {
        const holder = [...sets].find(([, set]) => set.has(number))?.[0];
        if (holder === undefined) {
          lists.add(key, number);
          sets.get(key)!.add(number);
        } else {
          lists.remove(holder, number);
          sets.get(holder)!.delete(number);
        }
      }
      for (const [key, set] of sets) expect(new Set(listOf(lists, key))).toEqual(set);
    }),
  );
});
