// What a condition needs: whenever it holds, all of its needs hold. So nothing is passed over that would have been found.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compile } from "../../../src/automod/language/compile.ts";
import { needsOf } from "../../../src/automod/language/needs.ts";
import { yes } from "../../../src/automod/language/truth.ts";
import { fold } from "../../../src/kit/fold.ts";
import type { Fact, FactValue } from "../../../src/model/facts/fact.ts";
import type { Facts } from "../../../src/model/facts/facts.ts";
import { vocabulary } from "../../../src/model/facts/index.ts";
import { read, settings } from "../../support/conditions.ts";

const given = {
  settings: new Map([...settings].map(([name, { measured }], i) => [name, measured === "time" ? 60_000 : i])),
  lists: new Map([
    ["bad-words", ["meanie", "free nitro"]],
    ["bad-names", ["admin"]],
    ["scam", ["*coin", "airdrop"]],
    ["slurs", ["meanie"]],
    ["our-links", ["example.org"]],
    ["denied-links", ["evil.example"]],
    ["allowed-links", ["example.org", "matrix.org"]],
    ["watched-servers", ["evil.example"]],
    ["bad-pictures", ["mxc://x/y"]],
  ]),
  newcomerMs: 86_400_000,
};

const conditions = readFileSync(join(import.meta.dirname, "conditions.txt"), "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "" && !line.startsWith("#"));

const texts = ["airdrop", "free nitro now", "a i r d r o p", "Admin", "crypto", "bitcoin", "evil.example"];
const names = ["example.org", "evil.example", "x.evil.example", "@spam:evil.example", "m.sticker", "spam"];
const numbers = [0, 1, 2, 3, 5, 9, 21, 64, 100, 0.5, 0.9, 3_600_000, 86_400_000, 700_000_000];

function valueOf({ type }: Fact): fc.Arbitrary<FactValue | undefined> {
  const told = {
    "yes-no": () => fc.boolean(),
    number: () => fc.constantFrom(...numbers),
    word: () => fc.constantFrom(...(type.base === "word" ? type.words : [""])),
    text: () => fc.constantFrom(...texts),
    name: () => fc.constantFrom(...names),
    key: () => fc.constantFrom("mxc://x/y", "mxc://x/z"),
  }[type.base]();
  return fc.oneof({ arbitrary: told, weight: 4 }, { arbitrary: fc.constant(undefined), weight: 1 });
}

const ofLink = fc.record(told((fact) => fact.ofLink));
const world = fc.record({
  event: fc.record(told((fact) => !fact.ofLink)),
  links: fc.oneof(fc.constant(undefined), fc.array(ofLink, { maxLength: 3 })),
  rate: fc.oneof(fc.constant(undefined), fc.constantFrom(...numbers)),
});

function told(which: (fact: Fact) => boolean): Record<string, fc.Arbitrary<FactValue | undefined>> {
  return Object.fromEntries([...vocabulary.values()].filter(which).map((fact) => [fact.name, valueOf(fact)]));
}

type Told = Readonly<Record<string, FactValue | undefined>>;

/** How many links there are is told by the links, as it is of events. */
function factsOf(event: Told, links: readonly Told[] | undefined): Facts {
  return {
    get: ({ name }) => (name === "links" ? links?.length : event[name]),
    links: () => links?.map((link) => ({ get: ({ name }) => link[name] })),
    folded: ({ name }) => (event[name] === undefined ? undefined : fold(String(event[name]))),
  };
}

describe("a condition holds only where its needs do", () => {
  const compiled = conditions.map((text) => {
    const { meaning } = read(text).checked;
    const needs = needsOf(meaning, given).map(({ key, entries, compile: make }) => ({
      key,
      look: make([...entries, "another word"]),
    }));
    return { text, look: compile(meaning, given), needs };
  });

  test("of all conditions that must parse, whatever is told", () => {
    let held = 0;

    fc.assert(
      fc.property(world, ({ event, links, rate }) => {
        const facts = factsOf(event, links);
        const counters = { rate: () => rate };
        for (const { text, look, needs } of compiled) {
          if (look(facts, counters) !== yes) continue;
          held++;
          const missing = needs.filter((need) => need.look(facts, { rate: () => undefined }) !== yes);
          expect({ text, missing: missing.map(({ key }) => key) }).toEqual({ text, missing: [] });
        }
      }),
      { numRuns: 300 },
    );
    expect(held).toBeGreaterThan(1_000);
  });

  test.each([
    ["author is newcomer and links", 2],
    ["author is newcomer or links", 0],
    ["(author is newcomer and links) or (author is newcomer and media)", 1],
    ["not (author is newcomer or links)", 0],
    ["no link.known", 0],
    ["any link where (not known)", 2],
    ["count messages by author in 10s > 10", 0],
    ['text has "one" or text has "other"', 1],
  ])("%s needs so many things: %d", (text, count) => {
    expect(needsOf(read(text).checked.meaning, given)).toHaveLength(count);
  });

  test("limits that lie close together are one need", () => {
    const keyOf = (text: string) => needsOf(read(text).checked.meaning, given).map(({ key }) => key);

    expect(keyOf("text.length > 100")).toEqual(keyOf("text.length > 120"));
    expect(keyOf("text.length > 100")).toEqual(keyOf("130 < text.length"));
    expect(keyOf("text.length > 100")).not.toEqual(keyOf("text.length > 1000"));
  });
});
