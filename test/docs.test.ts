// The docs speak of files that exist: the map names every loose file, defects name their tests, decisions their numbers.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const decisions = readdirSync(join(root, "docs/adr"));

test("the map names every file beside the folders", () => {
  const map = /```\nsrc\/\n([\s\S]*?)```/.exec(read("ARCHITECTURE.md"))![1]!;
  const loose = readdirSync(join(root, "src")).filter((file) => file.endsWith(".ts"));

  expect(loose.length).toBeGreaterThan(0);
  expect(loose.filter((file) => !map.includes(file))).toEqual([]);
});

test("the map names every folder", () => {
  const architecture = read("ARCHITECTURE.md");
  const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((one) => one.isDirectory());

  expect(
    folders.filter(({ name }) => !architecture.includes(`\n  ${name}/`)).map(({ name }) => name),
  ).toEqual([]);
});

test("every file that ARCHITECTURE names is there", () => {
  const named = [...read("ARCHITECTURE.md").matchAll(/`([a-z-]+\/[a-z/-]+\.ts)`/g)].map(([, file]) => file!);

  expect(named.length).toBeGreaterThan(0);
  expect(
    named.filter((file) => !existsSync(join(root, "src", file)) && !existsSync(join(root, file))),
  ).toEqual([]);
});

test("every known defect names tests that are there", () => {
  const rows = read("docs/known-defects.md")
    .split("\n")
    .filter((line) => /^\| (?!Defect|-)/.test(line));
  const named = rows.map((row) =>
    [...row.matchAll(/`([a-z0-9/-]+(?:\.test\.ts|\/))`/g)].map(([, at]) => at!),
  );

  expect(rows.filter((_, i) => named[i]!.length === 0)).toEqual([]);
  expect(named.flat().filter((file) => !existsSync(join(root, "test", file)))).toEqual([]);
});

test("each decision has a number of its own, and says it", () => {
  const numbers = decisions.map((file) => Number(file.slice(0, 4)));

  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  for (const [i, file] of decisions.entries())
    expect(read(`docs/adr/${file}`).startsWith(`# ${numbers[i]}. `)).toBe(true);
});
