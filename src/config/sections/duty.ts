/** The report of the morning, for those who slept. Who is on duty is said in the management room. */
import { parseHours, parseTimeOfDay, parseTimeZone } from "../../kit/time-zones.ts";
import { optionalText, section, yesNo } from "../kinds.ts";

export const duty = section(
  "Night duty. Who is called, and when, is said in the management room (`duty add`); here is when the morning begins.",
  {
    reportAt: optionalText(
      {
        meaning:
          "The time of day at which Tyr tells what happened since the day before and what waits, if anything. Without it there is no report; `report` tells it at any time.",
        example: "07:30",
        expected: "a time of day such as 07:30",
      },
      parseTimeOfDay,
    ),
    zone: optionalText(
      {
        meaning: "The time zone of that, and of the quiet hours. UTC where it is left out.",
        example: "Europe/Berlin",
        expected: "the name of a time zone such as Europe/Berlin",
      },
      parseTimeZone,
    ),
    quietHours: optionalText(
      {
        meaning:
          "Hours in which nobody is mentioned but who is on duty, who is answered, and everybody where it is about a moderator's account (`duty add`), whatever `notify` says; where nobody is on the roster, only calls mention anybody. What is done does not depend on them. Without it there are none.",
        example: "23:00-07:00",
        expected: "from one time of day to another, such as 23:00-07:00",
      },
      parseHours,
    ),
    listDigest: yesNo(
      true,
      "Whether Tyr tells once a day, at 08:00 in that zone, which lists of others changed and by how much. It notifies nobody, and is silent where nothing changed. Where there is a report, it stands there.",
    ),
    seenIsEnough: yesNo(
      true,
      "Whether a call is answered when who was called has read it, as their client tells (read receipts of the management room). With `false` it takes a word or a reaction: for people whose clients show rooms with nobody before them.",
    ),
  },
);
