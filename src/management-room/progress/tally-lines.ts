/** How acts are counted and called in the message about an incident: "banned @a:b in 41 of 43 rooms". */
import { code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { ActionKind } from "../../model/actions/action.ts";
import type { RoomId } from "../../model/ids.ts";

export interface Tally {
  planned: number;
  done: number;
  /** Written down and not done, as in a dry run. */
  recorded: number;
  readonly people: Set<string>;
  readonly rooms: Set<string>;
  readonly doneRooms: Set<string>;
  readonly recordedRooms: Set<string>;
  /** Sentence to rooms in which it holds. */
  readonly failures: Map<string, Set<string>>;
  /** Done, and so already before. */
  unchanged: number;
  /** What the homeserver told, by the act. */
  readonly notes: Map<string, string>;
}

/** Acts worth a line, with how they are told. Everything else is means to an end. */
const told: Partial<
  Record<
    ActionKind,
    {
      readonly did: string;
      /** As it follows "would have", where that is another word. */
      readonly done?: string;
      readonly of: "people" | "accounts" | "rooms" | "things";
      readonly noun: string;
    }
  >
> = {
  ban: { did: "banned", of: "people", noun: "ban" },
  unban: { did: "unbanned", of: "people", noun: "ban lifted" },
  kick: { did: "kicked", of: "people", noun: "kick" },
  invite: { did: "invited", of: "people", noun: "invitation" },
  mute: { did: "muted", of: "people", noun: "mute" },
  unmute: { did: "unmuted", of: "people", noun: "mute lifted" },
  "set-power-level": { did: "set the power level of", of: "people", noun: "power level" },
  warn: { did: "warned", of: "people", noun: "warning" },
  redact: { did: "redacted", of: "things", noun: "event" },
  "redact-by-server": { did: "had the homeserver redact", of: "things", noun: "person" },
  "set-server-acl": { did: "updated the server ACL", of: "rooms", noun: "room" },
  "write-policy": { did: "wrote", done: "written", of: "things", noun: "rule" },
  "remove-policy": { did: "took back", done: "taken back", of: "things", noun: "rule" },
  join: { did: "joined", of: "rooms", noun: "room" },
  "create-list": { did: "made", of: "things", noun: "list" },
  "send-file": { did: "sent", of: "things", noun: "file" },
  "read-room": { did: "read again", of: "rooms", noun: "room" },
  suspend: { did: "suspended", of: "accounts", noun: "account" },
  unsuspend: { did: "lifted the suspension of", of: "accounts", noun: "account" },
  lock: { did: "locked", of: "accounts", noun: "account" },
  unlock: { did: "unlocked", of: "accounts", noun: "account" },
  deactivate: { did: "deactivated", of: "accounts", noun: "account" },
  "quarantine-media": { did: "quarantined", of: "things", noun: "file" },
  "unquarantine-media": { did: "released", of: "things", noun: "file" },
  "quarantine-media-of-user": { did: "quarantined the files of", of: "accounts", noun: "account" },
  "quarantine-media-of-room": { did: "quarantined the files", of: "rooms", noun: "room" },
  "shutdown-room": { did: "shut down", of: "things", noun: "room" },
  "make-room-admin": { did: "gave power to", done: "given power to", of: "people", noun: "admin" },
  "add-alias": { did: "made", of: "things", noun: "alias" },
  "remove-alias": { did: "removed", of: "things", noun: "alias" },
  "list-publicly": { did: "listed", of: "things", noun: "room" },
  "unlist-publicly": { did: "took from the list", done: "taken from the list", of: "things", noun: "room" },
};

/** What nobody can take back; alone it is no reason to say how that is done. */
export const forGood: ReadonlySet<ActionKind> = new Set<ActionKind>([
  "redact",
  "redact-by-server",
  "search-history",
  "warn",
  "create-list",
  "deactivate",
  "find-media",
  "quarantine-media-of-user",
  "quarantine-media-of-room",
  "shutdown-room",
  "make-room-admin",
  "send-file",
]);

/** Rooms named for one failure; the others are counted. */
const namedRooms = 5;
/** Notes shown for one kind of act. */
const shownNotes = 5;

/** What became of the acts of one kind; undefined where they are not worth a line. */
export function lineFor(kind: ActionKind, tally: Tally, roomName: (room: RoomId) => Say): Say | undefined {
  const form = told[kind];
  if (!form && tally.failures.size === 0) return undefined;
  const { did, of, noun } = form ?? { did: kind, of: "things" as const, noun: "act" };
  if (tally.planned === 0) return undefined;
  const failures = [...tally.failures].map(([sentence, rooms]) => failureLine(sentence, rooms, roomName));
  return lines(mainLine({ did, of, noun }, tally), ...notesOf(tally), ...failures);
}

function mainLine({ did, of, noun }: NonNullable<(typeof told)[ActionKind]>, tally: Tally): Say {
  switch (of) {
    case "people":
      return peopleLine(did, tally);
    case "accounts":
      return accountsLine(did, tally);
    case "rooms":
      return roomsLine(did, tally);
    case "things":
      return say`${did} ${progress(tally)} ${plain(tally.planned === 1 ? noun : pluralOf(noun))}`;
  }
}

function pluralOf(noun: string): string {
  return noun.endsWith("s") ? `${noun}es` : `${noun}s`;
}

/** An account is in no room: what was done to it, and only if not all is done, how much of it. */
function accountsLine(did: string, tally: Tally): Say {
  const who = tally.people.size === 1 ? code([...tally.people][0]!) : count(tally.people.size, "account");
  return tally.done === tally.planned ? say`${did} ${who}` : say`${did} ${who}: ${progress(tally)}`;
}

function notesOf({ notes, unchanged }: Tally): readonly Say[] {
  const shown = [...new Set(notes.values())].slice(0, shownNotes).map((note) => plain(note, 300));
  return unchanged > 0 ? [...shown, say`it was so already; there is nothing of mine to take back`] : shown;
}

/** What we refuse ourselves is said in our own words; codes belong to the server's. */
export function failureSentence(errcode: string, message: string): string {
  if (errcode === "REFUSED") return message;
  return errcode === "M_FORBIDDEN" ? `forbidden (${message})` : `${errcode}: ${message}`;
}

/** "Dry run: would have banned @a:b in 3 rooms". */
export function wouldLine(kind: ActionKind, { recorded, recordedRooms, people }: Tally): Say | undefined {
  const form = told[kind];
  if (!form || recorded === 0) return undefined;
  const what = say`Dry run: would have ${form.done ?? form.did}`;
  const rooms = count(recordedRooms.size, "room");
  if (form.of === "rooms") return kind === "join" ? say`${what} ${rooms}` : say`${what} in ${rooms}`;
  if (form.of === "things") return say`${what} ${count(recorded, form.noun, pluralOf(form.noun))}`;
  if (form.of === "accounts")
    return say`${what} ${people.size === 1 ? code([...people][0]!) : count(people.size, "account")}`;
  return say`${what} ${people.size === 1 ? code([...people][0]!) : count(people.size, "person", "people")} in ${rooms}`;
}

function peopleLine(did: string, tally: Tally): Say {
  const who =
    tally.people.size === 1 ? code([...tally.people][0]!) : count(tally.people.size, "person", "people");
  if (tally.people.size === 1)
    return say`${did} ${who} in ${progress(tally)} ${tally.planned === 1 ? "room" : "rooms"}`;
  return say`${did} ${who} in ${count(tally.rooms.size, "room")} (${progress(tally)} acts)`;
}

function roomsLine(did: string, tally: Tally): Say {
  const done = tally.doneRooms.size;
  const all = tally.rooms.size;
  return say`${did} in ${done === all ? String(all) : `${done} of ${all}`} ${all === 1 ? "room" : "rooms"}`;
}

/** "43" when all is done, "41 of 43" until then. */
function progress({ done, planned }: Tally): string {
  return done === planned ? String(planned) : `${done} of ${planned}`;
}

function failureLine(sentence: string, rooms: ReadonlySet<string>, roomName: (room: RoomId) => Say): Say {
  const named = [...rooms]
    .filter((room) => room !== "")
    .slice(0, namedRooms)
    .map((room) => roomName(room as RoomId));
  return named.length > 0
    ? say`failed in ${rooms.size}: ${someOf(named, namedRooms, rooms.size)}: ${plain(sentence, 200)}`
    : say`failed: ${plain(sentence, 500)}`;
}
