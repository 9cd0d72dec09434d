/** What can be told of where it happens, and of what people, scanners and other parts of Tyr say about it. */
import { count, factsOf, name, oneOf, share, time, yesNo } from "./fact.ts";
import { kindWords } from "./kinds.ts";

const messages = kindWords.get("messages")! | kindWords.get("reaction")!;
const reports = kindWords.get("report")!;
const scans = kindWords.get("scan")!;
const acts = kindWords.get("act")!;

export const roomFacts = factsOf("room", {
  id: { type: name, cost: "at hand", about: "The id of the room." },
  members: { type: count, cost: "looked up", about: "How many people are in it." },
  mode: {
    type: oneOf("calm", "guarded", "raid", "shut"),
    cost: "looked up",
    about: "How careful Tyr is there at present: by itself because of a wave, or by a moderator's word.",
  },
  public: { type: yesNo, cost: "looked up", about: "Anybody can join." },
  encrypted: { type: yesNo, cost: "looked up", about: "Messages are encrypted." },
  pace: {
    type: count,
    cost: "looked up",
    about: "What was said in the last minute, reactions included, as far as Tyr was there.",
  },
  usual_pace: {
    type: count,
    cost: "looked up",
    about: "Messages a minute that are usual at this hour of the week; unknown in the first week.",
  },
  joins: {
    type: count,
    cost: "looked up",
    about: "Joins in the last hour, as far as Tyr was there.",
  },
  usual_joins: {
    type: count,
    cost: "looked up",
    about: "Joins an hour that are usual at this hour of the week; unknown in the first week.",
  },
  lag: {
    type: time,
    cost: "looked up",
    about:
      "How long after they were sent, as their servers say, its events reach us: the middle one of its servers; unknown where fewer than three spoke in the last ten minutes.",
  },
});

export const observedFacts = [
  ...factsOf("wave", {
    state: {
      type: oneOf("none", "suspected", "recognised", "harmful"),
      cost: "looked up",
      about:
        "How sure it is that the author belongs to a wave of accounts: they are alike; they say the same; there is proof that they mean harm. Where Tyr does not know yet what is usual, never more than recognised.",
    },
    accounts: { type: count, cost: "looked up", about: "Accounts of that wave; 0 where there is none." },
    bits: {
      type: count,
      cost: "looked up",
      about:
        "How well the author fits into it, in bits: 11 bring somebody into a wave; 0 where there is none.",
    },
    shared: {
      type: yesNo,
      cost: "looked up",
      kinds: messages,
      about:
        "The message carries what at least half of the wave's accounts that have spoken share: a link, a handle, a file, nearly the same text.",
    },
  }),
  ...factsOf("report", {
    weight: {
      type: count,
      cost: "at hand",
      kinds: reports,
      about:
        "How many people have reported its author in the case that this report belongs to: about a half for somebody of whom nothing is known, up to 3 for somebody who is trusted; several of one server count less.",
    },
    category: {
      type: name,
      cost: "at hand",
      kinds: reports,
      about:
        "What it was reported for, as the words of the reason tell: spam, harassment, hate, sexual, child-safety, violence, impersonation, doxxing, or other.",
    },
  }),
  ...factsOf("scan", {
    verdict: {
      type: oneOf("good", "bad", "unsure"),
      cost: "at hand",
      kinds: scans,
      about: "What a scanner says.",
      waitsFor: "scanners",
    },
    score: { type: share, cost: "at hand", kinds: scans, about: "How sure it is.", waitsFor: "scanners" },
  }),
  ...factsOf("act", {
    kind: {
      type: oneOf("ban", "unban", "kick", "mute", "levels", "acl", "rule", "state"),
      cost: "at hand",
      kinds: acts,
      about: "What somebody with power did by their own client.",
    },
    removals: {
      type: count,
      cost: "looked up",
      kinds: acts,
      about:
        "People whom they banned, removed or muted so within ten minutes. A regular is three, who came within a day a third; who is on a list, of a wave, or was found by a protection is none. Half as much again at the pace of a script, and at an hour at which they never acted.",
    },
    levels: {
      type: count,
      cost: "looked up",
      kinds: acts,
      about: "Power levels that they changed so within ten minutes, raised likewise.",
    },
    changes: {
      type: count,
      cost: "looked up",
      kinds: acts,
      about:
        "Entries of server ACLs, rules of lists and other state that they wrote over, and bans that they lifted, within ten minutes, raised likewise.",
    },
  }),
];
