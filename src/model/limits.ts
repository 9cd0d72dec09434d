/**
 * Bounds on what rooms, lists and people outside can make us hold or do, each with its reason: the config's section
 * `limits` is made of this table. Other sections hold the bounds of one part alone (`history`, `redaction`, `executor`).
 */

import { knockBounds } from "./knock-limits.ts";

/** A whole number that the config may set. */
export interface Bound {
  /** What it bounds, and why there is a bound. */
  readonly meaning: string;
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export const bounds = {
  lists: {
    meaning:
      "Policy lists that are followed. A list that is upgraded again and again, each time to a new room, must not bring thousands.",
    unit: "lists",
    default: 200,
    min: 1,
    max: 10_000,
  },
  rulesPerList: {
    meaning:
      "Rules of one list that are applied; `status` counts those beyond it, the newest first to be left out. Each takes about a kilobyte of memory, and a hostile list may hold any number.",
    unit: "rules",
    default: 200_000,
    min: 1,
    max: 1_000_000,
  },
  rules: {
    meaning: "Rules of all lists together that are applied, so that many lists cannot do what one may not.",
    unit: "rules",
    default: 250_000,
    min: 1,
    max: 2_000_000,
  },
  countedEvents: {
    meaning:
      "Events that protections keep to count by, over all rooms, people and protections. Each takes 350 to 460 bytes, 16,384 of them 6 to 8 MB; what is forgotten makes protections quieter, never harsher.",
    unit: "events",
    default: 16_384,
    min: 1_000,
    max: 1_000_000,
  },
  reasonLength: {
    meaning:
      "A rule's reason is shortened to this. It travels into every ban, and a list may hold 60 kB of it.",
    unit: "characters",
    default: 500,
    min: 50,
    max: 5_000,
  },
  malformedRemembered: {
    meaning:
      "Examples that are kept of events that look like rules and are none, or are no events at all; the others are only counted.",
    unit: "events",
    default: 50,
    min: 1,
    max: 1_000,
  },
  vagueGlobs: {
    meaning:
      "Globs without two letters in a row (such as `*a*b*`) that are applied, of each kind of rule. They have to be compared with every name, about 50 nanoseconds each.",
    unit: "globs",
    default: 1_000,
    min: 0,
    max: 100_000,
  },
  globsPerGram: {
    meaning:
      "Globs that are found by the same few letters. A list made of ten thousand globs around one word must not have each compared with every name that holds it; the others are found by other letters.",
    unit: "globs",
    default: 256,
    min: 1,
    max: 10_000,
  },
  rooms: {
    meaning:
      "Rooms that are protected, by command, by a space or by an upgrade. A room that is upgraded in a circle must not bring new ones for ever.",
    unit: "rooms",
    default: 10_000,
    min: 1,
    max: 100_000,
  },
  spaces: {
    meaning: "Spaces that are followed, those within spaces included: a space may hold another without end.",
    unit: "spaces",
    default: 100,
    min: 0,
    max: 10_000,
  },
  roomsOfSpaces: {
    meaning:
      "Rooms that spaces may bring under protection. Whoever may write in a space decides what is in it.",
    unit: "rooms",
    default: 1_000,
    min: 0,
    max: 100_000,
  },
  statePerRoom: {
    meaning: "State events of one room that are kept: a dozen of every room, and the rooms of a space.",
    unit: "events",
    default: 5_000,
    min: 100,
    max: 1_000_000,
  },
  questionsRemembered: {
    meaning:
      "Answered questions that are remembered, so that a late answer is told what happened. Open ones never go.",
    unit: "questions",
    default: 500,
    min: 10,
    max: 100_000,
  },
  answersRemembered: {
    meaning:
      "Rules and rooms about which a yes or a no is remembered; the oldest go first and are asked about again, should they still matter.",
    unit: "answers",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  },
  mutesRemembered: {
    meaning:
      "Mutes that are remembered, each of one person in one room, to put back exactly what was there before; beyond it the oldest last until a person ends them.",
    unit: "mutes",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  },
  offencesRemembered: {
    meaning:
      "Findings of protections that are remembered, one for each person and protection, so that a repeat is answered with the next step; the oldest are forgotten.",
    unit: "findings",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  },
  ruleHitsRemembered: {
    meaning:
      "Findings of protections that are remembered for their reports, in shadow or not, for 30 days; of the protection with the most the oldest are forgotten.",
    unit: "findings",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  },
  arrivalsRemembered: {
    meaning:
      "People and rooms of which is remembered how the person came: when, who invited them, and how soon they spoke. Each takes about 300 bytes; of those who came first it is forgotten, so that rules that ask for it leave them alone.",
    unit: "arrivals",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  },
  ...knockBounds,
  spokenRemembered: {
    meaning:
      "People, each in one room, of whom is remembered how many messages of theirs were let stand there. Each takes up to a kilobyte; the count of those silent for longest is forgotten, and rules that ask for it stay quiet about them.",
    unit: "people",
    default: 10_000,
    min: 100,
    max: 1_000_000,
  },
  namesRemembered: {
    meaning:
      "People besides the staff whose display name is remembered, for rules about names in texts. Each takes about 700 bytes; the names that were told least lately are forgotten, and then not found.",
    unit: "people",
    default: 10_000,
    min: 100,
    max: 1_000_000,
  },
  commandLength: {
    meaning: "Longest command. A message may have 64 kB, and nobody types that.",
    unit: "characters",
    default: 5_000,
    min: 200,
    max: 50_000,
  },
  aliasesPerCommand: {
    meaning:
      "Room aliases that are looked up for one command: each is a request that may wait for another server.",
    unit: "aliases",
    default: 10,
    min: 1,
    max: 100,
  },
  commandsRemembered: {
    meaning: "Commands that are remembered, so that none is obeyed again where a server tells it twice.",
    unit: "commands",
    default: 10_000,
    min: 100,
    max: 1_000_000,
  },
  promptsRemembered: {
    meaning:
      "Commands that wait for what they lack (whom? which list?); the oldest are forgotten and have to be said again.",
    unit: "commands",
    default: 100,
    min: 1,
    max: 10_000,
  },
  subjectsRemembered: {
    meaning:
      "Newest messages of the management room of which is remembered whom and what they are about, so that a command may reply to one without a request.",
    unit: "messages",
    default: 500,
    min: 10,
    max: 100_000,
  },
  refusalsRemembered: {
    meaning: "Refusals that are remembered, so that none is told again.",
    unit: "refusals",
    default: 10_000,
    min: 100,
    max: 1_000_000,
  },
  setbacksRemembered: {
    meaning:
      "Acts that a server refused for good, commands taken back and rules on their way that are remembered; the oldest are forgotten and at worst tried again.",
    unit: "acts",
    default: 10_000,
    min: 100,
    max: 1_000_000,
  },
  ownEventsRemembered: {
    meaning:
      "Events of Tyr's own that are remembered until sync has told of them; enough for every write under way.",
    unit: "events",
    default: 5_000,
    min: 100,
    max: 1_000_000,
  },
  ownBansRemembered: {
    meaning:
      "Bans of Tyr's own, in rooms out of its sight or on their way, whose list is remembered, so that they still go with their rule.",
    unit: "bans",
    default: 50_000,
    min: 100,
    max: 1_000_000,
  },
  pastActs: {
    meaning: "Acts of the past that `why` and `undo` look at for one person: a name may match years of them.",
    unit: "acts",
    default: 5_000,
    min: 100,
    max: 100_000,
  },
  pastGlobs: {
    meaning:
      "Rules of the past with globs that `why` tries on a name, the newest first: each has to be tried by itself.",
    unit: "rules",
    default: 5_000,
    min: 100,
    max: 100_000,
  },
  unwrittenEntries: {
    meaning:
      "Entries of the journal that are kept in memory, some 20 MB, while the disk is full; beyond it the oldest are lost.",
    unit: "entries",
    default: 20_000,
    min: 1_000,
    max: 1_000_000,
  },
  bansRead: {
    meaning:
      "Bans of one room that `lists import` reads, with their reasons; they are kept in memory until it is answered. The others are left out and counted.",
    unit: "bans",
    default: 20_000,
    min: 100,
    max: 200_000,
  },
  exportKilobytes: {
    meaning:
      "Largest file that `lists export` sends, some 20,000 rules. Homeservers refuse uploads above a size of their own, often 50 MB; the oldest rules are left out and counted.",
    unit: "kB",
    default: 4_096,
    min: 16,
    max: 100_000,
  },
  answerMegabytes: {
    meaning:
      "Largest answer of the homeserver that is read. The largest sync of a great account is a fraction of it, and what does not end would fill the memory.",
    unit: "MB",
    default: 256,
    min: 16,
    max: 480,
  },
} as const satisfies Readonly<Record<string, Bound>>;

export type Limits = { readonly [Name in keyof typeof bounds]: number };

/** What one text may cost that is compared with all globs. */
export type GlobLimits = Pick<Limits, "vagueGlobs" | "globsPerGram">;
