/** From whatever a server sent to our vocabulary. Nothing here throws: what is odd becomes `malformed`. */
import { asArray, asNumber, asObject, asString, isObject, shallow, type JsonObject } from "../../kit/json.ts";
import {
  parseEventId,
  parseRoomId,
  parseUserId,
  type EventId,
  type RoomId,
  type UserId,
} from "../../model/ids.ts";
import type { FoundBan, MemberEntry, Membership, RoomEvent, StateEvent } from "../../model/event.ts";
import type { Seen } from "../../model/observation.ts";

/** The specification's limit for types and state keys, in bytes; what is longer comes from no honest server. */
const maxKeyLength = 255;

/** No event that means anything to us is nested half as deep. */
const deepest = 20;

interface Decoded {
  readonly type: string;
  readonly stateKey: string | undefined;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
  readonly sentAt: number;
  readonly redacts: unknown;
  /** Another event stood under its key before. */
  readonly hasPrevious: boolean;
}

/** An event with the fields every event must have, or the sentence that says what is wrong with it. */
function decodeEvent(raw: unknown): Decoded | string {
  if (!isObject(raw)) return "an event that is no object";
  const type = asString(raw["type"]);
  if (type === undefined || type.length > maxKeyLength) return "an event without a type";
  const sender = parseUserId(raw["sender"]);
  if (!sender) return `an event of type ${type.slice(0, 60)} without a valid sender`;
  const eventId = parseEventId(raw["event_id"]);
  if (!eventId) return `an event of type ${type.slice(0, 60)} without a valid event id`;
  const content = asObject(raw["content"]);
  if (!content) return `an event of type ${type.slice(0, 60)} whose content is no object`;
  const stateKey = asString(raw["state_key"]);
  if (stateKey !== undefined && stateKey.length > maxKeyLength)
    return `an event of type ${type.slice(0, 60)} whose state key is too long`;
  return {
    type,
    sender,
    eventId,
    // Of a membership only a word is read and nothing is kept, and there may be a million of them.
    content: type === "m.room.member" ? content : shallow(content, deepest),
    stateKey,
    sentAt: asNumber(raw["origin_server_ts"]) ?? 0,
    redacts: raw["redacts"],
    hasPrevious: hasPrevious(raw["unsigned"]),
  };
}

/** One event of a timeline. `late`: from a gap, so it is history. */
export function decodeTimelineEvent(
  room: RoomId,
  raw: unknown,
  { late }: { late: boolean },
): Seen | undefined {
  const event = decodeEvent(raw);
  if (typeof event === "string") return { kind: "malformed", room, what: event };
  if (event.stateKey !== undefined)
    return late
      ? undefined
      : {
          kind: "state",
          room,
          event: stateOf(event, event.stateKey),
          fromTimeline: true,
          isFirst: !event.hasPrevious,
        };
  if (event.type === "m.room.redaction") {
    // Room version 11 moved the target into the content, and servers give both. Before it, content is not to be trusted.
    const redacts = parseEventId(event.redacts) ?? parseEventId(event.content["redacts"]);
    if (!redacts) return { kind: "malformed", room, what: "a redaction without a valid target" };
    return { kind: "redaction", room, sender: event.sender, redacts, eventId: event.eventId };
  }
  return { kind: "message", room, event: messageOf(event), late };
}

export function decodeStateEvent(room: RoomId, raw: unknown): Seen {
  const event = decodeEvent(raw);
  if (typeof event === "string") return { kind: "malformed", room, what: event };
  if (event.stateKey === undefined)
    return { kind: "malformed", room, what: `state of type ${event.type.slice(0, 60)} without a state key` };
  return { kind: "state", room, event: stateOf(event, event.stateKey), fromTimeline: false };
}

/** The state events among the answer of `/state`; odd ones are told apart. */
export function decodeState(
  room: RoomId,
  raw: unknown,
): { events: readonly StateEvent[]; malformed: readonly Seen[] } {
  const seen = (asArray(raw) ?? []).map((one) => decodeStateEvent(room, one));
  return {
    events: seen.flatMap((one) => (one.kind === "state" ? [one.event] : [])),
    malformed: seen.filter((one) => one.kind === "malformed"),
  };
}

/** The answer of `/members`. */
export function decodeMembers(raw: unknown): readonly MemberEntry[] {
  const entries: MemberEntry[] = [];
  for (const one of asArray(asObject(raw)?.["chunk"]) ?? []) {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.stateKey === undefined) continue;
    const user = parseUserId(event.stateKey);
    const membership = readMembership(event.content["membership"]);
    if (user && membership) entries.push({ user, membership, sender: event.sender, eventId: event.eventId });
  }
  return entries;
}

/** The bans among the answer of `/members`, whatever was asked for. */
export function decodeBans(raw: unknown, maxReason: number): readonly FoundBan[] {
  return (asArray(asObject(raw)?.["chunk"]) ?? []).flatMap((one) => {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.content["membership"] !== "ban") return [];
    const user = parseUserId(event.stateKey);
    const reason = (asString(event.content["reason"]) ?? "").slice(0, maxReason).toWellFormed();
    return user ? [{ user, by: event.sender, reason }] : [];
  });
}

/** Stripped state of an invite or knock: unsigned, so good for display and for who invited, and for nothing else. */
export function decodeInviter(
  raw: unknown,
  self: UserId,
): { by: UserId | undefined; reason: string | undefined } {
  // Backwards: our own server puts the true invitation last, after what a remote server claims.
  for (const one of (asArray(raw) ?? []).toReversed()) {
    const event = asObject(one);
    if (event?.["type"] !== "m.room.member" || event["state_key"] !== self) continue;
    return {
      by: parseUserId(event["sender"]),
      reason: asString(asObject(event["content"])?.["reason"])?.slice(0, 500),
    };
  }
  return { by: undefined, reason: undefined };
}

/** How we left a room, from the member event in the part of the sync that tells it. */
export function decodeOwnLeave(
  rawEvents: readonly unknown[],
  self: UserId,
): { membership: "leave" | "ban"; by: UserId | undefined; reason: string | undefined } {
  for (const one of rawEvents.toReversed()) {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.type !== "m.room.member" || event.stateKey !== self) continue;
    const membership = event.content["membership"] === "ban" ? "ban" : "leave";
    return {
      membership,
      by: event.sender === self ? undefined : event.sender,
      reason: asString(event.content["reason"])?.slice(0, 500),
    };
  }
  return { membership: "leave", by: undefined, reason: undefined };
}

/** What of a page of `/messages` the person wrote and may be redacted: the server's filter is not trusted. */
export function decodeRedactable(raw: unknown, user: UserId): readonly EventId[] {
  return (asArray(raw) ?? []).flatMap((one) => {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.sender !== user || !isRedactable(event)) return [];
    return isRedacted(one) ? [] : [event.eventId];
  });
}

/** Hidden by a ban (MSC4293) is not redacted: servers and clients that do not know that field still show the event. */
function isRedacted(raw: unknown): boolean {
  const because = asObject(asObject(asObject(raw)?.["unsigned"])?.["redacted_because"]);
  return because !== undefined && because["type"] !== "m.room.member";
}

/** Messages of every kind, and one's own membership (for the display name); never state that the room stands on. */
function isRedactable(event: Decoded): boolean {
  if (event.stateKey !== undefined)
    return event.type === "m.room.member" && event.content["membership"] === "join";
  return event.type !== "m.room.redaction";
}

function hasPrevious(unsigned: unknown): boolean {
  return isObject(unsigned) && ("prev_content" in unsigned || "replaces_state" in unsigned);
}

export function roomsIn(section: unknown): readonly (readonly [RoomId, JsonObject])[] {
  return Object.entries(asObject(section) ?? {}).flatMap(([id, value]) => {
    const room = parseRoomId(id);
    return room && isObject(value) ? [[room, value] as const] : [];
  });
}

function readMembership(value: unknown): Membership | undefined {
  return value === "join" || value === "invite" || value === "knock" || value === "ban" || value === "leave"
    ? value
    : undefined;
}

function stateOf(event: Decoded, stateKey: string): StateEvent {
  const { type, sender, eventId, content, sentAt } = event;
  return { type, stateKey, sender, eventId, content, sentAt };
}

function messageOf(event: Decoded): RoomEvent {
  const { type, sender, eventId, content, sentAt } = event;
  return { type, sender, eventId, content, sentAt };
}
