/** `mention-limit`: somebody mentions more people than anybody talks to at once. */
import { describeDuration } from "../../../src/kit/duration.ts";
import { defineProtection } from "../../../src/automod/define.ts";
import { mentions } from "../../../src/model/signals/mentions.ts";
import { rateBeyond } from "./rate-beyond.ts";

export const mentionLimit = defineProtection({
  name: "mention-limit",
  about:
    "Too many people mentioned by one person in a room, in one message or in several: by mentions, links to people, and the whole room; by ids in the text where the client does not say whom it mentions. Edits are included, code and quotations are not.",
  settings: {
    limit: {
      type: "number",
      about: "People in one message that are not too many yet.",
      unit: "people",
      default: 10,
      min: 1,
      max: 100,
    },
    rate: {
      type: "number",
      about: "Mentions within the time that are not too many yet, over all messages.",
      unit: "mentions",
      default: 20,
      min: 1,
      max: 1_000,
    },
    seconds: {
      type: "number",
      about: "The time in which they are counted.",
      unit: "seconds",
      default: 60,
      min: 1,
      max: 600,
    },
  },
  watches: ["message"],
  warning: "Please do not mention so many people.",
  evaluate(sighting, { limit, rate: limitOfRate, seconds }) {
    const count = mentions.of(sighting);
    if (count === 0) return undefined;
    if (count > limit)
      return {
        sentence: `${count} people mentioned in one message`,
        evidence: [sighting.event.eventId],
      };
    const windowMs = seconds * 1_000;
    const rate = rateBeyond(sighting, { limit: limitOfRate, windowMs, weight: (one) => one.mentions });
    return (
      rate && {
        sentence: `${rate.sum} mentions within ${describeDuration(windowMs)}`,
        evidence: rate.counted.map(({ event }) => event),
      }
    );
  },
});
