/** What is kept of messages that Tyr removes. */
import { section, wholeNumber, yesNo } from "../kinds.ts";

export const stash = section(
  "The stash: what Tyr removes is kept for moderators to read, for appeals and mistakes. Encrypted, without media, with a key in a file of its own in the data folder (tyr-stash.key), which is in no backup.",
  {
    enabled: yesNo(
      true,
      "Keep what is removed. Off: nothing is kept from then on, and what was kept is removed at the next start.",
    ),
    days: wholeNumber({
      meaning:
        "Days for which it is kept. An appeal comes within weeks; nobody should have to wonder what is kept of them for years.",
      unit: "days",
      default: 30,
      min: 1,
      max: 365,
    }),
    maxEvents: wholeNumber({
      meaning: "Messages that are kept at most; the oldest go first. An attack must not fill the disk.",
      unit: "messages",
      default: 20_000,
      min: 100,
      max: 1_000_000,
    }),
    maxMegabytes: wholeNumber({
      meaning: "Size of all of them at most; the oldest go first. One message may have 64 kB.",
      unit: "megabytes",
      default: 64,
      min: 1,
      max: 10_000,
    }),
  },
);
