/** What people say, what is redacted, and what servers send that is not what the specification says. */
import type { RoomEvent } from "../event.ts";
import { isNewMessage } from "../facts/kinds-of.ts";
import type { RoomId } from "../ids.ts";
import type { ObservationOf } from "../observation.ts";
import { isUnseen } from "../recent-speech.ts";
import { noteMessageActivity } from "./apply-activity.ts";
import type { Beliefs } from "./beliefs.ts";
import { placeOfState } from "./room-reads.ts";
import { deleteState, storeState } from "./rows.ts";
import { notePosts } from "./note-posts.ts";
import { noteRuleChanges } from "./rule-changes.ts";

export function applyMessage(beliefs: Beliefs, { room, event, at, late }: ObservationOf<"message">): void {
  if (event.sender === beliefs.self) return beliefs.ownEchoes.echoed(event.eventId);
  // Notices are said by programs.
  if (room === beliefs.settings.managementRoom && event.content["msgtype"] !== "m.notice")
    beliefs.stored.lastSpoke.spoke(event.sender, at);
  noteOpened(beliefs, event);
  if (!beliefs.isProtected(room)) return;
  beliefs.recentEvents.add(room, event, at);
  if (!isUnseen(event.type)) {
    beliefs.stored.arrivals.spoke(room, event.sender, { ...event, at, late });
    noteMessageActivity(beliefs, room, event, { at, late });
  }
  noteSpeech(beliefs, room, event, at);
  const said = { room, user: event.sender, event: event.eventId };
  beliefs.stored.spoken.heard(said, { isMessage: isNewMessage(event) });
  beliefs.stored.regulars.spoke(event.sender, at);
  notePosts(beliefs, room, event, at);
}

/** Of whoever may command, in every room: it costs nothing elsewhere. */
function noteOpened({ settings, members, stored }: Beliefs, { sender, eventId, sealed }: RoomEvent): void {
  if (!sealed || !("place" in sealed) || !settings.managementRoom) return;
  if (members.membershipOf(settings.managementRoom, sender) === "join")
    stored.openedWords.opened(sealed.place, eventId);
}

/** Counted when it came, by its author and its time; what it says is known from now on. */
export function applyOpened(beliefs: Beliefs, { room, event, at }: ObservationOf<"opened">): void {
  noteOpened(beliefs, event);
  if (!beliefs.isProtected(room) || event.sender === beliefs.self) return;
  noteSpeech(beliefs, room, event, at);
  notePosts(beliefs, room, event, at);
}

/** Kept for the protections to count; returns whether it was. Where no protection was ever set or written, nothing is counted. */
export function noteSpeech(beliefs: Beliefs, room: RoomId, event: RoomEvent, at: number): boolean {
  const isKept = beliefs.hasProtections && event.sender !== beliefs.self && beliefs.isProtected(room);
  if (isKept) beliefs.recentSpeech.heard(room, event, at);
  return isKept;
}

/** A redacted rule is a removed rule; any other state event that is redacted stays in force without its content. */
export function applyRedaction(beliefs: Beliefs, seen: ObservationOf<"redaction">): void {
  const { room, redacts } = seen;
  beliefs.stored.spoken.redacted(room, redacts);
  const list = beliefs.lists.get(room);
  const rule = list?.ruleOf(redacts);
  if (list && rule) {
    const change = list.redact(redacts, { event: seen.eventId, by: seen.sender });
    beliefs.reads.cameFor(room, placeOfState(rule.eventType, rule.stateKey));
    deleteState(beliefs, room, rule.eventType, rule.stateKey);
    if (change) noteRuleChanges(beliefs, [change]);
  }
  const shared = beliefs.rulesRoom(room)?.redact(redacts);
  if (shared) {
    beliefs.reads.cameFor(room, placeOfState(shared.type, shared.key));
    beliefs.changes.room(room);
  }
  const stripped = beliefs.rooms.get(room)?.strip(redacts);
  if (!stripped) return;
  storeState(beliefs, room, stripped);
  if (stripped.type === "m.room.server_acl") beliefs.changes.acl(room);
  if (stripped.type === "m.room.power_levels") beliefs.changes.room(room);
}

export function applyMalformed(beliefs: Beliefs, seen: ObservationOf<"malformed">): void {
  noteMalformed(beliefs, seen.room, seen.what, seen.at);
}

export function noteMalformed(beliefs: Beliefs, room: RoomId | undefined, what: string, at: number): void {
  const { malformed, limits } = beliefs;
  malformed.count++;
  malformed.examples.push({ room, what, at });
  if (malformed.examples.length > limits.malformedRemembered) malformed.examples.shift();
}
