/** `flood`: somebody sends more than anybody can read. */
import { describeDuration } from "../../../src/kit/duration.ts";
import { defineProtection } from "../../../src/automod/define.ts";
import { rateBeyond } from "./rate-beyond.ts";

export const flood = defineProtection({
  name: "flood",
  about:
    "Too many messages of one person in a room: of any kind, edits, stickers and reactions included, and comings, goings and new names.",
  settings: {
    limit: {
      type: "number",
      about: "Messages within the time that are not too many yet.",
      unit: "messages",
      default: 10,
      min: 2,
      max: 100,
    },
    seconds: {
      type: "number",
      about: "The time in which they are counted.",
      unit: "seconds",
      default: 10,
      min: 1,
      max: 600,
    },
  },
  watches: ["message", "join", "leave", "knock", "profile"],
  warning: "Please slow down: these are too many messages at once.",
  takesInWhatFollows: true,
  evaluate(sighting, { limit, seconds }) {
    const windowMs = seconds * 1_000;
    const rate = rateBeyond(sighting, { limit, windowMs, weight: () => 1 });
    return (
      rate && {
        sentence: `${rate.sum} messages within ${describeDuration(windowMs)}`,
        evidence: rate.counted.map(({ event }) => event),
      }
    );
  },
});
