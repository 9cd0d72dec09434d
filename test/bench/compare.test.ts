// Two revisions side by side: what is read of the tables that benchmarks print, and what is said of them.

import { describe, expect, test } from "@jest/globals";
import { compare, type Round } from "../../bench/compare.ts";
import { readTables } from "../../bench/read-tables.ts";

const round = (value: number): Round => new Map([["start > restart", { value, unit: "ms" }]]);
const verdictOn = (before: readonly number[], after: readonly number[]) =>
  compare(before.map(round), after.map(round))[0]!.verdict;

describe("the tables of the benchmarks", () => {
  test("are read with titles, rows below rows, and the middle figure of several", () => {
    const output = [
      "some words of the build",
      "",
      "restart: 1,000 rooms; 4 restarts",
      "                                  Tyr               bound  efficiency  target",
      "  first start                     1,234 ms",
      "    peak memory                   131 MB",
      "  restart                         512 (498-530) ms                     <= 700",
      "    peak memory                   98 MB             90 MB  92 %        < 200",
      "  requests of the last restart: 4 sync",
      "",
      "100000 rules, 100000 members",
      "  match, per member    0.412 µs   target 0.5 µs",
      "  entries                  4000",
    ].join("\n");

    expect([...readTables(output)].map(([row, { value, unit }]) => [row, value, unit])).toEqual([
      ["restart: 1,000 rooms; 4 restarts > first start", 1234, "ms"],
      ["restart: 1,000 rooms; 4 restarts > first start > peak memory", 131, "MB"],
      ["restart: 1,000 rooms; 4 restarts > restart", 512, "ms"],
      ["restart: 1,000 rooms; 4 restarts > restart > peak memory", 98, "MB"],
      ["100000 rules, 100000 members > match, per member", 0.412, "µs"],
      ["100000 rules, 100000 members > entries", 4000, ""],
    ]);
  });
});

describe("a comparison", () => {
  test("calls worse only what lies beyond both spreads, and better likewise", () => {
    expect(verdictOn([500, 520, 540], [550, 560, 570])).toBe("alike");
    expect(verdictOn([500, 520, 540], [552, 560, 570])).toBe("worse");
    expect(verdictOn([500, 520, 540], [530, 700, 900])).toBe("alike");
    expect(verdictOn([552, 560, 570], [500, 520, 540])).toBe("better");
  });

  test("tells which rows one revision lacks", () => {
    expect(verdictOn([], [500])).toBe("only after");
    expect(verdictOn([500], [])).toBe("only before");
  });
});
