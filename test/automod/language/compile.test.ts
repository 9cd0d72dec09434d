// What conditions come to: yes, no and unknown, links, words, numbers, counts.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compile } from "../../../src/automod/language/compile.ts";
import { no, unknown, yes, type Truth } from "../../../src/automod/language/truth.ts";
import { fold } from "../../../src/kit/fold.ts";
import type { FactValue } from "../../../src/model/facts/fact.ts";
import type { Facts } from "../../../src/model/facts/facts.ts";
import { read } from "../../support/conditions.ts";

type Told = Readonly<Record<string, FactValue>>;

/** What is not told is unknown. `links`: undefined where the text cannot be read. */
function aFact(told: Told, links?: readonly Told[]): Facts {
  return {
    get: ({ name }) => told[name],
    links: () => links?.map((link) => ({ get: ({ name }) => link[name] })),
    folded: ({ name }) => (told[name] === undefined ? undefined : fold(String(told[name]))),
  };
}

const given = {
  settings: new Map([["limit", 3]]),
  lists: new Map([
    ["slurs", ["meanie", "very bad"]],
    ["our-links", ["example.org"]],
  ]),
  newcomerMs: 86_400_000,
};

function look(text: string, facts: Facts, rates: readonly (number | undefined)[] = []): Truth {
  const { checked, problems } = read(text, -1);
  expect(problems.mistakes).toEqual([]);
  return compile(checked.meaning, given)(facts, { rate: (i) => rates[i] });
}

describe("what is unknown never convicts", () => {
  const values = { yes: true, no: false } as const;
  const names = ["yes", "no", "unknown"] as const;
  const truths = { yes, no, unknown } as const;
  const facts = (a: keyof typeof truths, b: keyof typeof truths) =>
    aFact({
      ...(a === "unknown" ? {} : { "author.regular": values[a] }),
      ...(b === "unknown" ? {} : { "author.local": values[b] }),
    });

  const and = {
    "yes yes": yes,
    "yes unknown": unknown,
    "unknown yes": unknown,
    "unknown unknown": unknown,
  } as Record<string, Truth>;
  const or = {
    "no no": no,
    "no unknown": unknown,
    "unknown no": unknown,
    "unknown unknown": unknown,
  } as Record<string, Truth>;

  for (const a of names)
    for (const b of names) {
      test(`${a} and ${b}`, () => {
        expect(look("author is regular and author is local", facts(a, b))).toBe(and[`${a} ${b}`] ?? no);
      });
      test(`${a} or ${b}`, () => {
        expect(look("author is regular or author is local", facts(a, b))).toBe(or[`${a} ${b}`] ?? yes);
      });
    }

  test.each([
    ["not author is regular", unknown],
    ["author is not regular", unknown],
    ["author.age < 1h", unknown],
    ["author.age + 1h < 2h", unknown],
    ['author.server = "x.example"', unknown],
    ["author.server not in watched-servers", unknown],
    ["text has slurs", unknown],
    ["text spells slurs", unknown],
    ['media.name like "*.exe"', unknown],
    ["any link.known", unknown],
    ["no link.known", unknown],
    ["every link.known", unknown],
    ["author.age is unknown", yes],
    ["author.age is not unknown", no],
    ["author is newcomer", unknown],
  ] as const)("of nothing known, %s is %d", (text, truth) => {
    expect(look(text, aFact({}))).toBe(truth);
  });

  test("the order of parts changes nothing", () => {
    const part = fc.constantFrom(
      ...[
        "author is regular",
        "author is local",
        "links > 2",
        "text has slurs",
        "author.age < 1h",
        "text matches /bad/",
      ],
    );
    const told = fc.record(
      {
        "author.regular": fc.boolean(),
        "author.local": fc.boolean(),
        links: fc.nat(5),
        text: fc.constantFrom("very bad", "fine"),
        "author.age": fc.nat(7_200_000),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 2, maxLength: 5 }),
        told,
        fc.constantFrom(" and ", " or "),
        (parts, facts, between) => {
          const one = look(parts.join(between), aFact(facts));
          const other = look(parts.toReversed().join(between), aFact(facts));

          expect(other).toBe(one);
        },
      ),
    );
  });
});

describe("links", () => {
  const ours = { "link.domain": "example.org", "link.known": true };
  const theirs = { "link.domain": "evil.example", "link.known": false };

  test.each([
    ["any link.domain in our-links", [ours, theirs], yes],
    ["any link.domain in our-links", [theirs], no],
    ["any link.domain in our-links", [], no],
    ["any link.domain not in our-links", [ours, theirs], yes],
    ["every link.domain in our-links", [ours, theirs], no],
    ["every link.domain in our-links", [ours, ours], yes],
    ["every link.domain in our-links", [], no],
    ["no link.domain in our-links", [theirs], yes],
    ["no link.domain in our-links", [ours, theirs], no],
    ["no link.domain in our-links", [], yes],
    ["any link where (not known and domain not in our-links)", [ours, theirs], yes],
    ["any link where (known and domain not in our-links)", [ours, theirs], no],
    ["any link is known", [ours], yes],
  ] as const)("%s, of %j: %d", (text, links, truth) => {
    expect(look(text, aFact({}, links))).toBe(truth);
  });

  test("a link of which something is unknown leaves any and every open, and another decides", () => {
    expect(look("any link.known", aFact({}, [{}, theirs]))).toBe(unknown);
    expect(look("any link.known", aFact({}, [{}, ours]))).toBe(yes);
    expect(look("every link.known", aFact({}, [{}, theirs]))).toBe(no);
  });
});

describe("tests", () => {
  test.each([
    ["author.age < 1h", { "author.age": 3_599_999 }, yes],
    ["author.age < 1h", { "author.age": 3_600_000 }, no],
    ["author.age >= 1h", { "author.age": 3_600_000 }, yes],
    ["text.capitals > 80%", { "text.capitals": 0.81 }, yes],
    ["media.size > 20KB", { "media.size": 20_481 }, yes],
    ["media.size > 20KB", { "media.size": 20_480 }, no],
    ["links > limit", { links: 4 }, yes],
    ["links > limit", { links: 3 }, no],
    ["links > limit * 2 - 1", { links: 6 }, yes],
    ["text.length / text.lines > 100", { "text.length": 202, "text.lines": 2 }, yes],
    ["text.length / text.lines > 100", { "text.length": 202, "text.lines": 0 }, unknown],
    ["links", { links: 0 }, no],
    ["links", { links: 1 }, yes],
    ["media is image", { "media.kind": "image" }, yes],
    ["media is not image", { "media.kind": "image" }, no],
    ["media.kind in image, video", { "media.kind": "video" }, yes],
    ['author.server = "EVIL.example"', { "author.server": "evil.example" }, yes],
    ['author.server in "a.example", "evil.example"', { "author.server": "evil.example" }, yes],
    ['author.server like "*.example"', { "author.server": "evil.example" }, yes],
    ["text has slurs", { text: "You Meanie!" }, yes],
    ["text has slurs", { text: "meaniest" }, no],
    ["text has slurs", { text: "a very  bad day" }, yes],
    ["text has slurs", { text: "bad, very" }, no],
    ["text spells slurs", { text: "m.e.a.n.i.e" }, yes],
    ["text matches /mean(?:ie)+/", { text: "MEANIE" }, yes],
    ["author is newcomer", { "author.age": 1_000, "author.regular": false, "author.staff": false }, yes],
    ["author is newcomer", { "author.age": 1_000, "author.regular": true }, no],
    ["author is newcomer", { "author.age": 86_400_000 }, no],
  ] as const)("%s of %j is %d", (text, told, truth) => {
    expect(look(text, aFact(told))).toBe(truth);
  });

  test("a count that cannot be told is unknown", () => {
    const text = "count messages by author in 10s > limit";

    expect(look(text, aFact({}), [4])).toBe(yes);
    expect(look(text, aFact({}), [3])).toBe(no);
    expect(look(text, aFact({}), [undefined])).toBe(unknown);
  });
});

describe("hosts are found however they are written", () => {
  test.each([
    ["bücher.example", "xn--bcher-kva.example"],
    ["www.example.org", "example.org"],
    ["https://example.org/path", "example.org"],
    ["Example.org.", "example.org"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ])("%s is %s", (entry, host) => {
    const facts = aFact({}, [{ "link.domain": host, "link.host": host }]);

    expect(look(`any link.host in "${entry}"`, facts)).toBe(yes);
    expect(look(`any link.host = "${entry}"`, facts)).toBe(yes);
    expect(look(`any link.domain not in "${entry}"`, facts)).toBe(no);
    expect(look(`any link.host in "other.example"`, facts)).toBe(no);
  });
});
