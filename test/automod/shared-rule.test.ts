import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { documentOfList, documentOfRule } from "../../src/automod/rule-document.ts";
import { readRuleFile } from "../../src/automod/rule-file.ts";
import { marked, receive, wholeText, withoutMark } from "../../src/automod/shared-rule.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { checkRule } from "../../src/automod/rule.ts";

const received = (text: string) => {
  const read = receive(text, new Map());
  if ("mistakes" in read) throw new Error(JSON.stringify(read.mistakes));
  return read.rules[0]!;
};

test("every shipped rule is the same after it was written and read again, but for its profiles", () => {
  for (const text of shipped) {
    const { rule } = checkRule(text, new Map());
    const { profiles: _profiles, mode: _mode, ...before } = rule!;
    const [again] = readRuleFile(documentOfRule(rule!), new Map()).rules;

    expect(again).toEqual(before);
  }
});

test("comments, the mode and the profiles do not travel", () => {
  const { rule, left } = received(
    "# we look for @ann:example.org\nrule: a\nwhen: links # her links\nthen: redact\nmode: act\nprofiles: { usual: act }\n",
  );

  expect(documentOfRule(rule)).toBe("rule: a\nwhen: links\nthen: redact\n");
  expect(left).toEqual(["mode", "profiles"]);
});

test("where it looks, whom it leaves alone and whose place it takes is each community's own; in which modes travels", () => {
  const { rule, left } = received(
    "rule: a\nwhen: links\nthen: redact\nrooms: '#lobby:example.org'\nduring: raid\nexcept: '@ann:example.org'\n",
  );

  expect(documentOfRule(rule)).toBe("rule: a\nduring: raid\nwhen: links\nthen: redact\n");
  expect(left).toEqual(["rooms", "except"]);
  expect(received("rule: a\nwhen: links\nthen: redact\nreplace: flood\n")).toMatchObject({
    left: ["replace"],
    rule: { name: "a" },
  });
});

test.each([
  ["redact+call", "redact"],
  ["call", "alert"],
  ["warn redact+list list+call", "warn redact+ban ban"],
  ["list+ban", "ban"],
  ["redact+warn", "redact+warn"],
])("nobody is called and no list is written to elsewhere: %s", (then, ladder) => {
  expect(received(`rule: a\nwhen: links\nthen: ${then}\n`).rule.ladder).toBe(ladder);
});

test("lists come along where the rule looks into them", () => {
  const { rule, lists } = received(
    "rule: a\nwhen: text has scam\nthen: redact\n---\nwords: scam\nentries: [airdrop, '*coin']\n---\nlinks: others\nentries: [a.example]\n",
  );

  expect(lists).toEqual([{ name: "scam", kind: "words", entries: ["airdrop", "*coin"] }]);
  expect(wholeText(rule, lists)).toBe(
    'rule: a\nwhen: text has scam\nthen: redact\n---\nwords: scam\nentries: [ airdrop, "*coin" ]\n',
  );
});

test("the entries of a list are the same after they were written and read again", () => {
  const entry = fc
    .string({ minLength: 1, maxLength: 60, unit: "grapheme" })
    .map((text) => text.trim())
    .filter((text) => text !== "" && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (entries) => {
      const { lists, mistakes } = readRuleFile(
        documentOfList({ name: "some", kind: "words", entries }),
        new Map(),
      );

      expect(mistakes).toEqual([]);
      expect(lists.get("some")?.entries).toEqual(entries);
    }),
  );
});

test("whether a shared text was changed on the way is told by its mark", () => {
  const text = "rule: a\nwhen: links\nthen: redact\n";

  expect(withoutMark(marked(text, 3))).toEqual({ text, isChanged: false });
  expect(withoutMark(marked(text, 3).trim()).isChanged).toBe(false);
  expect(withoutMark(marked(text, 3).replace("redact", "ban")).isChanged).toBe(true);
  expect(withoutMark(text).isChanged).toBe(false);
});

test.each([
  ["nested ten thousand deep", `rule: a\nwhen: ${"[".repeat(10_000)}`],
  ["nested lists", `rule: a\nwhen:\n  ${"- ".repeat(60_000)}a`],
  ["nested keys", `rule: a\nwhen:\n  ${"? ".repeat(60_000)}a`],
  ["many aliases", `rule: &a a\nwhen: [${"*a,".repeat(40_000)}]\nthen: redact`],
  ["many tags", `rule: a\nwhen: ${"!a ".repeat(40_000)}b\nthen: redact`],
  ["many documents", "---\n".repeat(30_000)],
  ["many keys", Array.from({ length: 15_000 }, (_, i) => `a${i}: b`).join("\n")],
  ["as many keys as may be", Array.from({ length: 990 }, (_, i) => `a${i}: b`).join("\n")],
  ["as many tags as may be", `rule: a\nwhen: ${"!a ".repeat(990)}b\nthen: redact`],
  ["many keys in brackets", `{${Array.from({ length: 15_000 }, (_, i) => `a${i}: b`).join(",")}}`],
  ["many quoted keys", `{${Array.from({ length: 15_000 }, (_, i) => `"a${i}":b`).join(",")}}`],
  ["many bare keys", `{${Array.from({ length: 15_000 }, (_, i) => `a${i}`).join(",")}}`],
  ["many line ends", "\n".repeat(120_000)],
  ["many comments", "#\n".repeat(60_000)],
  ["many anchors", `rule: a\nwhen: [${"&a a,".repeat(20_000)}]`],
  ["many quotes", `rule: a\nwhen: ${'"'.repeat(100_000)}`],
  ["a long condition", `rule: a\nwhen: ${"links or ".repeat(10_000)}links\nthen: redact`],
  ["a long line of brackets", `rule: a\nwhen: ${"(".repeat(100_000)}\nthen: redact`],
  ["nested maps", `rule: a\nwhen: ${"{a: ".repeat(10_000)}`],
  ["a billion laughs", "rule: a\nabout: &a [x,x]\nwhen: &b [*a,*a,*a]\nthen: [*b,*b,*b]\n"],
  ["an alias for the condition", "rule: a\nabout: &a links\nwhen: *a\nthen: redact\n"],
  ["a key with markup", "rule: <b>@room</b>\nwhen: links\nthen: redact\n"],
  ["tags", "rule: !!js/function a\nwhen: !!binary aGk=\nthen: redact\n"],
  ["two rules of one name", "rule: a\nwhen: links\nthen: redact\n---\nrule: a\nwhen: links\nthen: redact\n"],
  ["nothing", ""],
  ["a NUL", "rule: a\u0000\nwhen: links"],
])("hostile text is refused without breaking anything: %s", (_what, text) => {
  expect("mistakes" in receive(text, new Map())).toBe(true);
});
