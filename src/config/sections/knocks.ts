/** The knock gate: who is let in without a moderator's word where people have to knock. */
import { section, wholeNumber } from "../kinds.ts";

export const knocks = section(
  "The knock gate: it answers where a moderator said `rooms knock on`, and where Tyr has closed a door for a while. Regulars, and whom a regular or a moderator invited to another protected room, pass by themselves.",
  {
    knownAfterDays: wholeNumber({
      meaning:
        "Days after which somebody who is in another protected room counts as known there, and passes. Whoever has spoken in one on an earlier day passes, too. A flood that prepares itself joins your other rooms first.",
      unit: "days",
      default: 7,
      min: 1,
      max: 365,
    }),
    backWithinDays: wholeNumber({
      meaning:
        "Days within which somebody passes who was in a protected room for a day at least, and left by themselves. With 0 nobody passes for that.",
      unit: "days",
      default: 30,
      min: 0,
      max: 365,
    }),
    answerWithinHours: wholeNumber({
      meaning:
        "Hours after which it is told, once, that nobody has answered those who ask. They go on waiting.",
      unit: "hours",
      default: 24,
      min: 1,
      max: 720,
    }),
  },
);
