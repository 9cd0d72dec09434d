/** How much one moderator does without a second one. */
import { section, wholeNumber } from "../kinds.ts";

const most = { min: 0, max: 1_000_000 };

export const budgets = section(
  "How much one moderator has done by commands alone, where `guard.secondPerson` asks for a second person at all: the command that goes beyond it waits for somebody else's yes. Newcomers do not count, nor people whom protections act against, nor what got a yes.",
  {
    removals: wholeNumber({
      meaning: "People removed within ten minutes. Who cleans up by hand is not as fast.",
      unit: "people",
      default: 30,
      ...most,
    }),
    removalsADay: wholeNumber({
      meaning: "The same within a day: a patient thief of an account is slow.",
      unit: "people",
      default: 300,
      ...most,
    }),
    unbans: wholeNumber({
      meaning:
        "People whose bans are lifted within ten minutes: a community is flooded as well by letting everybody back in.",
      unit: "people",
      default: 50,
      ...most,
    }),
    unbansADay: wholeNumber({
      meaning: "The same within a day.",
      unit: "people",
      default: 500,
      ...most,
    }),
    rulesTaken: wholeNumber({
      meaning: "Rules taken off lists within ten minutes: others may follow these lists.",
      unit: "rules",
      default: 20,
      ...most,
    }),
    rulesTakenADay: wholeNumber({
      meaning: "The same within a day.",
      unit: "rules",
      default: 200,
      ...most,
    }),
  },
);
