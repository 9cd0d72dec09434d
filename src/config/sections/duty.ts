/** The report of the morning, for those who slept. Who is on duty is said in the management room. */
import { parseTimeOfDay, parseTimeZone } from "../../kit/time-zones.ts";
import { optionalText, section } from "../kinds.ts";

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
        meaning: "The time zone of that. UTC where it is left out.",
        example: "Europe/Berlin",
        expected: "the name of a time zone such as Europe/Berlin",
      },
      parseTimeZone,
    ),
  },
);
