/** State events: room names, power levels, server ACLs, tombstones, spaces, rules. Member events are handed on. */
import { minuteMs } from "../../kit/duration.ts";
import { asString } from "../../kit/json.ts";
import type { StateEvent } from "../event.ts";
import type { RoomId } from "../ids.ts";
import type { ObservationOf } from "../observation.ts";
import type { ContainedKey } from "../path-changes.ts";
import { isRuleType } from "../policy-rule.ts";
import { differencesIn } from "../power-levels.ts";
import { isKeptState, type Room } from "../room.ts";
import { sharedTypes } from "../rules-room.ts";
import { entriesByHand, readServerAcl } from "../server-acl.ts";
import { noteChangedByOthers, noteWritten } from "./apply-containment.ts";
import { applyMember, type HowSeen } from "./apply-member.ts";
import { noteSpeech } from "./apply-message.ts";
import type { Beliefs } from "./beliefs.ts";
import { noteNamesOfStaff } from "./note-names.ts";
import { noteStaffAct } from "./note-staff-acts.ts";
import { placeOfState } from "./room-reads.ts";
import { storeRoom, storeRuleEvent, storeState } from "./rows.ts";
import { noteRuleChanges } from "./rule-changes.ts";

/** Servers' clocks may be so far apart: an event that is older by less may yet be the newer one. */
const clocksDifferMs = 10 * minuteMs;

export function applyState(beliefs: Beliefs, seen: ObservationOf<"state">): void {
  believeState(beliefs, seen.room, seen.event, seen);
}

export function believeState(beliefs: Beliefs, room: RoomId, event: StateEvent, how: HowSeen): void {
  if (event.sender === beliefs.self) beliefs.ownEchoes.echoed(event.eventId);
  if (how.fromTimeline || how.isOwnWrite) noteStaffAct(beliefs, room, event, how.at);
  if (event.type === "m.room.member") {
    // Joins, leaves and changes of a name count as speech: they can flood a room, too.
    if (how.fromTimeline && event.sender === event.stateKey && noteSpeech(beliefs, room, event, how.at))
      beliefs.changes.membershipBefore(event.eventId, beliefs.members.membershipOf(room, event.sender));
    beliefs.reads.cameFor(room, event.stateKey);
    return applyMember(beliefs, room, event, how);
  }
  if (event.type === "m.room.power_levels" && event.stateKey === "" && !how.isOwnWrite) {
    if (how.fromTimeline) noteLostLevels(beliefs, room, event);
    if (beliefs.ownEchoes.areOlderLevels(room, event.eventId, beliefs.time.now)) return;
  }
  beliefs.reads.cameFor(room, placeOfState(event.type, event.stateKey));
  if (isRuleType(event.type)) return believeRule(beliefs, room, event);
  if (sharedTypes.includes(event.type)) return believeShared(beliefs, room, event);
  if (isKeptState(event.type))
    keepState(beliefs, room, event, { isNews: how.fromTimeline || how.isOwnWrite });
}

/**
 * Keeps a state event that is no rule and no membership, and notes for judging what it changes. `isNews`: it came as a live
 * change or is ours; otherwise it is the state as a read or the end of a sync tells it.
 */
export function keepState(
  beliefs: Beliefs,
  id: RoomId,
  event: StateEvent,
  { isNews = false }: { readonly isNews?: boolean | undefined } = {},
): void {
  const { changes, settings, ownEchoes } = beliefs;
  const room = beliefs.room(id);
  const before = room.event(event.type, event.stateKey);
  if (!room.keep(event)) return;
  storeState(beliefs, id, event);
  noteContained(beliefs, room, { event, before, isNews });
  switch (event.type) {
    case "m.room.server_acl":
      return noteAcl(beliefs, room, { event, before });
    case "m.room.power_levels":
      changes.room(id);
      if (beliefs.isProtected(id)) noteNamesOfStaff(beliefs, id);
      // What a state reset took is put back (a read that is older than our newest write is none). It is no change of a person's, so mutes stay what they are.
      if (!isNews && before && isReset(room, event, before) && !ownEchoes.awaitedLevels(id))
        return changes.resetLevels(id, before);
      // Our own levels change mutes by their outcomes alone.
      if (event.sender !== beliefs.self) forgetMutesChanged(beliefs, room);
      return;
    case "m.room.create":
    case "m.room.tombstone":
      return changes.room(id);
    case "m.space.child":
      if (settings.spaces.has(id)) changes.room(id);
      return;
    case "org.matrix.mjolnir.shortcode":
      beliefs.list(id).shortcode = shortcodeOf(event);
  }
}

const containedTypes: ReadonlyMap<string, ContainedKey> = new Map([
  ["m.room.power_levels", "levels"],
  ["m.room.join_rules", "join-rule"],
  ["m.room.server_acl", "acl"],
]);

/** What contains the room may have been changed by somebody; what a state reset took is nobody's doing. */
function noteContained(
  beliefs: Beliefs,
  room: Room,
  {
    event,
    before,
    isNews,
  }: { event: StateEvent; before: StateEvent | undefined; isNews: boolean | undefined },
): void {
  const key = containedTypes.get(event.type);
  if (!key) return;
  if (!isNews && before && isReset(room, event, before)) return;
  if (event.sender === beliefs.self) noteWritten(beliefs, { room: room.id, key, event, before });
  else noteChangedByOthers(beliefs, { room: room.id, key, event, at: beliefs.time.now });
}

/** The short name of a list, as its room says it: hostile text, so it is cut. */
export function shortcodeOf(event: StateEvent): string | undefined {
  return asString(event.content["shortcode"])?.slice(0, 50);
}

function believeRule(beliefs: Beliefs, room: RoomId, event: StateEvent): void {
  const list = beliefs.list(room);
  const change = list.apply(event, beliefs.time.dueBy);
  storeRuleEvent(beliefs, list, event);
  if (change) noteRuleChanges(beliefs, [change]);
}

/** Of a rules room that is followed. Not stored: it is read again at a start. */
export function believeShared(beliefs: Beliefs, id: RoomId, event: StateEvent): void {
  const room = beliefs.rulesRoom(id);
  const before = room?.revision;
  room?.apply(event);
  if (room?.revision !== before) beliefs.changes.room(id);
}

function noteAcl(
  beliefs: Beliefs,
  room: Room,
  { event, before }: { event: StateEvent; before: StateEvent | undefined },
): void {
  const isOurs = event.sender === beliefs.self;
  if (before?.sender === beliefs.self && !isOurs) beliefs.changes.overwritten(room.id, event.sender);
  room.aclByHand = entriesByHand(readServerAcl(event.content), {
    before: readServerAcl(before?.content),
    beforeByHand: room.aclByHand,
    isOurs,
  });
  storeRoom(beliefs, room);
  beliefs.changes.acl(room.id);
}

/**
 * Power levels are one event, written whole: of two changes in the same moment the later takes back the earlier. Our
 * change is one entry more than the levels that we knew; any other difference is what somebody else changed, and is lost.
 */
function noteLostLevels(beliefs: Beliefs, room: RoomId, event: StateEvent): void {
  const { changes, self } = beliefs;
  const known = beliefs.rooms.get(room)?.event("m.room.power_levels");
  const awaited = beliefs.ownEchoes.awaitedLevels(room);
  if (!known) return;
  const differences = differencesIn(known.content, event.content);
  const isOurs = event.sender === self;
  // The echo of levels that we believe since our outcome, put together from what we knew. The echo has what was written.
  if (known.eventId === event.eventId) {
    const by = awaited?.event === event.eventId ? awaited.after : undefined;
    if (by && by !== self && differences > 0) changes.lostLevels(room, by);
  } else if (isOurs ? known.sender !== self : awaited?.event === known.eventId) {
    if (differences > 1) changes.lostLevels(room, isOurs ? known.sender : event.sender);
  }
}

/** Levels that were in force before, or that are far older than those before them, came back by nobody's doing. */
function isReset(room: Room, now: StateEvent, before: StateEvent): boolean {
  return room.hadLevels(now.eventId) || now.sentAt < before.sentAt - clocksDifferMs;
}

/** Somebody gave a muted person another level: the level before the mute is no longer the one to go back to. */
function forgetMutesChanged({ stored }: Beliefs, room: Room): void {
  for (const { user, level } of stored.mutes.inRoom(room.id))
    if (room.power.entryOf(user) !== level) stored.mutes.delete(room.id, user);
}
