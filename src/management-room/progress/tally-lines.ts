/** How acts of one kind are counted and told in the message about their progress: "banned @a:b in 41 of 43 rooms". */
import { code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { ActionKind } from "../../model/actions/action.ts";
import type { Line } from "../../model/actions/wording.ts";
import { words } from "../../model/actions/words.ts";
import type { RoomId } from "../../model/ids.ts";
import { quoted } from "../../model/quoted.ts";

export interface Tally {
  planned: number;
  done: number;
  /** Recorded by a dry run instead of done. */
  recorded: number;
  readonly people: Set<string>;
  readonly rooms: Set<string>;
  readonly donePeople: Set<string>;
  readonly doneRooms: Set<string>;
  readonly recordedRooms: Set<string>;
  /** Rooms in which acts failed, by the sentence that says why. */
  readonly failures: Map<string, Set<string>>;
  /** Acts that are tried again, by decision, with why they could not be done. */
  readonly putOff: Map<string, { readonly room: string; readonly message: string }>;
  /** Done, although somebody else had done it before. */
  unchanged: number;
  /** What the homeserver told of an act, by decision. */
  readonly notes: Map<string, string>;
}

/** Rooms named for one failure; the others are counted. */
const namedRooms = 5;
/** Notes shown for one kind of act. */
const shownNotes = 5;

/** What became of the acts of one kind; undefined where that is not told. */
export function lineFor(kind: ActionKind, tally: Tally, roomName: (room: RoomId) => Say): Say | undefined {
  const { line } = words[kind];
  if (tally.planned === 0) return undefined;
  if (line === "notes") return tally.notes.size > 0 ? lines(...notesOf(tally)) : undefined;
  const isQuiet = line === "silent" || line.isToldElsewhere === true;
  if (isQuiet && tally.failures.size === 0) return undefined;
  const failures = [...tally.failures].map(([sentence, rooms]) =>
    troubleLine("failed", { sentence, rooms }, roomName),
  );
  return lines(
    mainLine(line === "silent" ? { did: kind, doing: kind, of: "things", noun: "act" } : line, tally),
    ...notesOf(tally),
    ...failures,
    ...putOffLines(tally, roomName),
  );
}

function putOffLines({ putOff }: Tally, roomName: (room: RoomId) => Say): readonly Say[] {
  return [...Map.groupBy(putOff.values(), ({ message }) => message)].map(([message, acts]) => {
    const rooms = new Set(acts.map(({ room }) => room));
    return troubleLine("not yet", { sentence: `${message}; I try again for some minutes`, rooms }, roomName);
  });
}

function mainLine({ did: done, doing, of, noun }: Line, tally: Tally): Say {
  const did = tally.done === 0 && tally.failures.size === 0 ? doing : done;
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

/** Acts on accounts are in no room: what was done to whom, and how much of it while not all is done. */
function accountsLine(did: string, tally: Tally): Say {
  const who = tally.people.size === 1 ? code([...tally.people][0]!) : count(tally.people.size, "account");
  return tally.done === tally.planned ? say`${did} ${who}` : say`${did} ${who}: ${progress(tally)}`;
}

function notesOf({ notes, unchanged }: Tally): readonly Say[] {
  const shown = [...new Set(notes.values())].slice(0, shownNotes).map((note) => quoted(note));
  return unchanged > 0 ? [...shown, say`it was so already; there is nothing of mine to take back`] : shown;
}

/** Our own refusals are sentences already; the homeserver's come with their code. */
export function failureSentence(errcode: string, message: string): string {
  if (errcode === "REFUSED") return message;
  return errcode === "M_FORBIDDEN" ? `forbidden (${message})` : `${errcode}: ${message}`;
}

/** Acts of one kind that were not done. */
export interface NotDone {
  count: number;
  readonly people: Set<string>;
  readonly rooms: Set<string>;
}

/** "Dry run: would have banned @a:b in 3 rooms". */
export function wouldLine(
  kind: ActionKind,
  { count: all, rooms: where, people }: NotDone,
  why: "Dry run" | "Stopped" = "Dry run",
): Say | undefined {
  const form = words[kind].line;
  if (form === "silent" || form === "notes" || all === 0) return undefined;
  const what = say`${why}: would have ${form.done ?? form.did}`;
  const rooms = count(where.size, "room");
  if (form.of === "rooms") return kind === "join" ? say`${what} ${rooms}` : say`${what} in ${rooms}`;
  if (form.of === "things") return say`${what} ${count(all, form.noun, pluralOf(form.noun))}`;
  if (form.of === "accounts")
    return say`${what} ${people.size === 1 ? code([...people][0]!) : count(people.size, "account")}`;
  return say`${what} ${people.size === 1 ? code([...people][0]!) : count(people.size, "person", "people")} in ${rooms}`;
}

function peopleLine(did: string, tally: Tally): Say {
  const who =
    tally.people.size === 1 ? code([...tally.people][0]!) : count(tally.people.size, "person", "people");
  if (tally.people.size === 1)
    return say`${did} ${who} in ${progress(tally)} ${tally.planned === 1 ? "room" : "rooms"}`;
  // Nothing done yet: whom it is about to be done to.
  if (tally.done === 0)
    return say`${did} ${who} in ${count(tally.rooms.size, "room")} (${progress(tally)} acts)`;
  const people = partOf(tally.donePeople, tally.people, "people");
  return say`${did} ${people} in ${partOf(tally.doneRooms, tally.rooms, "rooms")} (${progress(tally)} acts)`;
}

/** "3 people", or "1 of 3 people" until then. */
function partOf(done: ReadonlySet<string>, all: ReadonlySet<string>, noun: "people" | "rooms"): Say {
  if (done.size < all.size) return say`${done.size} of ${all.size} ${noun}`;
  return count(all.size, noun === "people" ? "person" : "room", noun);
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

function troubleLine(
  what: string,
  { sentence, rooms }: { sentence: string; rooms: ReadonlySet<string> },
  roomName: (room: RoomId) => Say,
): Say {
  const named = [...rooms]
    .filter((room) => room !== "")
    .slice(0, namedRooms)
    .map((room) => roomName(room as RoomId));
  return named.length > 0
    ? say`${what} in ${rooms.size}: ${someOf(named, namedRooms, rooms.size)}: ${quoted(sentence, 200)}`
    : say`${what}: ${quoted(sentence, 500)}`;
}
