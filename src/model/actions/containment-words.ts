/** What acts that contain a room, and release it, are called. */
import { anAct, type Wording } from "./wording.ts";
import type { ContainmentFields, OwnContainmentFields } from "./containment.ts";

type Kind = keyof ContainmentFields | keyof OwnContainmentFields;

export const containmentWords: Readonly<Record<Kind, Wording>> = {
  contain: {
    did: "changed who can speak or join",
    inWhy: "listed",
    line: {
      did: "changed who can speak or join",
      doing: "changing who can speak or join",
      of: "rooms",
      noun: "room",
    },
    toTakeBack: ["room to close again", "rooms to close again"],
    leftAlone: ["closed room", "closed rooms"],
    check: "change who can speak or join",
  },
  release: {
    did: "put back who can speak or join",
    inWhy: "listed",
    line: {
      did: "put back who can speak or join",
      doing: "putting back who can speak or join",
      of: "rooms",
      noun: "room",
    },
    toTakeBack: ["room to open", "rooms to open"],
    leftAlone: ["opened room", "opened rooms"],
    check: "put back who can speak or join",
  },
  "deny-servers": {
    did: "kept servers out for a while",
    inWhy: "listed",
    line: "silent",
    toTakeBack: ["room to keep servers out of", "rooms to keep servers out of"],
    leftAlone: ["room that servers are kept out of", "rooms that servers are kept out of"],
    check: "keep servers out",
  },
  "readmit-servers": {
    did: "let the servers in again",
    inWhy: "listed",
    line: "silent",
    toTakeBack: ["room to let servers in again", "rooms to let servers in again"],
    leftAlone: anAct,
    check: "let servers in again",
  },
  "set-room-mode": {
    did: "set the mode of the room",
    inWhy: "listed",
    line: "silent",
    toTakeBack: ["mode of a room to put back", "modes of rooms to put back"],
    leftAlone: ["mode of a room", "modes of rooms"],
    check: "set room mode",
  },
};
