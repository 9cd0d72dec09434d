/** A room that was read whole, and our own membership of rooms. */
import type { MemberEntry, StateEvent } from "../event.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { ObservationOf } from "../observation.ts";
import { isRuleType } from "../policy-rule.ts";
import { isKeptState } from "../room.ts";
import { sharedTypes } from "../rules-room.ts";
import { noteLostBan, setMember } from "./apply-member.ts";
import { believeShared, keepState } from "./apply-state.ts";
import type { Beliefs } from "./beliefs.ts";
import { forgetMembers, forgetRoom } from "./forget.ts";
import { noteName } from "./note-names.ts";
import { placeOfState } from "./room-reads.ts";
import { deleteState, storeMember, storeRoom, storeRuleEvent } from "./rows.ts";
import { noteRuleChanges } from "./rule-changes.ts";

export function applyReading(beliefs: Beliefs, { room }: ObservationOf<"reading">): void {
  beliefs.reads.begin(room);
}

/** What came through sync since the read began is newer than the read, and stays. */
export function applyRoomRead(beliefs: Beliefs, read: ObservationOf<"room-read">): void {
  const room = beliefs.room(read.room);
  const newer = beliefs.reads.end(read.room);
  if (read.state) {
    const state = read.state.filter((event) => !newer.has(placeOfState(event.type, event.stateKey)));
    for (const event of state) {
      if (event.sender === beliefs.self) beliefs.ownEchoes.echoed(event.eventId);
      if (isKeptState(event.type) && !isRuleType(event.type)) keepState(beliefs, read.room, event);
    }
    const events = state.filter((event) => isRuleType(event.type));
    reconcileRules(beliefs, read.room, { events, newer });
    reconcileShared(beliefs, read.room, { state, newer });
  }
  if (read.members) replaceMembers(beliefs, read.room, { entries: read.members, newer });
  room.trouble = undefined;
  storeRoom(beliefs, room);
  beliefs.changes.room(read.room);
}

export function applyOwnMembership(beliefs: Beliefs, seen: ObservationOf<"own-membership">): void {
  const { membership, by } = seen;
  // Strangers may invite us to any number of rooms: an invitation to a room that is no concern of ours is not kept.
  if (membership !== "join" && !beliefs.isWanted(seen.room)) return forgetRoom(beliefs, seen.room);
  const room = beliefs.room(seen.room);
  if (room.ownMembership === membership) return;
  room.ownMembership = membership;
  room.wasRemoved = (membership === "leave" || membership === "ban") && by !== undefined;
  room.trouble = room.wasRemoved ? removalOf(seen) : undefined;
  storeRoom(beliefs, room);
  beliefs.changes.room(seen.room);
  // The moderators stay known while we are out of the management room: they are still the ones to spare.
  if (membership !== "join" && seen.room !== beliefs.settings.managementRoom)
    forgetMembers(beliefs, seen.room);
}

function reconcileRules(
  beliefs: Beliefs,
  id: RoomId,
  { events, newer }: { events: readonly StateEvent[]; newer: ReadonlySet<string> },
): void {
  if (events.length === 0 && !beliefs.lists.has(id)) return;
  const list = beliefs.list(id);
  const { changes, gone } = list.reconcile(events, { newer, now: beliefs.time.dueBy });
  for (const event of events) storeRuleEvent(beliefs, list, event);
  for (const rule of gone) deleteState(beliefs, id, rule.eventType, rule.stateKey);
  noteRuleChanges(beliefs, changes);
}

/** Of a rules room that is followed. */
function reconcileShared(
  beliefs: Beliefs,
  id: RoomId,
  { state, newer }: { state: readonly StateEvent[]; newer: ReadonlySet<string> },
): void {
  const room = beliefs.rulesRoom(id);
  if (!room) return;
  const events = state.filter(({ type }) => sharedTypes.includes(type));
  room.keepOnly(events, newer);
  // By age, so that of too much the newest is left out.
  for (const event of events.toSorted((a, b) => a.sentAt - b.sentAt)) believeShared(beliefs, id, event);
  room.wasRead = true;
}

function replaceMembers(
  beliefs: Beliefs,
  id: RoomId,
  { entries, newer }: { entries: readonly MemberEntry[]; newer: ReadonlySet<string> },
): void {
  const { members, membersKnown } = beliefs;
  const present = new Set(entries.map((entry) => entry.user));
  for (const user of [...members.membersOf(id, ["join", "invite", "knock", "ban"])]) {
    if (present.has(user) || newer.has(user)) continue;
    noteLostBan(beliefs, id, { user, membership: "leave", sender: user }, { isReset: true });
    members.set(id, user, { membership: "leave", eventId: "", isOurs: false });
    storeMember(beliefs, id, user);
  }
  const since = membersKnown.has(id) ? beliefs.time.now : undefined;
  membersKnown.add(id);
  for (const entry of entries) {
    if (newer.has(entry.user)) continue;
    setMember(beliefs, id, entry, { since });
    noteName(beliefs, id, entry, { isNews: false });
  }
  // Until now we did not know whom to spare, so nobody could be judged.
  if (id === beliefs.settings.managementRoom) beliefs.changes.everything();
}

function removalOf(seen: { membership: string; by: UserId | undefined; reason: string | undefined }): string {
  const verb = seen.membership === "ban" ? "banned" : "removed";
  const because = seen.reason ? ` (${seen.reason.slice(0, 200)})` : "";
  return seen.by ? `we were ${verb} by ${seen.by}${because}` : "we are not in the room";
}
