/** A moderator's account that acts far more than moderators do: what Tyr does about it by itself, and for how long a word counts. */
import { choice, section, wholeNumber } from "../kinds.ts";

export const staff = section(
  "Moderators' accounts that remove people, or change levels, lists and rooms, far more than moderators do, by their own client. How much that is, is set by the protection `staff`.",
  {
    pause: choice(
      ["commands", "demote"],
      "commands",
      "What is done by itself until somebody has answered. `commands`: the account's commands and answers do not count. `demote`: at three times as much as is too much its level is taken as well, wherever Tyr stands above it and somebody else is there who can answer; an undo gives it back.",
    ),
    trustMinutes: wholeNumber({
      meaning:
        "How long somebody may go on after ✅ without being counted: a clean-up takes its time, and a longer one is asked about once more.",
      unit: "minutes",
      default: 60,
      min: 10,
      max: 1_440,
    }),
  },
);
