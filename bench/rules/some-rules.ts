// Rules such as communities write: fifty-two kinds of them, with numbers, words and names that differ from rule to rule.

import { readRuleFile } from "../../src/automod/rule-file.ts";
import type { OwnRules } from "../../src/automod/rule-files.ts";
import type { RuleList } from "../../src/model/rule-lists.ts";
import { badWords } from "./words.ts";

type Random = () => number;

interface Making {
  /** One of them. */
  readonly one: <T>(...those: readonly T[]) => T;
  /** Some words that are looked for, in quotes. */
  readonly words: () => string;
}

export const someLists: ReadonlyMap<string, RuleList> = new Map([
  ["slurs", { kind: "words", entries: badWords.slice(0, 60) }],
  ["scam", { kind: "words", entries: badWords.slice(60, 100) }],
  ["our-links", { kind: "links", entries: ["example.org", "matrix.org", "github.com"] }],
  ["denied-links", { kind: "links", entries: ["evil.example", "s3hrt.example"] }],
  ["watched-servers", { kind: "servers", entries: ["flood.example", "spam.example"] }],
]);

/** What it looks at, and when it finds. Of all counters together there are no more than the sixty-four that are planned. */
const kinds: readonly (readonly [on: string, when: (making: Making) => string])[] = [
  ["speech", ({ one }) => `count speech by author in ${one("10s", "20s", "1m")} > ${one(8, 10, 15, 30)}`],
  [
    "messages",
    ({ one }) => `text.mentions > ${one(5, 10, 15)} or sum text.mentions by author in 1m > ${one(20, 30)}`,
  ],
  ["messages", ({ one }) => `text.mentions > ${one(2, 3, 5)} and not text.mentions_declared`],
  ["messages", ({ one }) => `text.pings_room and author.level < ${one(10, 25, 50)}`],
  [
    "joins",
    ({ one }) =>
      `count joins by room in 1h >= ${one(20, 40)} and count joins by room in 1h > ${one(5, 10)} * room.usual_joins`,
  ],
  [
    "messages",
    ({ one }) => `author.spoken = 0 and author.age < ${one("1h", "6h", "1d")} and not media.known`,
  ],
  [
    "messages",
    ({ one }) =>
      `author.spoken < ${one(1, 3, 5)} and author.age < ${one("1h", "1d")} and any link where (not known and domain not in our-links)`,
  ],
  [
    "media",
    ({ one }) =>
      `(author.age < ${one("1h", "1d", "3d")} or author.spoken < ${one(3, 5)}) and not media.known`,
  ],
  [
    "media",
    ({ one }) =>
      `media.kind in image, video and author is not trusted or media.size > ${one("20MB", "50MB")}`,
  ],
  ["media", ({ one }) => `media is ${one("voice", "video", "file")} and author.days < ${one(2, 5)}`],
  ["messages", ({ words }) => `text has ${words()}`],
  ["messages", ({ words }) => `text has slurs or text has ${words()}`],
  ["messages", ({ words }) => `text spells ${words()} and text.masked`],
  [
    "messages",
    ({ one }) =>
      `any link.domain in denied-links, "${one("bit", "free", "win", "get")}.${one("example", "test", "invalid")}"`,
  ],
  ["messages", ({ one }) => `links > ${one(2, 4, 8)} and author is not regular`],
  ["messages", () => "any link.false_face and author is newcomer"],
  ["names, joins", ({ words }) => `author.display has ${words()} or author.localpart has ${words()}`],
  ["joins", ({ one }) => `author.imitates and author.age < ${one("1d", "7d")}`],
  ["messages", ({ one }) => `author.server in watched-servers and author.age < ${one("1h", "1d", "7d")}`],
  ["memberships", ({ one }) => `count memberships by author in 1h > ${one(5, 7, 10)}`],
  ["messages", ({ one }) => `event.faults > ${one(0, 1, 2)} and author is not regular`],
  [
    "messages",
    ({ one }) => `text.length >= ${one(2000, 3000, 4000)} and text.density > ${one(90, 95)}% and links = 0`,
  ],
  ["messages", ({ one }) => `text.padding > ${one(25, 50)}`],
  ["messages", ({ one }) => `event.size > ${one(10, 20, 30)}KB or text.lines > ${one(40, 60)}`],
  [
    "messages",
    ({ one }) =>
      `text.marks > 50% or text.invisible > ${one(5, 10)} or text.repeat > ${one(30, 50)} or text.emoji > ${one(20, 30)} or text.capitals > 80% and text.length > 40`,
  ],
  ["messages", ({ one }) => `text.masked and author is not regular and text.length > ${one(10, 20)}`],
  ["joins", ({ one }) => `author.name_length > ${one(40, 60)} or author.name_words > ${one(5, 6)}`],
  ["messages", ({ one }) => `media.inline_height > ${one(32, 64)}px or media.inline > ${one(5, 10)}`],
  [
    "messages",
    ({ one }) =>
      `count messages by author + text.key anywhere in 1h > ${one(3, 5)} and text.length > ${one(20, 40)}`,
  ],
  ["messages", ({ one }) => `distinct room messages by author + text.key anywhere in 10m > ${one(2, 3, 5)}`],
  ["joins", ({ one }) => `distinct room joins by author anywhere in 10m > ${one(5, 8)}`],
  ["reactions", ({ one }) => `count reactions by author in 1m > ${one(15, 20)}`],
  ["state", ({ one }) => `change.what in name, topic, avatar and author.age < ${one("7d", "30d")}`],
  [
    "edits",
    ({ one }) =>
      `event.edit_after < ${one("1h", "6h")} and any link where (not known) and author is newcomer`,
  ],
  ["messages", ({ one }) => `author is newcomer and count messages by author in 30s > ${one(3, 5, 8)}`],
  [
    "messages",
    ({ one }) => `event.encrypted and author.spoken < ${one(3, 5)} and author.delay < ${one("5s", "10s")}`,
  ],
  [
    "messages",
    ({ one }) =>
      `any link where (not known) and author is newcomer and distinct author messages where (author is newcomer) by link.domain anywhere in 1d >= ${one(3, 4, 5)}`,
  ],
  [
    "media",
    ({ one }) =>
      `author is newcomer and distinct author media where (author is newcomer) by media.key anywhere in 1d >= ${one(3, 4)} and not media.known`,
  ],
  ["messages", ({ one }) => `author.offences and author.age < ${one("1d", "3d", "7d")}`],
  ["other", ({ one }) => `author is newcomer and count other by author in 1m > ${one(5, 10)}`],
  ["messages", ({ one, words }) => `author.spoken < ${one(5, 10)} and text has ${words()} and text.contacts`],
  [
    "messages",
    ({ words }) => `text spells scam, ${words()} and (links or text.contacts) and author is not regular`,
  ],
  [
    "messages",
    ({ one }) =>
      `distinct author by text.key anywhere in 10m >= ${one(4, 5, 8)} and author is newcomer and text.length > ${one(20, 40)}`,
  ],
  [
    "messages",
    ({ one }) => `author is newcomer and (links or media or count messages by author in 30s > ${one(2, 3)})`,
  ],
  [
    "joins",
    ({ one }) =>
      `author.name_hex and server.regulars = 0 and count joins where (author.name_hex) by server anywhere in 10m >= ${one(3, 5)}`,
  ],
  [
    "messages",
    ({ one }) =>
      `text.mentions = 1 and author.age < ${one("1h", "6h")} and count messages where (text.mentions and author is newcomer) by room in 5m > ${one(10, 15)}`,
  ],
  [
    "messages",
    ({ one }) =>
      `any link where (kind = ${one("invite", "shortener")} and not known) and author.days < ${one(2, 3)}`,
  ],
  [
    "messages",
    ({ one }) => `text.capitals > ${one(80, 90)}% and text.length > ${one(30, 60)} and author is not regular`,
  ],
  [
    "messages",
    ({ one }) =>
      `text.raw matches /${one("t\\.me\\/\\w+", "discord\\.gg\\/\\w+", "wa\\.me\\/\\d+", "free\\s+nitro")}/`,
  ],
  ["messages", ({ one }) => `text.names > ${one(3, 5)} and author.age < ${one("1h", "1d")}`],
  ["messages", ({ one }) => `room.pace > ${one(3, 5)} * room.usual_pace and author is newcomer`],
  [
    "messages",
    ({ one }) => `author.age < ${one("10m", "30m", "1h")} and text.length > ${one(300, 600)} and links`,
  ],
];

const answers = ["alert", "redact", "redact+mute redact+ban", "warn redact+mute", "mute"];

/** `count` of them, as they are written; the first fifty-two are one of each kind. */
export function someTexts(count: number, random: Random): readonly string[] {
  const one = <T>(...those: readonly T[]) => those[Math.floor(random() * those.length)]!;
  const words = () => [1, 2, 3, 4].map(() => JSON.stringify(one(...badWords))).join(", ");
  return Array.from({ length: count }, (_, i) => {
    const [on, when] = kinds[i % kinds.length]!;
    return [
      `rule: made-${i}`,
      "about: One of many.",
      `on: [${on}]`,
      `when: ${JSON.stringify(when({ one, words }))}`,
      `then: ${one(...answers)}`,
      "mode: act",
      "warning: Please do not.",
    ].join("\n");
  });
}

/** The same, read: all on and acting. */
export function someRules(count: number, random: Random): OwnRules {
  const listKinds = new Map([...someLists].map(([name, { kind }]) => [name, kind] as const));
  const rules = someTexts(count, random).map((text) => {
    const { rules: made, mistakes } = readRuleFile(text, listKinds);
    if (!made[0]) throw new Error(`${text}\n${mistakes[0]?.message}`);
    return made[0];
  });
  return { rules, lists: someLists };
}
