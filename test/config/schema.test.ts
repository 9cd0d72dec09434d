import { expect, test } from "@jest/globals";
import { options, sections } from "../../src/config/options.ts";

test.each([...options, ...sections].map((option) => [option.path, option] as const))(
  "%s has a sentence",
  (_, { meaning }) => {
    expect(meaning).toMatch(/^[A-Z].{15,}\.$/);
  },
);

test.each(options.filter(({ kind }) => kind === "number").map((option) => [option.path, option] as const))(
  "%s has a unit, a default and a limit",
  (_, { unit, default: standard, expected }) => {
    expect(unit).toBeTruthy();
    expect(typeof standard).toBe("number");
    expect(expected).toMatch(/from \d+ to \d+/);
  },
);

test("an option without a default has an example", () => {
  const bare = options.filter((option) => option.default === undefined);

  expect(bare.filter((option) => option.example === undefined)).toEqual([]);
});

test("no two options share a variable", () => {
  const names = options.map((option) => option.environmentVariable);

  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("TYR_HOMESERVER_ACCESS_TOKEN_FILE");
});
