// Rule files: what is read, and that all mistakes of a file are told at once with line, column and hint.

import { describe, expect, test } from "@jest/globals";
import { describeProblem } from "../../src/automod/file-problems.ts";
import { maxFileLength, readRuleFile } from "../../src/automod/rule-file.ts";
import { kindWords } from "../../src/model/facts/kinds.ts";

const told = (text: string) =>
  readRuleFile(text, new Map()).mistakes.map((one) => describeProblem("f.yaml", one));

test("a rule is read with its settings, bounds and ladder", () => {
  const { rules, mistakes } = readRuleFile(
    `rule: wall
about: Too many.
on: [ message, edit ]
settings: { limit: 10, within: { default: 10s, min: 1s, max: 1h, about: The time. } }
when: count messages by author in within > limit
then: redact + warn, ban
warning: Slow down.
with-what-follows: yes
`,
    new Map(),
  );

  expect(mistakes).toEqual([]);
  expect(rules).toMatchObject([
    {
      name: "wall",
      about: "Too many.",
      on: kindWords.get("message")! | kindWords.get("edit")!,
      ladder: "redact+warn, ban",
      warning: "Slow down.",
      reply: "",
      takesInWhatFollows: true,
      settings: {
        limit: { type: "number", default: 10 },
        within: { type: "amount", measured: "time", default: "10s", min: "1s", max: "1h" },
      },
    },
  ]);
});

test("a rule gives heat, instead of an answer or besides one", () => {
  const heatOf = (fields: string) => {
    const { rules, mistakes } = readRuleFile(`rule: a\nwhen: links\n${fields}`, new Map());
    expect(mistakes).toEqual([]);
    return rules.map(({ heat, ladder }) => ({ ...heat, ladder }));
  };

  expect(heatOf("heat: 30")).toEqual([{ author: 30, server: 0, ladder: "" }]);
  expect(heatOf('heat: "30"\nthen: redact')).toEqual([{ author: 30, server: 0, ladder: "redact" }]);
  expect(heatOf("heat: { author: 30, server: 5 }")).toEqual([{ author: 30, server: 5, ladder: "" }]);
  expect(heatOf("heat: { server: 1000 }")).toEqual([{ author: 0, server: 1_000, ladder: "" }]);
  expect(heatOf("then: redact")).toEqual([{ ladder: "redact" }]);
});

test.each([
  ["", "then is missing"],
  ["heat: much", "heat needs a whole number from 1 to 1000"],
  ["heat: 0", "heat needs a whole number from 1 to 1000"],
  ["heat: 1001", "heat needs a whole number from 1 to 1000"],
  ["heat: [30]", "heat needs a whole number from 1 to 1000"],
  ["heat: {}", "heat needs a number"],
  ["heat: { room: 30 }", 'heat is not given to "room"'],
  ["heat: { author: -1 }", "heat needs a whole number from 1 to 1000"],
])("a rule with %j is refused with what to write", (fields, problem) => {
  const { mistakes } = readRuleFile(`rule: a\nwhen: links\n${fields}`, new Map());
  expect(mistakes.map(({ message }) => message)).toEqual([problem]);
  expect(mistakes[0]!.hint).toMatch(/heat: 30|author or server/);
});

test("several rules and lists share a file; a list may come after the rule that uses it", () => {
  const { rules, lists, mistakes } = readRuleFile(
    `rule: a
when: text has slurs
then: redact
---
words: slurs
entries: [ meanie, very bad ]
---
rule: b
when: any link.domain in ours
then: alert
---
links: ours
entries:
  - example.org
`,
    new Map(),
  );

  expect(mistakes).toEqual([]);
  expect(rules.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(lists.get("slurs")).toEqual({ name: "slurs", kind: "words", entries: ["meanie", "very bad"] });
});

test("five mistakes get five answers, each with its line and what to write instead", () => {
  expect(
    told(`rule: Wall
whn: links
when: text.lenght > 20 and author.age < 10
then: redact warn+delete
on: mesages
`),
  ).toEqual([
    `f.yaml:1:7: "Wall" is no name of a rule
  rule: Wall
        ^^^^
  small letters, digits and - as in new-links`,
    `f.yaml:2:1: a rule has no field "whn"
  whn: links
  ^^^
  did you mean when?`,
    `f.yaml:3:7: nothing is called "text.lenght"
  when: text.lenght > 20 and author.age < 10
        ^^^^^^^^^^^
  did you mean text.length?`,
    `f.yaml:3:41: author.age is a time, and this number has no unit
  when: text.lenght > 20 and author.age < 10
                                          ^^
  write it like 10s, 5m, 2h, 3d`,
    `f.yaml:4:7: then "delete" is no answer; there are alert, hold, redact, warn, mute, kick, ban, list, reply, call
  then: redact warn+delete
        ^^^^^^^^^^^^^^^^^^`,
    `f.yaml:5:5: nothing that happens is called "mesages"
  on: mesages
      ^^^^^^^
  did you mean messages?`,
  ]);
});

describe("the place of a mistake is right", () => {
  test.each([
    ['when: "links and foo"', 3, 18],
    ["when: 'links and foo'", 3, 18],
    ["when: >\n  links and\n  foo", 5, 3],
    ["when: |\n  links and foo", 4, 13],
    ['when: "text has \\"a: b\\" and foo"', 3, 30],
    ["when: links and\n  foo", 4, 3],
  ])("in %j", (when, line, column) => {
    const [mistake] = readRuleFile(`rule: a\nthen: ban\n${when}\n`, new Map()).mistakes;

    expect(mistake).toMatchObject({ message: 'nothing is called "foo"', line, column });
  });
});

describe("what is no rule is refused with a sentence", () => {
  test.each([
    ["", "there is no rule in it"],
    ["- a\n- b", "a rule is fields with values"],
    ["rule: a\nthen: ban", "when is missing"],
    ["rule: a\nwhen: links", "then is missing"],
    ["rule: a\nwhen: 3\nthen: ban", "when needs a text"],
    ["rule: a\nwhen: links\nthen: ban\n---\nrule: a\nwhen: links\nthen: ban", 'two rules are called "a"'],
    ["rule: a\nwhen: [\nthen: ban", "this is no YAML"],
    ["rule: a\nrule: b\nwhen: links\nthen: ban", "rule stands twice"],
    ["rule: a\nwhen: links\nthen: ban\nsettings: { limit: 3, limit: 4 }", '"limit" stands twice'],
    ["rule: a\nwhen: links\nthen: ban\nsettings: 3", "settings are names with values"],
    ["rule: a\nwhen: links\nthen: ban\nsettings: { limit: many }", "limit needs a number"],
    [
      "rule: a\nwhen: links\nthen: ban\nsettings: { limit: { default: 5, mini: 3 } }",
      'a setting has no field "mini"',
    ],
    [
      "rule: a\nwhen: links\nthen: ban\nsettings: { limit: { default: 5, min: 8 } }",
      "the default of limit is not from 8",
    ],
    ["rule: a\nwhen: links\nthen: ban\nwith-what-follows: perhaps", "with-what-follows is yes or no"],
    ["words: Slurs\nentries: [ a ]", '"Slurs" is no name of a list'],
    ["words: slurs\nentires: [ a ]", 'a list has no field "entires"'],
    [`#${"x".repeat(maxFileLength)}`, "a file of rules may have 256 KB"],
  ])("%j", (text, sentence) => {
    const mistakes = told(text);

    expect(mistakes.join("\n")).toContain(sentence);
    expect(readRuleFile(text, new Map()).rules.length).toBeLessThanOrEqual(1);
  });
});

test("a rule with a mistake does not keep the others from being read", () => {
  const { rules } = readRuleFile(
    "rule: a\nwhen: foo\nthen: ban\n---\nrule: b\nwhen: links\nthen: ban",
    new Map(),
  );

  expect(rules.map(({ name }) => name)).toEqual(["b"]);
});

test("an answer that says something needs its text, and has it from then on", () => {
  const rule = (more: string) => `rule: hours\nwhen: text has "hours"\nthen: reply${more}`;

  const { mistakes } = readRuleFile(rule(""), new Map());
  expect(mistakes.map(({ message, hint }) => [message, hint])).toEqual([
    ["then says reply, and nothing says what", "add reply: the text for the room"],
  ]);
  expect(readRuleFile(rule("\nreply: From 9 to 5."), new Map()).rules[0]).toMatchObject({
    reply: "From 9 to 5.",
  });
});

test("what is held has to be something that can be sent again", () => {
  const warned = (on: string) =>
    readRuleFile(`rule: r\non: ${on}\nwhen: author.age < 1h\nthen: hold`, new Map()).warnings.length;

  expect([warned("joins"), warned("[ name, leave ]")]).toEqual([1, 1]);
  expect([warned("messages"), warned("[ join, reaction ]"), warned("events")]).toEqual([0, 0, 0]);
});

test("lists that need not be there, and profiles, are fields of a rule; what is wrong with them is told", () => {
  const { rules } = readRuleFile(
    `rule: a
when: text has bad-words and no link.domain in ours
then: redact
lists: { bad-words: words, ours: links }
needs: ours
profiles: { usual: alert, strict: act }
`,
    new Map(),
  );
  expect(rules).toMatchObject([
    {
      lists: { "bad-words": "words", ours: "links" },
      needs: ["ours"],
      profiles: { usual: "alert", strict: "act" },
    },
  ]);

  expect(
    told(`rule: a
when: links
then: redact
lists: { bad-words: word }
profiles: { loud: act }
`).map((one) => one.split("\n")[0]),
  ).toEqual([
    "f.yaml:4:10: bad-words is one of words, links, servers, pictures",
    'f.yaml:5:11: "loud" is no profile',
  ]);
});
