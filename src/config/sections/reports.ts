/** Reports of people: to the homeserver, and in the rooms where moderators said `reports on`. */
import { parseUserId } from "../../model/ids.ts";
import { list, section, wholeNumber, yesNo } from "../kinds.ts";

export const reports = section(
  "What people report to moderators. Reports in the rooms (🚩, or a reply `!tyr report`) are switched on in the management room: `reports on`.",
  {
    fromHomeserver: yesNo(
      true,
      "Where Tyr is an administrator of a Synapse: look at what its users report of messages in protected rooms. The homeserver keeps its list.",
    ),
    everySeconds: wholeNumber({
      meaning: "How often that is looked at. Each look has the homeserver count its list.",
      unit: "seconds",
      default: 30,
      min: 10,
      max: 3_600,
    }),
    trusted: list(
      {
        meaning: "People whose reports weigh three times as much, besides moderators.",
        example: "@helper:example.org",
        expected: "a user id such as @helper:example.org",
      },
      parseUserId,
    ),
    messagesAnHour: wholeNumber({
      meaning:
        "Cases that are told in a message of their own within an hour; beyond it one line counts them, and `reports` shows all. Three of them at most for what only one person reports.",
      unit: "messages",
      default: 6,
      min: 1,
      max: 100,
    }),
    voicesAnHour: wholeNumber({
      meaning:
        "Whoever reports so many people within an hour is not heard for a day, and moderators are told, once. Moderators, and who is trusted, may report as many as they like.",
      unit: "people",
      default: 10,
      min: 3,
      max: 1_000,
    }),
    remindMinutes: wholeNumber({
      meaning: "Minutes after which moderators are reminded, once, of a case that nobody has touched.",
      unit: "minutes",
      default: 60,
      min: 5,
      max: 1_440,
    }),
    thanks: yesNo(
      true,
      "Whether the room hears, once a case is closed that was reported there, that moderators have looked at it: a sentence without names, once an hour at most.",
    ),
  },
);
