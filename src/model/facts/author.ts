/** What can be told of who did it. */
import { count, factsOf, name, oneOf, text, time, yesNo } from "./fact.ts";
import { kindSet } from "./kinds.ts";

/** What tells a name and a picture; of those who speak they are not kept. */
const named = kindSet("join", "knock", "name", "avatar");

export const authorFacts = factsOf("author", {
  id: { type: name, cost: "at hand", about: "Their Matrix id." },
  localpart: { type: text, cost: "at hand", about: "The part of the id before the server." },
  server: { type: { base: "name", list: "servers" }, cost: "at hand", about: "The server of the id." },
  display: {
    type: text,
    cost: "at hand",
    kinds: named,
    about: "The display name that they take or come with.",
  },
  avatar: {
    type: { base: "key", list: "pictures" },
    cost: "at hand",
    kinds: named,
    about: "The picture that they take or come with, by its mxc address.",
  },
  age: {
    type: time,
    cost: "looked up",
    about: "How long ago they came to the room; unknown for who was there before us.",
  },
  age_anywhere: {
    type: time,
    cost: "looked up",
    about: "How long ago they came to the first of the protected rooms in which they are.",
  },
  spoken: {
    type: count,
    cost: "looked up",
    about:
      "How many messages of theirs in this room were let stand before this one; of an edit, before the message that it changes. Up to a thousand. Unknown for who was there, or had been there, before we saw them come for the first time, and for who came before any protection was set.",
  },
  spoken_anywhere: {
    type: count,
    cost: "looked up",
    about: "The same, in all protected rooms in which they are; unknown where it is unknown for one of them.",
  },
  days: { type: count, cost: "looked up", about: "On how many days we saw them speak." },
  newcomer: {
    type: yesNo,
    cost: "looked up",
    about: "They came to the room within newcomerHours, as far as we saw them come; or they are flagged.",
  },
  regular: { type: yesNo, cost: "looked up", about: "They have spoken here on many days, for long." },
  staff: {
    type: yesNo,
    cost: "looked up",
    about: "They are in the management room, or were given power in the room.",
  },
  trusted: { type: yesNo, cost: "looked up", about: "They are regulars, staff, or exempt." },
  level: { type: count, cost: "looked up", about: "Their power level in the room." },
  invited_by: {
    type: oneOf("nobody", "somebody", "regular", "staff"),
    cost: "looked up",
    about: "Who invited them, as they are seen today; unknown where we did not see them come.",
  },
  delay: {
    type: time,
    cost: "looked up",
    about:
      "From their join to their first word in the room, by our clock; unknown where we did not see one of them, or one was held up.",
  },
  rooms: { type: count, cost: "looked up", about: "In how many protected rooms they are." },
  heat: {
    type: count,
    cost: "looked up",
    about: "The heat that rules gave them before, in all rooms, as it has cooled until now.",
  },
  offences: {
    type: count,
    cost: "looked up",
    about:
      "How often protections have found them at something, all of them together; what is a day old counts no more, nor what a protection only told, warned of, or asks about, as it does while it holds a message, nor what was taken back.",
  },
  flagged: {
    type: yesNo,
    cost: "looked up",
    about:
      "Lists name them, and not enough of them for anything to be done: lists that count less than a ban takes, or are only told of. They count as newcomers then, however long they are here.",
  },
  reporter: {
    type: yesNo,
    cost: "looked up",
    about: "They reported others, and moderators acted more often than not.",
  },
  bridged: {
    type: yesNo,
    cost: "looked up",
    about: "They are a ghost of a bridge that moderators have named (`bridges add`).",
  },
  local: { type: yesNo, cost: "at hand", about: "They live on our own homeserver." },
  imitates: {
    type: yesNo,
    cost: "looked up",
    kinds: named,
    about:
      "Their name, or the one in their id, looks like that of one of the staff or ours and is written differently; or it is the same with the same picture. A second Alice imitates nobody.",
  },
  name_words: { type: count, cost: "at hand", about: "Words in the part of the id before the server." },
  name_length: { type: count, cost: "at hand", about: "Letters in the part of the id before the server." },
  name_hex: {
    type: yesNo,
    cost: "at hand",
    about:
      "The part of the id before the server is eight or more hexadecimal digits, of which some are digits.",
  },
});

export const serverFacts = factsOf("server", {
  age: {
    type: time,
    cost: "looked up",
    about:
      "How long ago we saw somebody of this server for the first time; unknown for those who were there before us.",
  },
  people: {
    type: count,
    cost: "looked up",
    about: "How many people of it are in protected rooms, up to a hundred.",
  },
  regulars: { type: count, cost: "looked up", about: "How many of them are regulars, up to a hundred." },
  home: { type: yesNo, cost: "looked up", about: "It is our own server, or one of the staff." },
  registration: {
    type: oneOf("open", "closed"),
    cost: "looked up",
    about: "Whether anybody can make an account there without a mail address or captcha.",
    waitsFor: "a look at servers",
  },
});
