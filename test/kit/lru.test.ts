import { expect, test } from "@jest/globals";
import { lru } from "../../src/kit/lru.ts";

test("the least recently used entry is evicted, and named", () => {
  const evicted: string[] = [];
  const cache = lru<string, number>(2, (key) => evicted.push(key));
  cache.set("a", 1);
  cache.set("b", 2);
  cache.get("a");

  cache.set("c", 3);

  expect(evicted).toEqual(["b"]);
  expect(cache.peek("a")).toBe(1);
  expect(cache.peek("b")).toBeUndefined();
});

test("an entry that is set again or deleted was not evicted", () => {
  const evicted: string[] = [];
  const cache = lru<string, number>(1, (key) => evicted.push(key));

  cache.set("a", 1);
  cache.set("a", 2);
  cache.delete("a");
  cache.set("b", 3);

  expect(evicted).toEqual([]);
  expect([...cache.keys()]).toEqual(["b"]);
});

test("looking at an entry does not make it newer", () => {
  const cache = lru<string, number>(2);
  cache.set("a", 1);
  cache.set("b", 2);

  cache.peek("a");
  cache.set("c", 3);

  expect(cache.peek("a")).toBeUndefined();
});

test("an empty cache takes no memory for entries that may never come", () => {
  const before = process.memoryUsage();
  const caches = Array.from({ length: 20 }, () => lru<string, number>(1_000_000));
  const after = process.memoryUsage();

  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(caches).toHaveLength(20);
  // With room for all entries from the beginning it would be 340 MB.
  expect(grown).toBeLessThan(20_000_000);
});
