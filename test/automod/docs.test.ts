// What docs/writing-protections.md shows can be written as it stands there.

import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRuleFile } from "../../src/automod/rule-file.ts";
import { lists, read } from "../support/conditions.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/writing-protections.md"), "utf8");
const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!);
const files = blocks.filter((text) => /^(?:#.*\n)?(?:rule|words): /.test(text));
const conditions = page
  .slice(page.indexOf("## The condition"))
  .split("\n")
  .flatMap((line) => /^\|(.*?[^\\])\|/.exec(line)?.[1] ?? [])
  .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!));

test("the page shows a rule, lists, examples and conditions", () => {
  expect(files.length).toBe(4);
  expect(conditions.length).toBeGreaterThanOrEqual(20);
});

test.each(files)("%s", (text) => {
  expect(readRuleFile(text, lists)).toMatchObject({ mistakes: [], warnings: [] });
});

describe("a condition", () => {
  test.each(conditions)("%s", (text) => {
    expect(read(text, -1).problems.mistakes).toEqual([]);
  });
});
