/** `mention-limit`: somebody calls more people than they can want to talk to. */
import { describeDuration } from "../kit/duration.ts";
import { defineProtection } from "../automod/define.ts";
import { beyond } from "./rate-window.ts";

export const mentionLimit = defineProtection({
  name: "mention-limit",
  about:
    "Too many people mentioned by one person in a room, in one message or in several: by mentions, links to people, ids in the text, and the whole room; edits included.",
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
  warning: "Please do not mention so many people.",
  evaluate(said, { limit, rate, seconds }) {
    const newest = said.recent.at(-1);
    if (!newest || newest.mentions === 0) return undefined;
    if (newest.mentions > limit)
      return { sentence: `${newest.mentions} people mentioned in one message`, evidence: [newest.event] };
    const windowMs = seconds * 1_000;
    const found = beyond(said, { limit: rate, windowMs, weight: ({ mentions }) => mentions });
    return (
      found && {
        sentence: `${found.sum} mentions within ${describeDuration(windowMs)}`,
        evidence: found.those.map(({ event }) => event),
      }
    );
  },
});
