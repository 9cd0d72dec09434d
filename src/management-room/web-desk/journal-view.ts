/** The journal as its page shows it: what was typed into the fields, and what was done, in words. */
import { describeCause } from "../../commands/history/why.ts";
import { dayMs } from "../../kit/duration.ts";
import { words } from "../../model/actions/words.ts";
import { roomOf, subjectOf, targetOf } from "../../model/actions/traits.ts";
import type { RoomId } from "../../model/ids.ts";
import type { JournalAnswer, JournalQuestion } from "../../model/journal-search.ts";
import type { PastAct } from "../../model/past-acts.ts";
import type { JournalFields, JournalRow, JournalView } from "../../model/web-desk.ts";
import type { WorldView } from "../../model/world/view.ts";

/** Rooms whose name holds what was typed; a name that fits more says nothing. */
const mostRooms = 50;

/** A sentence where a field cannot be read. */
export function questionOf(fields: JournalFields, world: WorldView): JournalQuestion | string {
  const { text, who, by, room, kind, since, until, before } = fields;
  const [from, to] = [dayOf(since), dayOf(until)];
  if (from === "unread" || to === "unread") return "A day is written like 2026-11-30.";
  const rooms = room.trim() === "" ? undefined : roomsCalled(room, world);
  if (rooms && rooms.length > mostRooms)
    return `More than ${mostRooms} rooms are called like that. Type more of the name.`;
  const last = Math.min(to === undefined ? Infinity : to + dayMs, before ?? Infinity);
  return { text, who, by, kind, rooms, since: from, until: last === Infinity ? undefined : last };
}

function dayOf(text: string): number | undefined | "unread" {
  if (text.trim() === "") return undefined;
  const at = /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? Date.parse(`${text.trim()}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? "unread" : at;
}

/** An id is taken as it is: the room may be one that Tyr has left. */
function roomsCalled(text: string, world: WorldView): readonly RoomId[] {
  const wanted = text.trim().toLowerCase();
  if (wanted.startsWith("!")) return [text.trim() as RoomId];
  return [...world.rooms.values()].flatMap(({ id, label }) =>
    label.toLowerCase().includes(wanted) ? [id] : [],
  );
}

export function journalView(answer: JournalAnswer, world: WorldView): JournalView {
  if (answer === "slow")
    return { rows: [], problem: "This takes too long. Ask for less: a shorter time, or more words." };
  if (answer === "busy")
    return { rows: [], problem: "Another question is being answered. Ask again in a moment." };
  if (answer === "broken") return { rows: [], problem: "The journal cannot be read now." };
  const { acts, isMore } = answer;
  const last = acts.at(-1)?.decision.at;
  return {
    rows: acts.map((act) => rowOf(act, world)),
    ...(isMore && last !== undefined ? { olderThan: last } : {}),
  };
}

function rowOf({ decision: { action, because, at }, result }: PastAct, world: WorldView): JournalRow {
  const room = roomOf(action);
  const target = targetOf(action);
  const whom = subjectOf(action) ?? (isSomebody(target) ? target : "");
  return {
    at,
    did: words[action.kind].did,
    whom: whom === room ? "" : whom,
    where: room === undefined ? "" : (world.rooms.get(room)?.label ?? room),
    why: describeCause(because, world),
    outcome: outcomeOf(result),
  };
}

/** A person, a room or a server, or a pattern of them: what else an act is aimed at says nothing to a reader. */
function isSomebody(target: string): boolean {
  return /^[@!#*]|^[^\s.]+\.[^\s]+$/.test(target);
}

function outcomeOf(result: PastAct["result"]): string {
  switch (result?.kind) {
    case undefined:
      return "under way";
    case "done":
      return "done";
    case "failed":
      return `failed: ${result.message.slice(0, 200)}`;
    case "superseded":
      return "called off";
    case "recorded":
      return "dry run";
  }
}
