import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { matchesGlob } from "../../../src/kit/glob.ts";
import { carve, isWithinOneDomain } from "../../../src/policy/server-acl/carve.ts";

test("a name within a wildcard is left out by its length", () => {
  expect(carve("*.evil.tld", ["good.evil.tld"])).toEqual([
    "?.evil.tld",
    "??.evil.tld",
    "???.evil.tld",
    "?????*.evil.tld",
  ]);
});

test("a name that ends where the star stands is denied, too", () => {
  expect(carve("a*.evil.tld", ["abc.evil.tld"])).toEqual(["a.evil.tld", "a?.evil.tld", "a???*.evil.tld"]);
});

test("several names of several lengths are left out together", () => {
  expect(carve("a*.evil.tld", ["a.evil.tld", "abc.evil.tld"])).toEqual(["a?.evil.tld", "a???*.evil.tld"]);
});

test("a pattern with several stars, or a name that is too long, cannot be carved", () => {
  expect(carve("*evil*.tld.org", ["devil.tld.org"])).toBeUndefined();
  expect(carve("*.evil.tld", [`${"a".repeat(64)}.evil.tld`])).toBeUndefined();
});

test("the parts match what the whole matches, but for names as long as a spared one", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "-", "."), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 3 }), letters, (spared, probe) => {
      const parts = carve(
        "*.evil.tld",
        spared.map((name) => `${name}.evil.tld`),
      )!;
      const isDenied = parts.some((part) => matchesGlob(part, `${probe}.evil.tld`));

      expect(isDenied).toBe(spared.every((name) => name.length !== probe.length));
      expect(parts.some((part) => matchesGlob(part, "evil.tld"))).toBe(false);
    }),
  );
});

describe("within one domain", () => {
  test.each(["*.evil.tld", "a?.evil.tld", "*evil*.x.co.uk"])("is %s", (pattern) => {
    expect(isWithinOneDomain(pattern)).toBe(true);
  });

  test.each(["*", "*.tld", "*evil.tld", "evil.*", "*.tld.", "evil.tld.?"])("is not %s", (pattern) => {
    expect(isWithinOneDomain(pattern)).toBe(false);
  });
});
