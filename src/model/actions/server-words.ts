/** What the acts of the homeserver's administrator, and those on its directory, are called: one row a kind. */
import type { AccountFields } from "./accounts.ts";
import type { DirectoryFields } from "./directory.ts";
import type { MediaFields } from "./media.ts";
import type { ServerRoomFields } from "./server-rooms.ts";
import { anAct, type Wording } from "./wording.ts";

type ServerKind = keyof AccountFields | keyof MediaFields | keyof ServerRoomFields | keyof DirectoryFields;

export const serverWords: Readonly<Record<ServerKind, Wording>> = {
  suspend: {
    did: "suspended",
    inWhy: "listed",
    line: { did: "suspended", of: "accounts", noun: "account" },
    toTakeBack: ["suspension to make again", "suspensions to make again"],
    leftAlone: ["suspension", "suspensions"],
    check: "suspend",
  },
  unsuspend: {
    did: "lifted the suspension of",
    inWhy: "listed",
    line: { did: "lifted the suspension of", of: "accounts", noun: "account" },
    toTakeBack: ["suspension to lift", "suspensions to lift"],
    leftAlone: ["lifted suspension", "lifted suspensions"],
    check: "unsuspend",
  },
  lock: {
    did: "locked",
    inWhy: "listed",
    line: { did: "locked", of: "accounts", noun: "account" },
    toTakeBack: ["account to lock again", "accounts to lock again"],
    leftAlone: ["lock of an account", "locks of accounts"],
    check: "lock",
  },
  unlock: {
    did: "unlocked",
    inWhy: "listed",
    line: { did: "unlocked", of: "accounts", noun: "account" },
    toTakeBack: ["account to unlock", "accounts to unlock"],
    leftAlone: ["unlocked account", "unlocked accounts"],
    check: "unlock",
  },
  deactivate: {
    did: "deactivated",
    inWhy: "listed",
    line: { did: "deactivated", of: "accounts", noun: "account" },
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
    line: { did: "quarantined", of: "things", noun: "file" },
    toTakeBack: ["file to quarantine again", "files to quarantine again"],
    leftAlone: ["quarantined file", "quarantined files"],
    check: "quarantine media",
  },
  "unquarantine-media": {
    did: "released a file from quarantine",
    inWhy: "listed",
    line: { did: "released", of: "things", noun: "file" },
    toTakeBack: ["file to release", "files to release"],
    leftAlone: ["released file", "released files"],
    check: "unquarantine media",
  },
  "quarantine-media-of-user": {
    did: "quarantined all files",
    inWhy: "listed",
    line: { did: "quarantined the files of", of: "accounts", noun: "account" },
    toTakeBack: anAct,
    leftAlone: ["quarantine of all files of a person", "quarantines of all files of a person"],
    check: "quarantine media of user",
  },
  "quarantine-media-of-room": {
    did: "quarantined the files of the room",
    inWhy: "listed",
    line: { did: "quarantined the files", of: "rooms", noun: "room" },
    toTakeBack: anAct,
    leftAlone: ["quarantine of the files of a room", "quarantines of the files of a room"],
    check: "quarantine media of room",
  },
  "shutdown-room": {
    did: "shut the room down",
    inWhy: "listed",
    line: { did: "shut down", of: "things", noun: "room" },
    toTakeBack: anAct,
    leftAlone: ["room that was shut down", "rooms that were shut down"],
    check: "shutdown room",
  },
  "make-room-admin": {
    did: "had the homeserver give power",
    inWhy: "listed",
    line: { did: "gave power to", done: "given power to", of: "people", noun: "admin" },
    toTakeBack: anAct,
    leftAlone: ["level given through the homeserver", "levels given through the homeserver"],
    check: "make room admin",
  },
  "add-alias": {
    did: "made an alias",
    inWhy: "listed",
    line: { did: "made", of: "things", noun: "alias" },
    toTakeBack: ["alias to put back", "aliases to put back"],
    leftAlone: ["alias", "aliases"],
    check: "add alias",
  },
  "remove-alias": {
    did: "removed an alias",
    inWhy: "listed",
    line: { did: "removed", of: "things", noun: "alias" },
    toTakeBack: ["alias to remove", "aliases to remove"],
    leftAlone: ["removed alias", "removed aliases"],
    check: "remove alias",
  },
  "list-publicly": {
    did: "put the room on the public list",
    inWhy: "listed",
    line: { did: "listed", of: "things", noun: "room" },
    toTakeBack: ["room to put back on the public list", "rooms to put back on the public list"],
    leftAlone: ["entry on the public list", "entries on the public list"],
    check: "list publicly",
  },
  "unlist-publicly": {
    did: "took the room off the public list",
    inWhy: "listed",
    line: { did: "took from the list", done: "taken from the list", of: "things", noun: "room" },
    toTakeBack: ["room to take off the public list", "rooms to take off the public list"],
    leftAlone: ["entry taken off the public list", "entries taken off the public list"],
    check: "unlist publicly",
  },
};
