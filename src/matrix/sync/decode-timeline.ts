/**
 * Events of timelines: from `/sync`, from `/messages`, and single ones that are looked up. Every event that may be
 * encrypted passes through here, opened before by whoever read it (`matrix/crypto/encryption.ts`), and its content is read
 * nowhere else. State and members (`decode-state.ts`) are never encrypted.
 */
import { asArray, asObject } from "../../kit/json.ts";
import type { RoomEvent, Sealed } from "../../model/event.ts";
import { parseEventId, type RoomId, type UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { decodeEvent, roomEventOf, stateEventOf, type DecodedEvent } from "./decode-event.ts";

/**
 * `late`: from a gap, thus history. State from a gap is left out: the room's state is read as it is now. `sealed`: how it
 * came to be read; `raw` has what was inside.
 */
export function decodeTimelineEvent(
  room: RoomId,
  raw: unknown,
  { late, sealed }: { late: boolean; sealed?: Sealed | undefined },
): Seen | undefined {
  const event = decodeEvent(raw);
  if (typeof event === "string") return { kind: "malformed", room, what: event };
  if (event.stateKey !== undefined) return late ? undefined : stateSeen(room, event, event.stateKey);
  if (event.type === "m.room.redaction") return redactionSeen(room, event, late);
  const message = sealed ? { ...roomEventOf(event), sealed } : roomEventOf(event);
  return { kind: "message", room, event: message, late };
}

function stateSeen(room: RoomId, event: DecodedEvent, stateKey: string): Seen {
  const isFirst = !event.hasPrevious;
  return { kind: "state", room, event: stateEventOf(event, stateKey), fromTimeline: true, isFirst };
}

/**
 * Room version 11 moved the target into the content, and servers give both. The field of the event counts first: in older
 * rooms the content is the sender's to invent.
 */
function redactionSeen(room: RoomId, event: DecodedEvent, late: boolean): Seen {
  const redacts = parseEventId(event.redacts) ?? parseEventId(event.content["redacts"]);
  if (!redacts) return { kind: "malformed", room, what: "a redaction without a valid target" };
  const { sender, eventId, content, sentAt } = event;
  return { kind: "redaction", room, sender, redacts, eventId, content, sentAt, late };
}

/** A message or state event that was asked for by its id; undefined for anything else. */
export function decodeSingleEvent(room: RoomId, raw: unknown, sealed?: Sealed): RoomEvent | undefined {
  const seen = decodeTimelineEvent(room, raw, { late: false, sealed });
  return seen?.kind === "message" || seen?.kind === "state" ? seen.event : undefined;
}

/** The latest edit that the homeserver tells with an event ("Event replacements"). */
export function editOf(raw: unknown): unknown {
  return asObject(asObject(asObject(raw)?.["unsigned"])?.["m.relations"])?.["m.replace"];
}

/** An event as it was read, and how it was encrypted. */
interface Raw {
  readonly raw: unknown;
  readonly sealed?: Sealed;
}

/** As `decodeSingleEvent`, with the content of its sender's latest edit, and how that came to be read. */
export function decodeEditedEvent(
  room: RoomId,
  { event: original, edit }: { readonly event: Raw; readonly edit: Raw | undefined },
): RoomEvent | undefined {
  const event = decodeSingleEvent(room, original.raw, original.sealed);
  if (!event) return undefined;
  const newest = edit && decodeSingleEvent(room, edit.raw, edit.sealed);
  if (newest?.sender !== event.sender) return event;
  const { sealed: _ofTheOriginal, ...rest } = event;
  const { content, sealed } = newest;
  return sealed ? { ...rest, content, sealed } : { ...rest, content };
}

/**
 * What of a page of `/messages` the person wrote and may be redacted: the server's filter is not trusted. Encrypted events
 * count as they are.
 */
export function decodeRedactable(page: unknown, user: UserId, since = 0): readonly RoomEvent[] {
  return (asArray(page) ?? []).flatMap((raw) => {
    const event = decodeEvent(raw);
    if (typeof event === "string" || event.sender !== user || !isRedactable(event)) return [];
    if (event.sentAt < since) return [];
    return isRedacted(raw) ? [] : [roomEventOf(event)];
  });
}

/**
 * Hidden by a ban (MSC4293) does not count as redacted: servers and clients that do not know that field still show the
 * event.
 */
function isRedacted(raw: unknown): boolean {
  const because = asObject(asObject(asObject(raw)?.["unsigned"])?.["redacted_because"]);
  return because !== undefined && because["type"] !== "m.room.member";
}

/** Messages of every kind, and joins (for the display name); never other state, which the room may depend on. */
function isRedactable(event: DecodedEvent): boolean {
  if (event.stateKey !== undefined)
    return event.type === "m.room.member" && event.content["membership"] === "join";
  return event.type !== "m.room.redaction";
}
