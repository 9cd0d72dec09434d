/** What people report to moderators: one message of somebody's, by a reaction or a reply in the room, or to their homeserver. */
import type { EventId, RoomId, UserId } from "../ids.ts";

export type ReportWay = "reaction" | "command" | "homeserver";

/** In the order in which the words of a reason are looked through. */
export const categories = [
  "child-safety",
  "violence",
  "doxxing",
  "hate",
  "harassment",
  "sexual",
  "impersonation",
  "spam",
] as const;
export type Category = (typeof categories)[number];

/** Somebody may be in danger: whoever can is to look at once. */
const urgent: ReadonlySet<Category> = new Set(["child-safety", "violence", "doxxing"]);

export interface Report {
  /** Seen twice it is the same: "reaction $abc", "event-report 812". */
  readonly id: string;
  readonly way: ReportWay;
  readonly by: UserId;
  readonly room: RoomId;
  readonly event: EventId;
  /** Who wrote what is reported. */
  readonly user: UserId;
  /** Hostile text: cut, and cleaned where it is shown. */
  readonly reason: string;
  /** What is reported, in a word, as far as it was seen. */
  readonly what?: ReportedKind;
  /** The reaction or message in the room that says it. */
  readonly said?: EventId;
}

export const reportedKinds = ["message", "picture", "video", "sound", "file", "sticker"] as const;
export type ReportedKind = (typeof reportedKinds)[number];

/** A reason is kept to this length. */
export const reasonKept = 500;

/** Words by which people call it, in lower case. */
const called: Readonly<Record<Category, readonly string[]>> = {
  "child-safety": ["csam", "csem", "cp", "child", "children", "minor", "minors", "child-safety"],
  violence: ["violence", "violent", "threat", "threats", "threatens", "suicide"],
  doxxing: ["doxxing", "doxing", "doxx", "dox", "doxxed", "doxed"],
  hate: ["hate", "hateful", "racism", "racist", "nazi", "antisemitism", "homophobia", "transphobia", "slur"],
  harassment: ["harassment", "harasses", "harassing", "bullying", "insult", "insults", "abuse", "stalking"],
  sexual: ["sexual", "porn", "pornography", "nsfw", "nudity", "nudes"],
  impersonation: ["impersonation", "impersonates", "impersonating", "fake", "pretends"],
  spam: ["spam", "spammer", "scam", "scammer", "advertising", "ads", "phishing", "flood"],
};

const byWord: ReadonlyMap<string, Category> = new Map(
  categories.flatMap((category) => called[category].map((word) => [word, category] as const)),
);

/** The first in the order of the table, as the worst counts; undefined where no word tells. */
export function categoryOf(reason: string): Category | undefined {
  const words = reason.toLowerCase().match(/[a-z][a-z-]*/g) ?? [];
  const found = new Set(words.flatMap((word) => byWord.get(word) ?? []));
  return categories.find((category) => found.has(category));
}

export function isUrgent(category: Category | undefined): boolean {
  return category !== undefined && urgent.has(category);
}
