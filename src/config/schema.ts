/**
 * Every option of Tyr, in one schema: what it means, its default, its unit and, for each limit, the reason for it.
 * What several options must agree on is in agreement.ts; where values come from is decided in load.ts, and how
 * mistakes are worded, in explain.ts.
 */
import { z } from "zod";
import { parseRoomAlias, parseRoomId, parseServerName, parseUserId } from "../model/ids.ts";
import type { RoomAlias, RoomId } from "../model/ids.ts";
import { foreignBots } from "../model/settings/foreign-bots.ts";
import {
  anyText,
  choice,
  list,
  optionalSecret,
  optionalText,
  requiredText,
  section,
  textOr,
  wholeNumber,
  yesNo,
} from "./kinds.ts";

export type { Secret } from "./kinds.ts";

const homeserver = section("The account Tyr acts with, and the server it lives on.", {
  url: requiredText(
    {
      meaning: "Address of the homeserver's client API.",
      example: "https://matrix.example.org",
      expected: "an address that starts with https:// or http://, without a name or password in it",
    },
    parseAddress,
  ),
  accessToken: optionalSecret({
    meaning: "Access token of Tyr's account: one of the two ways to log in.",
    example: "syt_…",
  }),
  accessTokenFile: optionalText(
    {
      meaning: "File that holds the access token, so that the token need not be in this file.",
      example: "/run/secrets/tyr-token",
      expected: "the name of a file",
      holds: "homeserver.accessToken",
    },
    anyText,
  ),
  user: optionalText(
    {
      meaning: "Tyr's user id, for the other way to log in: by password. Tyr keeps the token it gets.",
      example: "@tyr:example.org",
    },
    anyText,
  ),
  password: optionalSecret({ meaning: "Password that belongs to the user.", example: "…" }),
  passwordFile: optionalText(
    {
      meaning: "File that holds the password, so that the password need not be in this file.",
      example: "/run/secrets/tyr-password",
      expected: "the name of a file",
      holds: "homeserver.password",
    },
    anyText,
  ),
});

const commands = section("How moderators talk to Tyr in the management room.", {
  prefixes: list(
    {
      meaning: "What a message begins with to be a command. At least one, or nobody could command Tyr.",
      default: ["!tyr"],
      min: 1,
      expected: "at least one word, each without spaces and of at most 32 characters",
    },
    (text) => (/^\S{1,32}$/.test(text) ? text : undefined),
  ),
  understands: list(
    {
      meaning:
        "Other bots whose commands are understood with their own prefix (`!mjolnir`), words and order of arguments, besides those switched on by the command `understand`.",
      example: "mjolnir",
      expected: `one of ${foreignBots.join(", ")}`,
    },
    (text) => foreignBots.find((bot) => bot === text.toLowerCase()),
  ),
  inProtectedRooms: yesNo(
    false,
    "Obey moderators who reply to a message in a protected room (`!tyr ban spam`): its author and the message itself are meant. Everybody there sees the command; the answer comes in the management room.",
  ),
  answerWithinMinutes: wholeNumber({
    meaning:
      "How long an answer to what a command lacked (whom? which list?) completes it. Later the same words may be meant for somebody else.",
    unit: "minutes",
    default: 10,
    min: 1,
    max: 1_440,
  }),
  describe: yesNo(
    true,
    "Describe the commands in the management room's state, so that clients that know such descriptions (MSC4391) offer and complete them. One state event for each command, written once.",
  ),
});

const lists = section("What policy lists do.", {
  liftBans: yesNo(
    true,
    "Lift the bans that Tyr made for a rule when the rule goes. Bans made by people are never lifted by this.",
  ),
});

const acl = section("Server ACLs: which servers may take part in the protected rooms.", {
  enabled: yesNo(true, "Write server ACLs to the protected rooms."),
  keepManualEntries: yesNo(
    true,
    "Keep entries of a room's ACL that no list asks for and that a person made.",
  ),
  maxBytes: wholeNumber({
    meaning:
      "Largest ACL that Tyr writes. A whole event may have 65,536 bytes, and signatures, hashes and ids need their part of it; above that every server refuses the event.",
    unit: "bytes",
    default: 62_000,
    min: 1_000,
    max: 64_000,
  }),
  quietMs: wholeNumber({
    meaning:
      "An ACL is written once the lists have been quiet for this long, so that twenty new rules make one event in each room and not twenty.",
    unit: "ms",
    default: 200,
    min: 0,
    max: 60_000,
  }),
  maxWaitMs: wholeNumber({
    meaning:
      "An ACL is written after this time at the latest, so that a busy list cannot put it off forever.",
    unit: "ms",
    default: 5_000,
    min: 0,
    max: 600_000,
  }),
  sparedServers: list(
    {
      meaning:
        "Servers that are never denied, whatever the lists say. Tyr's own server is always among them.",
      example: "example.org",
      expected: "the name of a server such as example.org",
    },
    parseServerName,
  ),
});

const guard = section(
  "The blast radius: what would hit more than this waits for a moderator's yes, whoever asked for it (a command, a list).",
  {
    maxPeople: wholeNumber({
      meaning:
        "People who are hit at once without a question. Lists seldom hit more than a handful of those who are already here; a list that turns on a community hits many. Newcomers do not count.",
      unit: "people",
      default: 50,
      min: 0,
      max: 1_000_000,
    }),
    maxRoomShare: wholeNumber({
      meaning:
        "Share of a room's people who are hit without a question. A small room must not be emptied by a change that counts as small elsewhere.",
      unit: "percent",
      default: 25,
      min: 0,
      max: 100,
    }),
    roomShareFrom: wholeNumber({
      meaning:
        "From how many people on the share of a room counts: one ban in a room of three is no emptying.",
      unit: "people",
      default: 5,
      min: 1,
      max: 1_000,
    }),
    maxRegulars: wholeNumber({
      meaning:
        "Regulars who are hit without a question: people who have been speaking here for long are seldom what a rule was made for.",
      unit: "people",
      default: 0,
      min: 0,
      max: 1_000_000,
    }),
    maxStaff: wholeNumber({
      meaning:
        "People with a power level above the usual in any protected room who are hit without a question.",
      unit: "people",
      default: 0,
      min: 0,
      max: 1_000_000,
    }),
    maxServerShare: wholeNumber({
      meaning: "Share of a room's servers that a server ACL cuts off without a question.",
      unit: "percent",
      default: 25,
      min: 0,
      max: 100,
    }),
    serverShareFrom: wholeNumber({
      meaning: "From how many servers on their share of a room counts.",
      unit: "servers",
      default: 4,
      min: 1,
      max: 10_000,
    }),
    windowMinutes: wholeNumber({
      meaning:
        "Rules of one list that come within this time are counted together, or a large change could be made of small ones.",
      unit: "minutes",
      default: 60,
      min: 1,
      max: 10_080,
    }),
    newcomerHours: wholeNumber({
      meaning:
        "People who came to a room within this time are newcomers and are not counted, so that a wave of throwaway accounts is answered without a question.",
      unit: "hours",
      default: 24,
      min: 0,
      max: 8_760,
    }),
    regularAfterDays: wholeNumber({
      meaning:
        "A regular was first seen speaking at least so long ago. Counted from when Tyr began to watch, by its own clock.",
      unit: "days",
      default: 14,
      min: 0,
      max: 3_650,
    }),
    regularDays: wholeNumber({
      meaning: "A regular was seen speaking on at least so many different days.",
      unit: "days",
      default: 5,
      min: 1,
      max: 3_650,
    }),
    regularsRemembered: wholeNumber({
      meaning:
        "People whose speaking days are remembered, to know the regulars; those silent for longest are forgotten to save memory.",
      unit: "people",
      default: 50_000,
      min: 100,
      max: 1_000_000,
    }),
    answerWithinHours: wholeNumber({
      meaning:
        "A question that nobody answers within this time is answered no. It must not lie in wait for somebody's stray yes.",
      unit: "hours",
      default: 24,
      min: 1,
      max: 720,
    }),
  },
);

const watchdog = section("Noticing what was done once and is gone again.", {
  everyHours: wholeNumber({
    meaning:
      "Every protected room and list is read anew once in this time, spread evenly, as servers do not tell of everything they lose. 0 switches it off.",
    unit: "hours",
    default: 24,
    min: 0,
    max: 8_760,
  }),
  maxMembers: wholeNumber({
    meaning:
      "Rooms with more people than this are not read anew: the answer would cost the homeserver and Tyr too much.",
    unit: "people",
    default: 20_000,
    min: 0,
    max: 1_000_000,
  }),
  aclRepairsAnHour: wholeNumber({
    meaning:
      "How often in an hour a server ACL that somebody else changed is put right. Then Tyr leaves it for an hour, as two bots could go on against each other for ever.",
    unit: "times",
    default: 3,
    min: 0,
    max: 100,
  }),
});

const offers = section(
  "Bans that people make or lift with a client: Tyr offers to make them hold in all protected rooms, and does it after a yes.",
  {
    enabled: yesNo(true, "Offer bans that were made or lifted by hand for the lists."),
    perHour: wholeNumber({
      meaning:
        "Offers in an hour at most; then one line says that there are more. Each is a message that somebody reads, and a wave is not answered one by one.",
      unit: "offers",
      default: 6,
      min: 1,
      max: 1_000,
    }),
    massFrom: wholeNumber({
      meaning:
        "People whom one account may ban within ten minutes for its bans to be offered. More is another bot, or somebody who is cleaning up and has no time for offers.",
      unit: "people",
      default: 5,
      min: 1,
      max: 1_000,
    }),
  },
);

const redaction = section("What a banned person leaves behind.", {
  reasons: list(
    {
      meaning:
        "A ban for one of these reasons also redacts what the person said. Globs (* and ?), compared with the whole reason; upper and lower case are the same.",
      default: ["*spam*", "*scam*", "*phishing*", "*csam*", "advertis*", "flood*"],
      expected: "a reason or a glob such as *spam*",
    },
    anyText,
  ),
  limit: wholeNumber({
    meaning:
      "Events of one person that are redacted in one room at most. Each is a request of its own, and a flood of thousands would keep the other work waiting.",
    unit: "events",
    default: 1_000,
    min: 1,
    max: 100_000,
  }),
  maxPages: wholeNumber({
    meaning:
      "Pages of a room's past that are searched for a person's events. Without an end, a person who said little would cost a walk through the whole room.",
    unit: "pages",
    default: 10,
    min: 0,
    max: 1_000,
  }),
});

const executor = section("How fast Tyr acts.", {
  startConcurrency: wholeNumber({
    meaning:
      "Requests under way at the same time at first. Tyr raises it while the server keeps up and lowers it when the server slows down.",
    unit: "requests",
    default: 16,
    min: 1,
    max: 1_000,
  }),
  maxConcurrency: wholeNumber({
    meaning:
      "Requests under way at the same time at most, so that moderation does not take the homeserver away from its users.",
    unit: "requests",
    default: 64,
    min: 1,
    max: 1_000,
  }),
  maxQueuedPerRoom: wholeNumber({
    meaning:
      "Steps that may wait for one room, so that a room in which nothing succeeds cannot fill the memory.",
    unit: "steps",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  }),
});

const sync = section("How Tyr follows what happens.", {
  longPollMs: wholeNumber({
    meaning:
      "How long the server may hold a sync request open when nothing happens. Longer ones are cut by many proxies.",
    unit: "ms",
    default: 30_000,
    min: 0,
    max: 300_000,
  }),
  timelineLimit: wholeNumber({
    meaning: "Events of a room in one sync answer. Servers give 100 at most, whatever is asked for.",
    unit: "events",
    default: 100,
    min: 1,
    max: 100,
  }),
  maxGapPages: wholeNumber({
    meaning:
      "Pages read to fill a gap in a room's timeline. A longer gap is closed by reading the room's state anew, which is cheaper then.",
    unit: "pages",
    default: 20,
    min: 0,
    max: 1_000,
  }),
  healEveryMs: wholeNumber({
    meaning:
      "How often Tyr tries again what it could not read: a room it could not load, a gap that stayed. Trying all the time would burden a server that is in trouble already.",
    unit: "ms",
    default: 30_000,
    min: 1_000,
    max: 3_600_000,
  }),
});

const history = section("What Tyr remembers of recent messages, so that redacting them needs no search.", {
  people: wholeNumber({
    meaning:
      "People whose recent events are remembered; those seen least recently are forgotten to save memory.",
    unit: "people",
    default: 20_000,
    min: 1,
    max: 1_000_000,
  }),
  eventsEach: wholeNumber({
    meaning:
      "Recent events remembered of each person. One person who floods must not push out everybody else; older ones are found by asking the server.",
    unit: "events",
    default: 200,
    min: 1,
    max: 10_000,
  }),
});

const answers = section("Tyr's answers in the management room.", {
  firstAfterMs: wholeNumber({
    meaning:
      "An answer is sent when the work is done or after this time, whichever comes first: short work gives one message and no edits.",
    unit: "ms",
    default: 1_500,
    min: 0,
    max: 60_000,
  }),
  editEveryMs: wholeNumber({
    meaning:
      "Time between two edits of an answer whose work goes on. Every edit is an event that stays in the room, and servers limit how many Tyr may send.",
    unit: "ms",
    default: 15_000,
    min: 500,
    max: 600_000,
  }),
  maxLength: wholeNumber({
    meaning:
      "Longest answer; what is longer is cut. An event may have 65,536 bytes, and an edited answer is in it four times: twice as text and twice as HTML.",
    unit: "bytes",
    default: 15_000,
    min: 500,
    max: 15_500,
  }),
});

const limits = section(
  "What rooms, lists and people outside can make Tyr hold or do at most. Everything that comes from a room may be an attack: what is beyond a bound is left out and counted, and nothing stops.",
  {
    lists: wholeNumber({
      meaning:
        "Policy lists that are followed. A list that is upgraded again and again, each time to a new room, must not bring thousands.",
      unit: "lists",
      default: 200,
      min: 1,
      max: 10_000,
    }),
    rulesPerList: wholeNumber({
      meaning:
        "Rules of one list that are applied; `status` counts those beyond it, the newest first to be left out. Each takes about a kilobyte of memory, and a hostile list may hold any number.",
      unit: "rules",
      default: 200_000,
      min: 1,
      max: 1_000_000,
    }),
    rules: wholeNumber({
      meaning: "Rules of all lists together that are applied, so that many lists cannot do what one may not.",
      unit: "rules",
      default: 250_000,
      min: 1,
      max: 2_000_000,
    }),
    reasonLength: wholeNumber({
      meaning:
        "A rule's reason is shortened to this. It travels into every ban, and a list may hold 60 kB of it.",
      unit: "characters",
      default: 500,
      min: 50,
      max: 5_000,
    }),
    malformedRemembered: wholeNumber({
      meaning:
        "Examples that are kept of events that look like rules and are none, or are no events at all; the others are only counted.",
      unit: "events",
      default: 50,
      min: 1,
      max: 1_000,
    }),
    vagueGlobs: wholeNumber({
      meaning:
        "Globs without two letters in a row (such as `*a*b*`) that are applied, of each kind of rule. They have to be compared with every name, about 50 nanoseconds each.",
      unit: "globs",
      default: 1_000,
      min: 0,
      max: 100_000,
    }),
    globsPerGram: wholeNumber({
      meaning:
        "Globs that are found by the same few letters. A list made of ten thousand globs around one word must not have each compared with every name that holds it; the others are found by other letters.",
      unit: "globs",
      default: 256,
      min: 1,
      max: 10_000,
    }),
    rooms: wholeNumber({
      meaning:
        "Rooms that are protected, by command, by a space or by an upgrade. A room that is upgraded in a circle must not bring new ones for ever.",
      unit: "rooms",
      default: 10_000,
      min: 1,
      max: 100_000,
    }),
    spaces: wholeNumber({
      meaning:
        "Spaces that are followed, those within spaces included: a space may hold another without end.",
      unit: "spaces",
      default: 100,
      min: 0,
      max: 10_000,
    }),
    roomsOfSpaces: wholeNumber({
      meaning:
        "Rooms that spaces may bring under protection. Whoever may write in a space decides what is in it.",
      unit: "rooms",
      default: 1_000,
      min: 0,
      max: 100_000,
    }),
    statePerRoom: wholeNumber({
      meaning: "State events of one room that are kept: a dozen of every room, and the rooms of a space.",
      unit: "events",
      default: 5_000,
      min: 100,
      max: 1_000_000,
    }),
    questionsRemembered: wholeNumber({
      meaning:
        "Answered questions that are remembered, so that a late answer is told what happened. Open ones never go.",
      unit: "questions",
      default: 500,
      min: 10,
      max: 100_000,
    }),
    answersRemembered: wholeNumber({
      meaning:
        "Rules and rooms about which a yes or a no is remembered; the oldest go first and are asked about again, should they still matter.",
      unit: "answers",
      default: 20_000,
      min: 100,
      max: 1_000_000,
    }),
    mutesRemembered: wholeNumber({
      meaning:
        "Mutes that are remembered, each of one person in one room, to put back exactly what was there before; beyond it the oldest last until a person ends them.",
      unit: "mutes",
      default: 20_000,
      min: 100,
      max: 1_000_000,
    }),
    offencesRemembered: wholeNumber({
      meaning:
        "Findings of protections that are remembered, one for each person and protection, so that a repeat is answered with the next step; the oldest are forgotten.",
      unit: "findings",
      default: 20_000,
      min: 100,
      max: 1_000_000,
    }),
    commandLength: wholeNumber({
      meaning: "Longest command. A message may have 64 kB, and nobody types that.",
      unit: "characters",
      default: 5_000,
      min: 200,
      max: 50_000,
    }),
    aliasesPerCommand: wholeNumber({
      meaning:
        "Room aliases that are looked up for one command: each is a request that may wait for another server.",
      unit: "aliases",
      default: 10,
      min: 1,
      max: 100,
    }),
    commandsRemembered: wholeNumber({
      meaning: "Commands that are remembered, so that none is obeyed again where a server tells it twice.",
      unit: "commands",
      default: 10_000,
      min: 100,
      max: 1_000_000,
    }),
    promptsRemembered: wholeNumber({
      meaning:
        "Commands that wait for what they lack (whom? which list?); the oldest are forgotten and have to be said again.",
      unit: "commands",
      default: 100,
      min: 1,
      max: 10_000,
    }),
    subjectsRemembered: wholeNumber({
      meaning:
        "Newest messages of the management room of which is remembered whom and what they are about, so that a command may reply to one without a request.",
      unit: "messages",
      default: 500,
      min: 10,
      max: 100_000,
    }),
    refusalsRemembered: wholeNumber({
      meaning: "Refusals that are remembered, so that none is told again.",
      unit: "refusals",
      default: 10_000,
      min: 100,
      max: 1_000_000,
    }),
    setbacksRemembered: wholeNumber({
      meaning:
        "Acts that a server refused for good, commands taken back and rules on their way that are remembered; the oldest are forgotten and at worst tried again.",
      unit: "acts",
      default: 10_000,
      min: 100,
      max: 1_000_000,
    }),
    ownEventsRemembered: wholeNumber({
      meaning:
        "Events of Tyr's own that are remembered until sync has told of them; enough for every write under way.",
      unit: "events",
      default: 5_000,
      min: 100,
      max: 1_000_000,
    }),
    ownBansRemembered: wholeNumber({
      meaning:
        "Bans of Tyr's own, in rooms out of its sight or on their way, whose list is remembered, so that they still go with their rule.",
      unit: "bans",
      default: 50_000,
      min: 100,
      max: 1_000_000,
    }),
    pastActs: wholeNumber({
      meaning:
        "Acts of the past that `why` and `undo` look at for one person: a name may match years of them.",
      unit: "acts",
      default: 5_000,
      min: 100,
      max: 100_000,
    }),
    pastGlobs: wholeNumber({
      meaning:
        "Rules of the past with globs that `why` tries on a name, the newest first: each has to be tried by itself.",
      unit: "rules",
      default: 5_000,
      min: 100,
      max: 100_000,
    }),
    unwrittenEntries: wholeNumber({
      meaning:
        "Entries of the journal that are kept in memory, some 20 MB, while the disk is full; beyond it the oldest are lost.",
      unit: "entries",
      default: 20_000,
      min: 1_000,
      max: 1_000_000,
    }),
    bansRead: wholeNumber({
      meaning:
        "Bans of one room that `lists import` reads, with their reasons; they are kept in memory until it is answered. The others are left out and counted.",
      unit: "bans",
      default: 20_000,
      min: 100,
      max: 200_000,
    }),
    exportKilobytes: wholeNumber({
      meaning:
        "Largest file that `lists export` sends, some 20,000 rules. Homeservers refuse uploads above a size of their own, often 50 MB; the oldest rules are left out and counted.",
      unit: "kB",
      default: 4_096,
      min: 16,
      max: 100_000,
    }),
    answerMegabytes: wholeNumber({
      meaning:
        "Largest answer of the homeserver that is read. The largest sync of a great account is a fraction of it, and what does not end would fill the memory.",
      unit: "MB",
      default: 256,
      min: 16,
      max: 480,
    }),
  },
);

const admin = section(
  "What moderators may have Tyr do as an administrator of the homeserver, where it is one (docs/server-admin.md).",
  {
    makeRoomAdmin: yesNo(
      false,
      "Allow the command make-admin. With it, whoever is in the management room can take power in every room of the homeserver.",
    ),
  },
);

const journal = section("What Tyr remembers of what it did.", {
  keepDays: wholeNumber({
    meaning:
      "Days for which ended decisions and refusals are kept; older ones are removed, or the data folder would grow for ever. What is not finished stays.",
    unit: "days",
    default: 365,
    min: 7,
    max: 36_500,
  }),
});

const network = section("Connections to the homeserver.", {
  connections: wholeNumber({
    meaning:
      "Connections that are open at the same time. More than the server's proxy allows would be refused; with less than half as many again as executor.maxConcurrency, slow rooms may keep the others waiting for one.",
    unit: "connections",
    default: 96,
    min: 1,
    max: 1_000,
  }),
  timeoutMs: wholeNumber({
    meaning:
      "A request without an answer after this time has failed and is tried again. Must be longer than sync.longPollMs, or every quiet sync would be cut.",
    unit: "ms",
    default: 60_000,
    min: 1_000,
    max: 600_000,
  }),
  writeTimeoutMs: wholeNumber({
    meaning:
      "A write without an answer after this time (a ban, a redaction, a rule, a message) is tried again. Shorter than timeoutMs, as a write that is done twice changes nothing more, and a connection that fell silent must not keep a spammer in the room for a minute. Never longer than timeoutMs.",
    unit: "ms",
    default: 20_000,
    min: 1_000,
    max: 600_000,
  }),
  retries: wholeNumber({
    meaning:
      "How often a request that failed for a passing reason is tried again, with growing pauses, before it is reported.",
    unit: "attempts",
    default: 5,
    min: 0,
    max: 100,
  }),
});

const web = section("What other programs on this machine can ask Tyr, by HTTP: whether it is well.", {
  enabled: yesNo(true, "Answer /healthz (does Tyr live) and /readyz (are rooms protected right now)."),
  host: textOr("127.0.0.1", {
    meaning:
      "Address on which Tyr answers. Nothing that it tells is secret; still, whoever need not ask should not be able to.",
    example: "127.0.0.1",
  }),
  port: wholeNumber({
    meaning:
      "Port on which Tyr answers; 0 takes any that is free, and the log says which. A port that is taken is a warning, and Tyr goes on.",
    unit: "port",
    default: 8787,
    min: 0,
    max: 65_535,
  }),
  stuckAfterMs: wholeNumber({
    meaning:
      "Tyr is not well when its sync has not gone round for this long. A round takes sync.longPollMs at most, and a little more where the homeserver falls silent; much less than that would have Tyr restarted for nothing.",
    unit: "ms",
    default: 300_000,
    min: 60_000,
    max: 7_200_000,
  }),
});

const log = section("What Tyr writes to its log.", {
  level: choice(
    ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    "info",
    "The least important messages that are written. The text of people's messages appears at trace only, tokens never.",
  ),
});

const roomsExpected = "a room id (!…), an alias (#…:server) or a matrix.to link";

export const configSchema = z.strictObject({
  homeserver,
  managementRoom: optionalText(
    {
      meaning:
        "The room in which moderators command Tyr, by id or alias. Without it Tyr makes one for initialManager.",
      example: "#moderators:example.org",
      expected: "a room id (!…) or an alias (#…:server)",
    },
    (text): RoomId | RoomAlias | undefined => parseRoomId(text) ?? parseRoomAlias(text),
  ),
  initialManager: optionalText(
    {
      meaning:
        "The person whom Tyr invites to a new management room when none is named. One of the two is needed.",
      example: "@you:example.org",
      expected: "a user id such as @you:example.org",
    },
    parseUserId,
  ),
  dataPath: textOr("./data", {
    meaning: "Folder for Tyr's database. A relative one starts at the folder in which Tyr is started.",
    example: "/var/lib/tyr",
  }),
  protectedRooms: list(
    {
      meaning: "Rooms to protect, besides those that were added by command: ids, aliases or matrix.to links.",
      example: "#lounge:example.org",
      expected: roomsExpected,
    },
    parseRoomReference,
  ),
  watchedLists: list(
    {
      meaning:
        "Policy lists to follow, besides those that were added by command: ids, aliases or matrix.to links.",
      example: "#banlist:example.org",
      expected: roomsExpected,
    },
    parseRoomReference,
  ),
  dryRun: yesNo(
    false,
    "Write nothing to any room but answers in the management room, which then say what would have been done. Settings can be changed all the same. What lists ask for is done as soon as Tyr runs without this; commands have to be said again.",
  ),
  commands,
  lists,
  acl,
  guard,
  watchdog,
  offers,
  redaction,
  executor,
  sync,
  history,
  answers,
  limits,
  admin,
  journal,
  network,
  web,
  log,
});

type Fixed<T> = T extends (...args: never) => unknown
  ? T
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [Key in keyof T]: Fixed<T[Key]> };

/** Validated, with every default filled in. */
export type Config = Fixed<z.output<typeof configSchema>>;

function parseAddress(text: string): string | undefined {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === null || !isWeb || url.username !== "" || url.password !== "") return undefined;
  if (url.search !== "" || url.hash !== "") return undefined;
  return text.replace(/\/+$/, "");
}

/** Only the shape: resolving aliases and links is left to the part that talks to the server. */
function parseRoomReference(text: string): string | undefined {
  const isLink = /^https:\/\/matrix\.to\/#\/(!|#|%21|%23)./i.test(text);
  return isLink || (parseRoomId(text) ?? parseRoomAlias(text)) !== undefined ? text : undefined;
}
