/** State of rooms: single state events, the answers of `/state` and `/members`. */
import { asArray, asObject, asString } from "../../kit/json.ts";
import {
  nameIn,
  type FoundBan,
  type MemberEntry,
  type Membership,
  type StateEvent,
} from "../../model/event.ts";
import { parseUserId, type RoomId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { decodeEvent, stateEventOf } from "./decode-event.ts";

export function decodeStateEvent(room: RoomId, raw: unknown): Seen {
  const event = decodeEvent(raw);
  if (typeof event === "string") return { kind: "malformed", room, what: event };
  if (event.stateKey === undefined)
    return { kind: "malformed", room, what: `state of type ${event.type.slice(0, 60)} without a state key` };
  return { kind: "state", room, event: stateEventOf(event, event.stateKey), fromTimeline: false };
}

/** An answer of `/state`. */
export function decodeState(
  room: RoomId,
  raw: unknown,
): { readonly events: readonly StateEvent[]; readonly malformed: readonly Seen[] } {
  const seen = (asArray(raw) ?? []).map((one) => decodeStateEvent(room, one));
  return {
    events: seen.flatMap((one) => (one.kind === "state" ? [one.event] : [])),
    malformed: seen.filter((one) => one.kind === "malformed"),
  };
}

/** An answer of `/members`. Malformed entries are left out. */
export function decodeMembers(raw: unknown): readonly MemberEntry[] {
  const entries: MemberEntry[] = [];
  for (const one of chunkOf(raw)) {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.stateKey === undefined) continue;
    const user = parseUserId(event.stateKey);
    const membership = membershipIn(event.content["membership"]);
    if (!user || !membership) continue;
    const entry = { user, membership, sender: event.sender, eventId: event.eventId };
    entries.push(membership === "join" ? { ...entry, ...nameIn(event.content) } : entry);
  }
  return entries;
}

/** The bans in an answer of `/members`; servers may ignore the filter and send other memberships, too. */
export function decodeBans(raw: unknown, maxReason: number): readonly FoundBan[] {
  return chunkOf(raw).flatMap((one) => {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.content["membership"] !== "ban") return [];
    const user = parseUserId(event.stateKey);
    const reason = (asString(event.content["reason"]) ?? "").slice(0, maxReason).toWellFormed();
    return user ? [{ user, by: event.sender, reason }] : [];
  });
}

function chunkOf(raw: unknown): readonly unknown[] {
  return asArray(asObject(raw)?.["chunk"]) ?? [];
}

function membershipIn(value: unknown): Membership | undefined {
  return value === "join" || value === "invite" || value === "knock" || value === "ban" || value === "leave"
    ? value
    : undefined;
}
