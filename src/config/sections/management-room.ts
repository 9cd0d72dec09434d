/** How Tyr talks with the moderators of a community: what it hears, how it replies, what it offers by itself, and what they may have it do as an administrator. */
import { foreignBots } from "../../model/settings/foreign-bots.ts";
import { choice, list, section, wholeNumber, yesNo } from "../kinds.ts";

export const commands = section("How moderators talk to Tyr in the management room.", {
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
  banReasons: list(
    {
      meaning:
        "Reasons that are offered, numbered, for a ban that gives none: one reaction chooses. Such a ban waits for it. Ten have a number to react with; without any, nothing is asked.",
      example: "spam",
      expected: "a reason of at most 100 characters in one line, that begins with a letter or digit",
    },
    (text) => (/^[\p{L}\p{N}][^\n\r]{0,99}$/u.test(text) ? text : undefined),
  ),
  answerWithinMinutes: wholeNumber({
    meaning:
      "How long an answer to what a command lacked (whom? which list?) completes it. Later the same words may be meant for somebody else.",
    unit: "minutes",
    default: 10,
    min: 1,
    max: 1_440,
  }),
  obeyWithinMinutes: wholeNumber({
    meaning:
      "How old a command or an answer may be that the homeserver left out at first, as more was said at once than it tells. What is older, or comes after a later one was obeyed, is not done, and Tyr says so.",
    unit: "minutes",
    default: 5,
    min: 0,
    max: 1_440,
  }),
  withoutRoles: yesNo(
    false,
    "Begin without roles, whatever the command `roles on` has set: the way back where nobody in the management room has the level of an admin any more. Roles can be switched on again while Tyr runs.",
  ),
  describe: yesNo(
    false,
    "Describe the commands in the state of a management room that Tyr has not made, so that clients that know such descriptions (MSC4391) offer and complete them: one state event for each command, written once, slowly, and shown by some clients as a change of the room. A room that Tyr makes has them from the start.",
  ),
});

export const answers = section("Tyr's answers in the management room.", {
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

export const notify = section(
  "Whose phone rings. Most of what Tyr says is a notice, of which clients notify nobody. What waits for a yes or went wrong is a message that mentions moderators; the answer to a question mentions who asked.",
  {
    moderators: choice(
      ["nobody", "recent", "all", "room"],
      "recent",
      "Whom Tyr mentions in what waits for a yes or went wrong: nobody; who spoke in the management room lately (all, if nobody did); all, fifty at most; or the room, where Tyr may mention it (all otherwise).",
    ),
    recentDays: wholeNumber({
      meaning: "Who has spoken in the management room within this time is taken to look after it (`recent`).",
      unit: "days",
      default: 7,
      min: 1,
      max: 365,
    }),
    restMinutes: wholeNumber({
      meaning:
        "Of things of one kind (incidents, lost rights, ...) that follow each other more quickly, the first notifies and the others are shown: forty of them in a night must not ring forty times.",
      unit: "minutes",
      default: 5,
      min: 0,
      max: 1_440,
    }),
  },
);

export const offers = section(
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

export const admin = section(
  "What moderators may have Tyr do as an administrator of the homeserver, where it is one (docs/server-admin.md).",
  {
    makeRoomAdmin: yesNo(
      false,
      "Allow the command make-admin. With it, whoever is in the management room can take power in every room of the homeserver.",
    ),
  },
);
