// The measures that bounds of the house and comparisons with earlier houses are built on.

import { describe, expect, test } from "@jest/globals";
import { actionPlaces } from "../scripts/house/action-places.ts";
import {
  allComments,
  commentLines,
  cycles,
  fileSizes,
  functionSizes,
  keyCounts,
} from "../scripts/house/measures.ts";
import { readSource } from "../scripts/house/syntax.ts";

describe("the measures of the house", () => {
  test("count lines of files without the line feed at the end", () => {
    const source = readSource("kit/a.ts", "const a = 1;\nconst b = 2;\n");

    expect(fileSizes([source])).toEqual([{ what: "kit/a.ts", size: 2 }]);
  });

  test("count functions, methods and arrow functions under the names that people use", () => {
    const text = `export function one() {\n}\nconst two = () => {\n  return 1;\n};\nclass Bot {\n  #step() {}\n}\n`;

    expect(functionSizes([readSource("bot/bot.ts", text)])).toEqual([
      { what: "bot/bot.ts: one", size: 2 },
      { what: "bot/bot.ts: two", size: 3 },
      { what: "bot/bot.ts: Bot.#step", size: 1 },
    ]);
  });

  test("count the keys that an interface inherits, and those of a type literal", () => {
    const base = readSource("model/base.ts", "export interface Base { a: 1; b(): void }");
    const heir = readSource(
      "model/heir.ts",
      'import type { Base } from "./base.ts"; interface Heir extends Base { c: { d: 1; e: 2; f: 3; g: 4 } }',
    );

    expect(keyCounts([base, heir])).toEqual([
      { what: "model/base.ts: Base", size: 2 },
      { what: "model/heir.ts: Heir", size: 3 },
      { what: "model/heir.ts: Heir", size: 4 },
    ]);
  });

  test("find a circle of imports, those of types included, and who is in it", () => {
    const sources = [
      readSource("a.ts", 'import "./b.ts";'),
      readSource("b.ts", 'import type { C } from "./c.ts";'),
      readSource("c.ts", 'export { a } from "./a.ts";'),
      readSource("d.ts", 'import "./a.ts";'),
    ];

    expect(cycles(sources)).toEqual([["a.ts", "b.ts", "c.ts"]]);
  });

  test("take neighbouring lines of // for one comment, and count no comment behind code", () => {
    const source = readSource(
      "a.ts",
      "// First\n// and more.\nconst a = 1; // behind\n\n/** Second. */\nconst b = 2;\n",
    );

    expect(allComments([source])).toEqual([
      { where: "a.ts:1", text: "First and more." },
      { where: "a.ts:3", text: "behind" },
      { where: "a.ts:5", text: "Second." },
    ]);
    expect(commentLines([source])).toEqual({ comment: 3, all: 5 });
  });

  test("see where kinds of action are told apart: by cases, lists, tables and SQL, but not where words of Matrix stand", () => {
    const action = readSource(
      "model/action.ts",
      'type Action = { kind: "ban" } | { kind: "mute" | "unmute" } | { kind: "kick" } | { kind: "leave" };',
    );
    const places = (text: string) => actionPlaces([action, readSource("policy/a.ts", text)]);
    const found = [{ where: "policy/a.ts: told", kinds: ["ban", "kick", "mute"], isAskedFor: false }];

    expect(
      places(
        'function told(a) { switch (a.kind) { case "ban": case "mute": return; } return a.kind === "kick"; }',
      ),
    ).toEqual(found);
    expect(places('const told = new Set(["ban", "mute", "kick"]);')).toEqual(found);
    expect(places("const told = { ban: 1, mute: 2, kick: 3 };")).toEqual(found);
    expect(places("const told = `kind IN ('ban', 'mute', 'kick')`;")).toEqual(found);
    expect(places("const told: { [K in Some]: 1 } = { ban: 1, mute: 2, kick: 3 };")).toEqual([
      { ...found[0], isAskedFor: true },
    ]);
    expect(places('const memberships = ["ban", "kick", "leave"];')).toEqual([]);
    expect(places('const few = ["ban", "mute"];')).toEqual([]);
  });
});
