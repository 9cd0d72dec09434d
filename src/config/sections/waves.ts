/** Waves of accounts: what Tyr may do about them by itself, and how sure it has to be. */
import { waveActs } from "../../model/waves.ts";
import { choice, section, wholeNumber } from "../kinds.ts";

export const waves = section(
  "Waves: accounts that come, or write, together and have more in common than newcomers here have by chance. Regulars, staff and whoever was here before are never part of one.",
  {
    act: choice(
      waveActs,
      "contain",
      "What is done by itself about a wave that does harm. `off`: waves are not looked for. `ask`: no room is closed and nobody is banned without a moderator's yes; the protections for waves hold and remove messages all the same. `contain`: rooms are closed to the wave by one change that is taken back whole; bans wait for a yes. `all`: who spoke is banned without one.",
    ),
    accounts: wholeNumber({
      meaning:
        "Accounts that have to be alike until they are called a wave; with proof of harm one less. Of four or fewer, friends who came together were called one in trials.",
      unit: "accounts",
      default: 5,
      min: 4,
      max: 100,
    }),
    learnDays: wholeNumber({
      meaning:
        "Days for which Tyr has to have watched until it does anything by itself: before that it does not know what is usual here, so it asks.",
      unit: "days",
      default: 14,
      min: 0,
      max: 90,
    }),
    learnPeople: wholeNumber({
      meaning:
        "People who have to be here, and a quarter as many who have to have come meanwhile, until Tyr does anything by itself: fewer say little of what is usual.",
      unit: "people",
      default: 200,
      min: 0,
      max: 10_000,
    }),
  },
);
