// Every mistake that a condition can have: where it is, what is said, what to write instead.

import { describe, expect, test } from "@jest/globals";
import { mistakes, warnings, type Mistake, type Warning } from "../../../src/automod/language/mistakes.ts";
import { kindWords } from "../../../src/model/facts/kinds.ts";
import { read } from "../../support/conditions.ts";

/** The kind, the condition, the part of it that the mistake is at, a part of the hint. */
type Row = readonly [Mistake, string, string, string?];

const long = "links and ".repeat(300);

const rows: readonly Row[] = [
  ["strangeSign", "author is newcomer && links", "&&", "write and"],
  ["strangeSign", "links == 3", "==", "write ="],
  ["strangeSign", "!links", "!", "write not"],
  ["strangeSign", "links § media", "§"],
  ["openQuote", 'text has "free', '"free', 'put "'],
  ["openQuote", "links and text has “free", "“free", 'put "'],
  ["openPattern", "text matches /free", "/free", "\\/"],
  ["openPattern", "links and text matches /a\\/b", "/a\\/b", "put / at its end"],
  ["openBracket", "(links and media", "(", "put )"],
  ["openBracket", "links and (media or (text.masked)", "(", "put )"],
  ["closingBracket", "links) and media", ")", "take it out"],
  ["closingBracket", "links and media)", ")", "take it out"],
  ["unknownUnit", "author.age < 10q", "10q", "10s"],
  ["unknownUnit", "author.age < 3months", "3months", "10s"],
  ["expected", "links and", ""],
  ["expected", "links media", "media"],
  ["expected", "author is 3", "3"],
  ["expected", "text has and links", "and"],
  ["expected", "3 is newcomer", "3"],
  ["missingBy", "count messages in 10s > 3", "in", "by author"],
  ["missingBy", "sum text.mentions > 3", ">", "by author"],
  ["missingWithin", "count messages by author > 3", ">", "in 10s"],
  ["missingWithin", "distinct room by author anywhere", "", "in 10s"],
  ["wantsQuotes", "author.server like evil", "evil", 'like "..."'],
  ["wantsQuotes", "text like 3", "3", 'like "..."'],
  ["wantsPattern", 'text matches "free"', '"free"', "/.../"],
  ["wantsPattern", "text matches free", "free", "/.../"],
  ["chainedComparison", "1 < links < 3", "<", "and b < c"],
  ["chainedComparison", "author.age > 1h > 2h", ">", "and"],
  ["tooLong", `${long}links`, `${long}links`.slice(2_000), "two rules"],
  ["tooLong", "x".repeat(2_001), "x", "two rules"],
  ["tooDeep", `${"not ".repeat(40)}links`, "not", "two rules"],
  ["tooDeep", `${"(".repeat(40)}links${")".repeat(40)}`, "(", "two rules"],
  ["empty", "", "", "text.mentions > 10"],
  ["empty", "   ", "", "text.mentions > 10"],

  ["nothingCalled", "text.lenght > 20", "text.lenght", "did you mean text.length?"],
  ["nothingCalled", "autor is newcomer", "autor", "did you mean author?"],
  ["nothingCalled", "links > threshold", "threshold", "settings: { threshold: 10 }"],
  ["nothingCalled", 'any link where (domian = "a.b")', "domian", "did you mean domain?"],
  ["noSuchKind", "count mesages by author in 10s > 3", "mesages", "did you mean messages?"],
  ["noSuchKind", "count joins, bananas by room in 1h > 3", "bananas"],
  ["noSuchKey", "count messages by colour in 10s > 3", "colour", "author"],
  ["noSuchKey", "count messages by author + text.length in 10s > 3", "text.length", "author"],
  ["noSuchList", "text has slur", "slur", "did you mean slurs?"],
  ["noSuchList", "any link.domain in nowhere", "nowhere", 'in quotes: "nowhere"'],
  ["otherList", "text has our-links", "our-links"],
  ["otherList", "any link.domain in bad-words", "bad-words"],
  ["neverIs", "room.mode = red", "red", "calm, guarded, raid"],
  ["neverIs", "author is wizard", "wizard", "newcomer"],
  ["neverIs", "media.kind in image, vidoe", "vidoe", "did you mean video?"],
  ["linkOutside", "link.domain in our-links", "link.domain", "any link.domain ..."],
  ["linkOutside", "links and link is known", "link is known", "no link.known ..."],
  ["whichOfOne", "any author.age > 1h", "any author.age > 1h", "take any away"],
  ["whichOfOne", "no text.masked", "no text.masked", "take no away"],
  ["whichInWhich", "any link where (any link.known)", "any link.known", "take the inner"],
  ["whichInWhich", "no link where (every link where (known))", "every link where (known)", "take the inner"],

  ["noUnit", "author.age < 10", "10", "10s, 5m"],
  ["noUnit", "text.capitals > 80", "80", "60%"],
  ["noUnit", "count messages by author in 10 > 3", "10", "10s, 5m"],
  ["otherUnit", "author.age < 20KB", "author.age < 20KB", "times look like"],
  ["otherUnit", "author.age + media.size > 1h", "author.age + media.size", "times look like"],
  ["notANumber", "author.server + 1 > 2", "author.server"],
  ["notANumber", 'links * "3" > 2', '"3"'],
  ["notAText", 'links has "free"', "links", "has, spells"],
  ["notAText", "author.age matches /3/", "author.age", "has, spells"],
  ["notYesNo", "author.server", "author.server", "compare it"],
  ["notYesNo", "text and links", "text", "compare it"],
  ["yesNoCompared", 'author.newcomer = "yes"', "author.newcomer", "not author.newcomer"],
  ["yesNoCompared", "author.newcomer in bad-words", "author.newcomer", "not author.newcomer"],
  ["notComparable", 'text.key = "3"', "text.key"],
  ["notComparable", "media.key != text.key", "media.key"],
  ["noOrder", "media.kind > image", "media.kind", "="],
  ["noOrder", 'author.server < "a"', "author.server", "="],
  ["noSumOf", "sum author.server by room in 1h > 3", "author.server", "distinct author.server"],
  ["noSumOf", "span text.key by room in 1h > 3", "text.key", "distinct text.key"],
  ["noTime", "count messages by author in 20KB > 3", "20KB", "10s"],
  ["noTime", "count messages by author in limit > 3", "limit", "10s"],
  ["longTime", "count messages by author in 2d > 3", "2d", "1d or less"],
  ["longTime", "count messages by author in 1w > 3", "1w", "1d or less"],
  [
    "rateInRate",
    "count messages where (count joins by room in 1h > 3) by author in 1m > 2",
    "count joins by room in 1h",
    "two counts",
  ],
  [
    "rateInRate",
    "count joins where (sum text.mentions by room in 1h > 3) by room in 1m > 2",
    "sum text.mentions by room in 1h",
    "two counts",
  ],
  ["badPattern", "text matches /(free/", "text matches /(free/"],
  ["badPattern", "text matches /[z-a]/", "text matches /[z-a]/"],
  ["unsafePattern", "text matches /(?=free)/", "text matches /(?=free)/", "for ever"],
  ["unsafePattern", "text matches /(a)\\1/", "text matches /(a)\\1/", "for ever"],
  ["emptyWords", 'text has ""', '""', "a word"],
  ["emptyWords", 'text spells "airdrop", "  "', '"  "', "a word"],
  ["loneStar", 'text has "*"', '"*"', "contact me on *"],
  ["loneStar", 'text has "free", "* *"', '"* *"', "contact me on *"],
  [
    "manyItems",
    `text has ${Array.from({ length: 65 }, (_, i) => `"w${i}"`).join(", ")}`,
    '"w64"',
    "make a list",
  ],
  [
    "manyItems",
    `media.kind in ${Array.from({ length: 70 }, () => "image").join(", ")}`,
    Array.from({ length: 6 }, () => "image").join(", "),
    "make a list",
  ],
  [
    "manyRates",
    Array.from({ length: 9 }, (_, i) => `count messages by author in ${i + 1}s > 3`).join(" and "),
    "count messages by author in 9s",
  ],
  [
    "manyRates",
    Array.from({ length: 9 }, (_, i) => `count joins by room in ${i + 1}m > 3`).join(" or "),
    "count joins by room in 9m",
  ],
];

describe("a mistake is told with its place and what to write", () => {
  test.each(rows.map(([kind, text, at, hint]) => ({ kind, text, at, hint })))(
    "$kind: $text",
    ({ kind, text, at, hint }) => {
      const found = read(text).problems.mistakes.find((one) => one.kind === kind);

      expect(found && text.slice(found.place.start, found.place.end)).toBe(
        kind === "tooLong" ? text.slice(2_000) : at,
      );
      expect(found?.hint ?? "").toContain(hint ?? "");
      expect(found?.message).not.toMatch(/undefined|\.$/);
    },
  );

  test.each(Object.keys(mistakes))("%s is shown by two conditions at least", (kind) => {
    expect(rows.filter(([one]) => one === kind).length).toBeGreaterThanOrEqual(2);
  });
});

test("all mistakes of a condition are told at once, in their order", () => {
  const { mistakes: told } = read(
    "autor is newcomer && text.lenght > 3 and author.age < 10 and text has slur",
  ).problems;

  expect(told.map(({ kind }) => kind)).toEqual([
    "nothingCalled",
    "strangeSign",
    "nothingCalled",
    "noUnit",
    "noSuchList",
  ]);
});

const messages = kindWords.get("messages")!;
const joins = kindWords.get("joins")!;

const odd: readonly (readonly [Warning, string, number, string])[] = [
  ["howRead", "links or media and text.masked", messages, "links or (media and text.masked)"],
  ["howRead", "links and media or text.masked", messages, "(links and media) or text.masked"],
  ["neverTrue", "author is newcomer and author is regular", messages, "nobody is newcomer and regular"],
  ["neverTrue", "author.age < 1h and author.age > 1d", messages, "author.age"],
  ["neverTrue", "links and media is image and media is video", messages, "media.kind"],
  ["neverTrue", "text.masked and not text.masked", messages, "text.masked"],
  ["alwaysTrue", "text.masked or not text.masked", messages, "text.masked"],
  ["alwaysTrue", "author is local or not author is local", messages, "author.local"],
  ["notInKind", "text.masked and author is newcomer", joins, "text.masked"],
  ["notInKind", "media is image", joins, "media.kind"],
  ["notHeard", "author is local", kindWords.get("scan")!, "scan"],
  ["notHeard", "author is newcomer", kindWords.get("scan")!, "scan"],
  ["notKnownYet", "server.registration is open", messages, "server.registration"],
  ["notKnownYet", "links and not (server.registration is open)", messages, "server.registration"],
  ["fewCounted", "count messages by author in 1h < 3", messages, "forgotten"],
  ["fewCounted", "not (count messages by author in 1h > 3)", messages, "forgotten"],
  ["fewCounted", "not count messages by author in 1h", messages, "forgotten"],
  ["fewCounted", "count messages by author in 1h = 1", messages, "forgotten"],
  ["fewCounted", "10 - count messages by author in 1h > 3", messages, "forgotten"],
  ["fewCounted", "3 > 2 * count messages by author in 1h", messages, "forgotten"],
  ["manyCounted", "count messages by server anywhere in 1h > 300", messages, "300"],
  ["manyCounted", "count messages by room in 1h >= 301 and links", messages, "300"],
  ["everyEvent", "text matches /free nitro/", messages, "every message"],
  ["everyEvent", 'text spells "airdrop" or links', messages, "every message"],
  ["costlyPattern", "author is newcomer and text matches /a.b/", messages, "three fixed letters"],
  ["costlyPattern", "links and text matches /[abc]+/", messages, "three fixed letters"],
  ["declaredOnly", "text.mentions and not text.mentions_declared", messages, "old clients"],
  ["declaredOnly", "text.mentions_declared is unknown", messages, "old clients"],
  ["hostAsked", 'any link.domain in "docs.example.org", "example.org"', messages, "docs.example.org"],
  ["hostAsked", 'any link where (domain = "a.b.example.co.uk")', messages, "a.b.example.co.uk"],
];

describe("what is odd is told, and taken", () => {
  test.each(odd)("%s: %s", (kind, text, kinds, part) => {
    const { problems } = read(text, kinds);

    expect(problems.mistakes).toEqual([]);
    expect(problems.warnings.find((one) => one.kind === kind)?.message).toContain(part);
  });

  test.each([
    "count messages by author in 1h > 3",
    "3 <= count messages by author in 1h",
    "not (count messages by author in 1h < 3)",
    "count messages by author in 1h",
    "count messages by room in 1h > 299",
    "count messages by room in 1h * 2 > 300",
    "links < 3",
  ])("%s is no count of what was forgotten", (text) => {
    const { problems } = read(text, messages);

    expect(problems.mistakes).toEqual([]);
    expect(problems.warnings.filter(({ kind }) => kind.endsWith("Counted"))).toEqual([]);
  });

  test.each(Object.keys(warnings))("%s is shown by two conditions at least", (kind) => {
    expect(odd.filter(([one]) => one === kind).length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    "author is newcomer and author.age < 1h",
    "author.age > 1h and author.age < 1d",
    "author is newcomer and text matches /free nitro/",
    "links and not media",
    'any link.domain in "example.co.uk", "bücher.example", "https://www.example.org/x", "10.0.0.1"',
    'any link.host in "docs.example.org"',
    'no link where (host = "docs.example.org")',
  ])("nothing is told of %s", (text) => {
    expect(read(text, messages).problems.warnings).toEqual([]);
  });
});
