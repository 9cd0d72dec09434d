/** What the acts of the homeserver's administrator, those on its directory, and on our own profile are called: one row a kind. */
import type { AccountFields } from "./accounts.ts";
import type { DirectoryFields } from "./directory.ts";
import type { MediaFields } from "./media.ts";
import type { OwnProfileFields } from "./own-profile.ts";
import type { ServerRoomFields } from "./server-rooms.ts";
import { anAct, type Wording } from "./wording.ts";

type ServerKind =
  | keyof AccountFields
  | keyof MediaFields
  | keyof ServerRoomFields
  | keyof DirectoryFields
  | keyof OwnProfileFields;

export const serverWords: Readonly<Record<ServerKind, Wording>> = {
  suspend: {
    did: "suspended",
    inWhy: "listed",
    line: { did: "suspended", doing: "suspending", of: "accounts", noun: "account" },
    toTakeBack: ["suspension to make again", "suspensions to make again"],
    leftAlone: ["suspension", "suspensions"],
    check: "suspend",
  },
  unsuspend: {
    did: "lifted the suspension of",
    inWhy: "listed",
    line: {
      did: "lifted the suspension of",
      doing: "lifting the suspension of",
      of: "accounts",
      noun: "account",
    },
    toTakeBack: ["suspension to lift", "suspensions to lift"],
    leftAlone: ["lifted suspension", "lifted suspensions"],
    check: "unsuspend",
  },
  lock: {
    did: "locked",
    inWhy: "listed",
    line: { did: "locked", doing: "locking", of: "accounts", noun: "account" },
    toTakeBack: ["account to lock again", "accounts to lock again"],
    leftAlone: ["lock of an account", "locks of accounts"],
    check: "lock",
  },
  unlock: {
    did: "unlocked",
    inWhy: "listed",
    line: { did: "unlocked", doing: "unlocking", of: "accounts", noun: "account" },
    toTakeBack: ["account to unlock", "accounts to unlock"],
    leftAlone: ["unlocked account", "unlocked accounts"],
    check: "unlock",
  },
  deactivate: {
    did: "deactivated",
    inWhy: "listed",
    line: { did: "deactivated", doing: "deactivating", of: "accounts", noun: "account" },
    toTakeBack: anAct,
    leftAlone: ["deactivated account", "deactivated accounts"],
    check: "deactivate",
  },
  "find-media": {
    did: "looked for files",
    inWhy: "listed",
    line: "silent",
    toTakeBack: anAct,
    leftAlone: anAct,
    check: "find media",
  },
  "quarantine-media": {
    did: "quarantined a file",
    inWhy: "listed",
    line: { did: "quarantined", doing: "quarantining", of: "things", noun: "file" },
    toTakeBack: ["file to quarantine again", "files to quarantine again"],
    leftAlone: ["quarantined file", "quarantined files"],
    check: "quarantine media",
  },
  "unquarantine-media": {
    did: "released a file from quarantine",
    inWhy: "listed",
    line: { did: "released", doing: "releasing", of: "things", noun: "file" },
    toTakeBack: ["file to release", "files to release"],
    leftAlone: ["released file", "released files"],
    check: "unquarantine media",
  },
  "quarantine-media-of-user": {
    did: "quarantined all files",
    inWhy: "listed",
    line: {
      did: "quarantined the files of",
      doing: "quarantining the files of",
      of: "accounts",
      noun: "account",
    },
    toTakeBack: anAct,
    leftAlone: ["quarantine of all files of a person", "quarantines of all files of a person"],
    check: "quarantine media of user",
  },
  "quarantine-media-of-room": {
    did: "quarantined the files of the room",
    inWhy: "listed",
    line: { did: "quarantined the files", doing: "quarantining the files", of: "rooms", noun: "room" },
    toTakeBack: anAct,
    leftAlone: ["quarantine of the files of a room", "quarantines of the files of a room"],
    check: "quarantine media of room",
  },
  "shutdown-room": {
    did: "shut the room down",
    inWhy: "listed",
    line: { did: "shut down", doing: "shutting down", of: "things", noun: "room" },
    toTakeBack: anAct,
    leftAlone: ["room that was shut down", "rooms that were shut down"],
    check: "shutdown room",
  },
  "block-room": {
    did: "blocked the room",
    inWhy: "listed",
    line: { did: "blocked", doing: "blocking", of: "things", noun: "room" },
    toTakeBack: ["room to block again", "rooms to block again"],
    leftAlone: ["blocked room", "blocked rooms"],
    check: "block room",
  },
  "unblock-room": {
    did: "unblocked the room",
    inWhy: "listed",
    line: { did: "unblocked", doing: "unblocking", of: "things", noun: "room" },
    toTakeBack: ["room to unblock", "rooms to unblock"],
    leftAlone: ["unblocked room", "unblocked rooms"],
    check: "unblock room",
  },
  "set-profile": {
    did: "changed my profile",
    inWhy: "listed",
    line: { did: "changed", doing: "changing", of: "things", noun: "profile" },
    toTakeBack: anAct,
    leftAlone: ["changed profile", "changed profiles"],
    check: "set profile",
  },
  "make-room-admin": {
    did: "had the homeserver give power",
    inWhy: "listed",
    line: {
      did: "gave power to",
      doing: "giving power to",
      done: "given power to",
      of: "people",
      noun: "admin",
    },
    toTakeBack: anAct,
    leftAlone: ["level given through the homeserver", "levels given through the homeserver"],
    check: "make room admin",
  },
  "add-alias": {
    did: "made an alias",
    inWhy: "listed",
    line: { did: "made", doing: "making", of: "things", noun: "alias" },
    toTakeBack: ["alias to put back", "aliases to put back"],
    leftAlone: ["alias", "aliases"],
    check: "add alias",
  },
  "remove-alias": {
    did: "removed an alias",
    inWhy: "listed",
    line: { did: "removed", doing: "removing", of: "things", noun: "alias" },
    toTakeBack: ["alias to remove", "aliases to remove"],
    leftAlone: ["removed alias", "removed aliases"],
    check: "remove alias",
  },
  "list-publicly": {
    did: "put the room on the public list",
    inWhy: "listed",
    line: { did: "listed", doing: "listing", of: "things", noun: "room" },
    toTakeBack: ["room to put back on the public list", "rooms to put back on the public list"],
    leftAlone: ["entry on the public list", "entries on the public list"],
    check: "list publicly",
  },
  "unlist-publicly": {
    did: "took the room off the public list",
    inWhy: "listed",
    line: {
      did: "took from the list",
      doing: "taking from the list",
      done: "taken from the list",
      of: "things",
      noun: "room",
    },
    toTakeBack: ["room to take off the public list", "rooms to take off the public list"],
    leftAlone: ["entry taken off the public list", "entries taken off the public list"],
    check: "unlist publicly",
  },
};
