/** The rules that ship, generated from `shipped/*.yaml` by `npm run generate`: edit those. */
import type { RuleText } from "../automod/rule.ts";

export const shipped: readonly RuleText[] = [
  {
    name: "flood",
    about:
      "Too many messages of one person in a room: of any kind, edits, stickers and reactions included, and comings, goings and new names.",
    on: 19967,
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
    when: "count speech by author in seconds > limit",
    ladder: "redact+mute redact+ban",
    warning: "Please slow down: these are too many messages at once.",
    reply: "",
    takesInWhatFollows: true,
  },
  {
    name: "mention-limit",
    about:
      "Too many people mentioned by one person in a room, in one message or in several: by mentions, links to people, and the whole room; by ids in the text where the client does not say whom it mentions. Edits are included, code and quotations are not.",
    on: 16447,
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
        max: 1000,
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
    when: "text.mentions and (text.mentions > limit or sum text.mentions by author in seconds > rate)",
    ladder: "redact+mute redact+ban",
    warning: "Please do not mention so many people.",
    reply: "",
    takesInWhatFollows: false,
  },
];
