import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { sha256Base64, stableId, stampOf } from "../../src/kit/hash.ts";

test("the digest of MSC4205's example is the one it gives", () => {
  expect(sha256Base64("@yarrgh:example.com")).toBe("VPqwbUV7mMMkOVto3kPwsNXXiALMs7VCKWh3OeqqjGs=");
});

test("a stable id is 24 characters that fit into a path, and always the same", () => {
  expect(stableId("a", "b")).toMatch(/^[\w-]{24}$/);
  expect(stableId("a", "b")).toBe(stableId("a", "b"));
});

test("other parts make another stable id, however they are split", () => {
  const parts = fc.array(fc.string({ unit: fc.constantFrom(..."ab:12") }), { maxLength: 4 });
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);

      expect(stableId(...one) === stableId(...other)).toBe(isSame);
    }),
  );
});

test("a stamp is a positive number that fits into 31 bits, and never 0", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const stamp = stampOf(text);

      expect(Number.isInteger(stamp) && stamp > 0 && stamp <= 0x7fffffff).toBe(true);
    }),
  );
});

test("ten thousand event ids have ten thousand stamps, or nearly", () => {
  const stamps = new Set(Array.from({ length: 10_000 }, (_, i) => stampOf(`$${sha256Base64(String(i))}`)));

  expect(stamps.size).toBeGreaterThan(9_995);
});
