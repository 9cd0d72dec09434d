/**
 * Containments as they come true, and what others change of them. What somebody else has changed since is theirs: it is never
 * taken back, and where it ended what the containment does, the containment is over.
 */
import type { JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../actions/action.ts";
import type { Contained } from "../containments.ts";
import type { Outcome } from "../decision.ts";
import type { StateEvent } from "../event.ts";
import type { RoomId } from "../ids.ts";
import type { ObservationOf } from "../observation.ts";
import {
  isSameValue,
  isStillOurs,
  isTable,
  valueAt,
  type ContainedKey,
  type PathChange,
} from "../path-changes.ts";
import { readLevel } from "../power-levels.ts";
import { readServerAcl } from "../server-acl.ts";
import type { Beliefs } from "./beliefs.ts";

export function applyContained(
  { stored, changes }: Beliefs,
  { contained }: ObservationOf<"contained">,
): void {
  stored.containments.set(contained);
  if (contained.key === "acl") changes.cutOff(contained.room);
}

export function applyRoomMode({ stored }: Beliefs, { item }: ObservationOf<"room-mode">): void {
  stored.roomModes.set(item);
}

/** After an act of this family has ended, however it ended. */
export function noteContainment(
  beliefs: Beliefs,
  { decision: { id, action, because }, result: { kind } }: Outcome,
  at: number,
): void {
  if (action.kind === "contain") return noteEnded(beliefs, action, { id, kind, at });
  if (kind !== "done") return;
  if (action.kind === "release") noteReleased(beliefs, action.room, action.key, at);
  else if (action.kind === "deny-servers") noteDenied(beliefs, action, because, at);
  else if (action.kind === "set-room-mode") noteMode(beliefs, action, because, at);
  else if (action.kind === "readmit-servers") {
    noteReleased(beliefs, action.room, "acl", at);
    beliefs.changes.cutOff(action.room);
  }
}

/** It was noted when the room showed it. Where it shows nothing of it, nothing of it is ours. */
function noteEnded(
  { stored }: Beliefs,
  { room, key, changes }: ActionOf<"contain">,
  { id, kind, at }: { readonly id: string; readonly kind: string; readonly at: number },
): void {
  const known = stored.containments.get(room, key);
  // Another one may wait by now in its place.
  if (known?.pending?.by !== id) return;
  const { pending: _, ...rest } = known;
  const one = kind === "recorded" ? rest : { ...rest, maybe: changes };
  stored.containments.set(
    one.changes.length > 0 || one.endedAt !== undefined ? one : { ...one, endedAt: at },
  );
}

/** An event of ours has come into force: what it shows of what we were about to write is ours from now on. */
export function noteWritten(
  beliefs: Beliefs,
  {
    room,
    key,
    event,
    before,
  }: { room: RoomId; key: ContainedKey; event: StateEvent; before: StateEvent | undefined },
): void {
  // What is kept out by server ACLs is told by our own memory, whatever the ACL shows.
  if (key === "acl") return;
  const { stored, time } = beliefs;
  const stood = before?.content ?? {};
  const known = stored.containments.get(room, key);
  if (known?.written === event.eventId) return noteFoundAgain(beliefs, known, event.content, stood);
  const isNews = (change: PathChange) =>
    !isTable(change) && isStillOurs(event.content, change) && !isStillOurs(stood, change);
  const isPending = known?.pending?.changes.some(isNews) === true;
  const wanted = (isPending ? known.pending?.changes : known?.maybe) ?? [];
  if (!known) return;
  if (!wanted.some(isNews)) {
    if (isReleasedBy(known, event.content, stood)) noteReleased(beliefs, room, key, time.now);
    // What another act of ours has set is none of it any more; should the event be older than our newest, it still is.
    const { changes, ...rest } = stored.containments.get(room, key)!;
    // A mute of somebody who is named ends at the level that it found, which goes with the release.
    const isKept = (change: PathChange) => change.path[0] === "users" || isStillOurs(event.content, change);
    const left = changes.filter(isKept);
    const lost = known.changes.filter((change) => !left.includes(change));
    if (lost.length > 0)
      stored.containments.set({ ...rest, changes: left, lost: [...(known.lost ?? []), ...lost] });
    return;
  }
  const shown = wanted.filter((change) => isStillOurs(event.content, change));
  const { pending, endedAt: _, liftedBy: __, lost: ___, maybe: ____, ...one } = known;
  const earlier = new Map(one.changes.map((change) => [change.path.join("\n"), change]));
  const made = shown.flatMap((change): readonly PathChange[] => {
    const { path, ours } = change;
    const old = earlier.get(path.join("\n"));
    earlier.delete(path.join("\n"));
    // Ours was raised further, or was lost by nobody's doing: what stood there before it is known.
    if (old) return [{ path, ours, ...("before" in old ? { before: old.before } : {}) }];
    const value = valueAt(stood, path);
    if (isTable(change)) return value === undefined ? [change] : [];
    if (isSameValue(value, ours)) return [];
    return [value === undefined ? { path, ours } : { path, ours, before: value }];
  });
  const isNew = one.changes.length === 0;
  stored.containments.set({
    ...one,
    at: isNew ? time.now : one.at,
    written: event.eventId,
    changes: [...earlier.values(), ...made],
    ...(pending && !isPending ? { pending } : {}),
  });
}

/** Whether the event, which is ours, took back all that still stood: the answer to our release may have been lost. */
function isReleasedBy({ changes, endedAt }: Contained, content: JsonObject, stood: JsonObject): boolean {
  if (endedAt !== undefined) return false;
  const standing = changes.filter((change) => !isTable(change) && isStillOurs(stood, change));
  return (
    standing.length > 0 && standing.every(({ path, before }) => isSameValue(valueAt(content, path), before))
  );
}

/** An event of ours that is told late: what came before it was taken for what came after. */
function noteFoundAgain({ stored }: Beliefs, known: Contained, content: JsonObject, stood: JsonObject): void {
  const found = known.lost?.filter((change) => isStillOurs(content, change) && !isStillOurs(stood, change));
  if (!found || found.length === 0) return;
  const { endedAt: _, liftedBy: __, liftedFor: ___, lost, ...one } = known;
  const left = lost!.filter((change) => !found.includes(change));
  const again = { ...one, changes: [...one.changes, ...found], ...(left.length > 0 ? { lost: left } : {}) };
  stored.containments.set(again);
}

function noteReleased({ stored }: Beliefs, room: RoomId, key: ContainedKey, at: number): void {
  const one = stored.containments.get(room, key);
  if (!one || one.endedAt !== undefined) return;
  // A mute that was made meanwhile goes back to what stood there before both.
  for (const { path, before, ours } of one.changes) {
    const [table, name] = path;
    if (key !== "levels" || table !== "users" || name === undefined) continue;
    const mute = stored.mutes.inRoom(room).find(({ user }) => user === name);
    if (mute && mute.before === ours) stored.mutes.set({ ...mute, before: readLevel(before) });
  }
  // Another one may be on its way already.
  const { maybe: _, ...rest } = one;
  stored.containments.set({ ...rest, changes: [], ...(one.pending ? {} : { endedAt: at }) });
}

function noteDenied(
  { stored, changes }: Beliefs,
  { room, servers, stayMs, waves }: ActionOf<"deny-servers">,
  because: Contained["because"],
  at: number,
): void {
  const known = stored.containments.get(room, "acl");
  const standing = known && known.endedAt === undefined ? known : undefined;
  const denied = new Set([...(standing?.changes.flatMap(({ path }) => path[1] ?? []) ?? []), ...servers]);
  stored.containments.set({
    room,
    key: "acl",
    because: standing?.because ?? because,
    at: standing?.at ?? at,
    stayMs: Math.max(stayMs, standing?.stayMs ?? 0),
    changes: [...denied].map((server) => ({ path: ["deny", server], ours: true })),
    waves: [...new Set([...(standing?.waves ?? []), ...waves])],
    ...(known?.liftedFor ? { liftedFor: known.liftedFor } : {}),
    ...(standing?.lost ? { lost: standing.lost } : {}),
  });
  changes.cutOff(room);
}

function noteMode(
  { stored }: Beliefs,
  { room, mode, until }: ActionOf<"set-room-mode">,
  because: Contained["because"],
  at: number,
): void {
  const { word: _, ...item } = stored.roomModes.get(room) ?? { room };
  if (mode === "by-itself") return stored.roomModes.set(item);
  const end = until === undefined ? {} : { until };
  stored.roomModes.set({ ...item, word: { mode, at, because, ...end } });
}

/** Somebody else has written the event: what of it is no longer ours is theirs. */
export function noteChangedByOthers(
  { stored, rooms, self, changes }: Beliefs,
  { room, key, event, at }: { room: RoomId; key: ContainedKey; event: StateEvent; at: number },
): void {
  const one = stored.containments.get(room, key);
  if (!one || one.endedAt !== undefined || event.sender === self) return;
  const content = rooms.get(room)?.event(event.type)?.content ?? event.content;
  const left =
    key === "acl"
      ? deniedStill(content, one.changes)
      : one.changes.filter((change) => isStillOurs(content, change));
  if (left.length === one.changes.length) return;
  const lost = one.changes.filter((change) => !left.includes(change));
  const isLifted = hasEnded(one, content, left);
  const isNothingLeft = !left.some((change) => !isTable(change));
  stored.containments.set({
    ...one,
    changes: left,
    lost: [...(one.lost ?? []), ...lost],
    ...(isLifted
      ? {
          liftedBy: event.sender,
          liftedFor: [...new Set([...(one.liftedFor ?? []), ...one.waves])].slice(-10),
        }
      : {}),
    ...(isNothingLeft ? { endedAt: at } : {}),
  });
  if (isLifted) changes.lifted(room);
}

function deniedStill(content: JsonObject, changes: readonly PathChange[]): readonly PathChange[] {
  const denied = new Set(readServerAcl(content)?.deny);
  return changes.filter(({ path }) => denied.has(path[1]!));
}

/** Whether what keeps people from speaking or coming in is gone: those who were named beside it do not count. */
function hasEnded({ key, changes }: Contained, content: JsonObject, left: readonly PathChange[]): boolean {
  if (key !== "levels") return left.length === 0;
  const [voice] = changes.filter(({ path }) => path[0] === "events_default" || path[0] === "events");
  if (!voice || isTable(voice) || left.includes(voice)) return false;
  // Raised further by somebody: nobody speaks who could not before.
  return (readLevel(valueAt(content, voice.path)) ?? 0) < Number(voice.ours);
}
