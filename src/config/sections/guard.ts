/** How much may change at once without a moderator's yes. */
import { choice, section, wholeNumber } from "../kinds.ts";

export const guard = section(
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
    maxLostRules: wholeNumber({
      meaning:
        "Rules that a list may lose within windowMinutes without a question, as bans are lifted with them. Of a list that loses more, and more than maxLostShare of itself, they stay in force until a moderator says otherwise.",
      unit: "rules",
      default: 20,
      min: 0,
      max: 1_000_000,
    }),
    maxLostShare: wholeNumber({
      meaning: "The part of itself that a list may lose without a question, however many rules that are.",
      unit: "percent",
      default: 10,
      min: 0,
      max: 100,
    }),
    commandPeopleAnHour: wholeNumber({
      meaning:
        "People whom commands remove within an hour without a question, all commands together: many small ones do what a large one does. What a moderator has said yes to is not counted, nor what lists and protections ask for, which have bounds of their own.",
      unit: "people",
      default: 200,
      min: 0,
      max: 1_000_000,
    }),
    protectionPeopleAnHour: wholeNumber({
      meaning:
        "People whom one protection mutes, kicks or bans within an hour without a question. Whoever finds more than that is either wrong about many or needs a person to look. Newcomers of the last day do not count, as they come in waves.",
      unit: "people",
      default: 20,
      min: 0,
      max: 1_000_000,
    }),
    protectionPeopleADay: wholeNumber({
      meaning:
        "The same within a day: a protection that is wrong about a few people every hour is wrong about many.",
      unit: "people",
      default: 100,
      min: 0,
      max: 1_000_000,
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
    secondPerson: choice(
      ["off", "large", "always"],
      "off",
      "Whether somebody else than who said a command has to say yes to it: to nothing (off), to what is large (very many people, a server with more than a tenth of a room, a room's end, an account's end, a level of 50 or more, roles), or to whatever waits for a yes (always). One account that was taken over is not enough then.",
    ),
    secondPersonFrom: wholeNumber({
      meaning: "More people than this are large. Newcomers do not count.",
      unit: "people",
      default: 200,
      min: 0,
      max: 1_000_000,
    }),
    aloneAfterDays: wholeNumber({
      meaning:
        "Where nobody else of the role has said anything in the management room for so long, a moderator is alone: their own yes counts after a pause.",
      unit: "days",
      default: 7,
      min: 1,
      max: 365,
    }),
    coolOffMinutes: wholeNumber({
      meaning:
        "That pause. In it everybody in the room can see the question and say no, so that a stolen account is slowed and seen.",
      unit: "minutes",
      default: 10,
      min: 1,
      max: 1_440,
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
