/**
 * One event as a server sent it, checked and typed, or the sentence that says what is wrong with it. Nothing throws:
 * everything that comes from a room is hostile. What an event means is for the other `decode-` files.
 */
import { asNumber, asObject, asString, isObject, shallow, type JsonObject } from "../../kit/json.ts";
import type { RoomEvent, StateEvent } from "../../model/event.ts";
import { isKeptState } from "../../model/room.ts";
import { parseEventId, parseUserId, type EventId, type UserId } from "../../model/ids.ts";

/** Bytes that the specification allows for types and state keys ("Size limits"). */
const maxKeyLength = 255;

/** Levels of content that are kept. Nothing that Tyr reads is nested half as deep, and deep nesting overflows stacks. */
const deepest = 20;

export interface DecodedEvent {
  readonly type: string;
  /** Undefined: no state event. */
  readonly stateKey: string | undefined;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
  /** By the sender's clock; 0 where it is missing. */
  readonly sentAt: number;
  /** The target of a redaction, unchecked, in room versions before 11. */
  readonly redacts: unknown;
  /** The state event replaced another one with the same key. */
  readonly hasPrevious: boolean;
  /** Of a membership: the display name in the event that it replaced. */
  readonly nameBefore?: string;
  /** Of state that is not kept: the content that it replaced. */
  readonly contentBefore?: JsonObject;
}

export function decodeEvent(raw: unknown): DecodedEvent | string {
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
    // Of memberships single fields are read and none is kept, and there may be a million of them.
    content: type === "m.room.member" ? content : shallow(content, deepest),
    stateKey,
    sentAt: asNumber(raw["origin_server_ts"]) ?? 0,
    redacts: raw["redacts"],
    hasPrevious: hasPrevious(raw["unsigned"]),
    ...nameBefore(type, raw["unsigned"]),
    ...(stateKey === undefined ? {} : contentBefore(type, raw["unsigned"])),
  };
}

/** Servers give one of the two fields or both. */
function hasPrevious(unsigned: unknown): boolean {
  return isObject(unsigned) && ("prev_content" in unsigned || "replaces_state" in unsigned);
}

/** Display names longer than this are left out: nobody types them. */
const longestName = 100;

function nameBefore(type: string, unsigned: unknown): { readonly nameBefore?: string } {
  if (type !== "m.room.member" || !isObject(unsigned)) return {};
  const name = asString(asObject(unsigned["prev_content"])?.["displayname"]);
  return name === undefined || name.length > longestName ? {} : { nameBefore: name };
}

/** Larger ones are left out: a vandal's picture in a widget is put back by hand. */
const longestBefore = 16_000;

/** Of state that is kept, what stood there is known already. */
function contentBefore(type: string, unsigned: unknown): { readonly contentBefore?: JsonObject } {
  if (type === "m.room.member" || isKeptState(type) || !isObject(unsigned)) return {};
  // It tells of none: there was none.
  if (!hasPrevious(unsigned)) return { contentBefore: {} };
  const before = asObject(unsigned["prev_content"]);
  if (!before) return {};
  const kept = shallow(before, deepest);
  return JSON.stringify(kept).length > longestBefore ? {} : { contentBefore: kept };
}

export function stateEventOf(event: DecodedEvent, stateKey: string): StateEvent {
  const { type, sender, eventId, content, sentAt, nameBefore: name, contentBefore: before } = event;
  const common = {
    ...{ type, stateKey, sender, eventId, content, sentAt },
    ...(before === undefined ? {} : { contentBefore: before }),
  };
  return name === undefined ? common : { ...common, nameBefore: name };
}

export function roomEventOf(event: DecodedEvent): RoomEvent {
  const { type, sender, eventId, content, sentAt } = event;
  return { type, sender, eventId, content, sentAt };
}
