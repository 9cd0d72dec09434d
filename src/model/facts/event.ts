/** What can be told of the event itself: its kind, its text, its links, its media, what it changes. */
import { count, factsOf, key, name, oneOf, pixels, share, size, text, time, yesNo } from "./fact.ts";
import { kinds, kindWords } from "./kinds.ts";

const messages = kindWords.get("messages")!;
const said = messages | kindWords.get("reaction")! | kindWords.get("state")!;
/** Whatever calls somebody. */
const calling = messages | kindWords.get("reaction")! | kindWords.get("other")!;
const edits = kindWords.get("edit")!;
const state = kindWords.get("state")!;
const written = said | kindWords.get("name")!;

export const eventFacts = factsOf("event", {
  kind: { type: oneOf(...kinds), cost: "at hand", about: "What happens: a message, a join, ..." },
  type: { type: name, cost: "at hand", about: "Its type, such as m.room.message." },
  late: {
    type: time,
    cost: "at hand",
    about: "How long after it was sent, as its server says, it reached us.",
  },
  size: { type: size, cost: "at hand", about: "Its content, as JSON." },
  faults: {
    type: count,
    cost: "at hand",
    about:
      "How many of its fields are not what the specification says; unknown types and further fields are right.",
  },
  edit: { type: yesNo, cost: "at hand", about: "It changes an earlier message." },
  edit_after: {
    type: time,
    cost: "looked up",
    kinds: edits,
    about:
      "How long after the message the edit came; unknown where we do not remember the message, as after a restart, or one of them was held up.",
  },
  reply: { type: yesNo, cost: "at hand", about: "It replies to a message." },
  thread: { type: yesNo, cost: "at hand", about: "It stands in a thread." },
  sticky: { type: yesNo, cost: "at hand", about: "It wants to be kept in sight (MSC4354)." },
  encrypted: { type: yesNo, cost: "at hand", about: "Its content could not be read." },
});

export const textFacts = factsOf("text", {
  "": {
    type: text,
    cost: "text",
    kinds: written,
    about: "All that people see of it: body, formatted text, captions, questions, reactions, names. Folded.",
  },
  raw: {
    type: text,
    cost: "at hand",
    kinds: written,
    about: "The same, not folded: for patterns about signs.",
  },
  length: { type: count, cost: "at hand", kinds: written, about: "Letters." },
  lines: { type: count, cost: "at hand", kinds: written, about: "Lines." },
  words: { type: count, cost: "at hand", kinds: written, about: "Words." },
  capitals: { type: share, cost: "at hand", kinds: written, about: "Capitals among its letters." },
  density: {
    type: share,
    cost: "at hand",
    kinds: written,
    about:
      "What is not white space; unknown where most of it is in a script that puts no spaces between words.",
  },
  repeat: {
    type: count,
    cost: "at hand",
    kinds: written,
    about:
      "How often the same sign stands in a row, at most; signs of which lines are drawn (-=_*#~+. and frames) do not count.",
  },
  emoji: { type: count, cost: "at hand", kinds: written, about: "Emoji." },
  marks: {
    type: share,
    cost: "at hand",
    kinds: written,
    about:
      "Combining marks, as in zalgo, among its signs: those of no script's own, and of a script's own the sixth and further ones on a letter.",
  },
  invisible: {
    type: count,
    cost: "at hand",
    kinds: written,
    about: "Signs that nobody sees, but for those that a script or an emoji needs.",
  },
  padding: {
    type: count,
    cost: "at hand",
    kinds: written,
    about: "White space and invisible signs at its ends.",
  },
  masked: {
    type: yesNo,
    cost: "text",
    kinds: written,
    about: "Letters were swapped for look-alikes, or parted by invisible signs.",
  },
  mentions: {
    type: count,
    cost: "at hand",
    kinds: calling,
    about: "People it mentions, each once; the whole room is one.",
  },
  names: {
    type: count,
    cost: "text",
    kinds: messages,
    about:
      "Different display names of people here that stand in it, whole and of three letters at least, without a mention of them. Of the people whose name was told since Tyr came, up to limits.namesRemembered.",
  },
  mentions_declared: {
    type: yesNo,
    cost: "at hand",
    kinds: messages,
    about: "It says whom it mentions (m.mentions).",
  },
  pings_room: { type: yesNo, cost: "at hand", kinds: messages, about: "It calls everybody in the room." },
  contacts: {
    type: count,
    cost: "text",
    kinds: written,
    about: "Ways to reach somebody elsewhere: handles, numbers, wallets, invitations.",
  },
  key: {
    type: key,
    cost: "text",
    kinds: written,
    about: "The same for nearly the same text; unknown for very short ones.",
  },
});

export const linkFacts = [
  ...factsOf("links", {
    "": { type: count, cost: "links", kinds: said, about: "How many links it has." },
  }),
  ...factsOf("link", {
    domain: {
      type: { base: "name", list: "links" },
      cost: "links",
      kinds: said,
      about: "The part of the host that somebody registered: example.org of www.example.org.",
    },
    host: { type: { base: "name", list: "links" }, cost: "links", kinds: said, about: "The whole host." },
    kind: {
      type: oneOf("web", "matrix", "invite", "shortener", "address", "file"),
      cost: "links",
      kinds: said,
      about: "What it leads to.",
    },
    known: {
      type: yesNo,
      cost: "links",
      kinds: said,
      about:
        "Two regulars, or one of the staff, have linked to the domain in the last 30 days (of a shortener or an invitation: to that address); a link that mentions a person is, and one to the own machine or network of whoever opens it, as logs have them. Otherwise unknown until we have watched regulars for three days.",
    },
    false_face: { type: yesNo, cost: "links", kinds: said, about: "Its text shows another host." },
  }),
];

const withMedia = messages | kindWords.get("reaction")!;

export const mediaFacts = factsOf("media", {
  "": {
    type: count,
    cost: "at hand",
    kinds: withMedia,
    about: "How many files it carries, small pictures inside the text not counted.",
  },
  kind: {
    type: oneOf("image", "video", "audio", "voice", "file", "sticker"),
    cost: "at hand",
    kinds: messages,
    about: "What the file is.",
  },
  type: { type: name, cost: "at hand", kinds: messages, about: "Its MIME type, as the sender says." },
  size: { type: size, cost: "at hand", kinds: messages, about: "Its size, as the sender says." },
  width: { type: pixels, cost: "at hand", kinds: messages, about: "Its width, as the sender says." },
  height: { type: pixels, cost: "at hand", kinds: messages, about: "Its height, as the sender says." },
  name: { type: text, cost: "text", kinds: messages, about: "Its file name." },
  known: {
    type: yesNo,
    cost: "looked up",
    kinds: messages,
    about:
      "A regular, or one of the staff, has posted what looks the same in the last 30 days. Otherwise unknown until we have watched regulars for three days.",
  },
  key: {
    type: { base: "key", list: "pictures" },
    cost: "looked up",
    kinds: messages,
    about: "The same for pictures that look alike.",
  },
  inline: { type: count, cost: "at hand", kinds: withMedia, about: "Small pictures inside the text." },
  inline_height: { type: pixels, cost: "at hand", kinds: withMedia, about: "The highest of them." },
});

export const changeFacts = factsOf("change", {
  what: {
    type: oneOf(
      "name",
      "topic",
      "avatar",
      "levels",
      "acl",
      "pinned",
      "join-rule",
      "widget",
      "tombstone",
      "policy-server",
    ),
    cost: "at hand",
    kinds: state,
    about: "What of the room is changed.",
  },
  text: { type: text, cost: "text", kinds: state, about: "The new name or topic." },
});
