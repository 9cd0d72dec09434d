/** Our own membership, from the parts of a sync that tell of invites, knocks and rooms that we left. */
import { asArray, asObject, asString } from "../../kit/json.ts";
import { parseUserId, type UserId } from "../../model/ids.ts";
import { decodeEvent } from "./decode-event.ts";

/** Characters of a reason that are kept. */
const maxReason = 500;

interface ByWhom {
  /** Undefined: by ourselves, or unknown. */
  readonly by: UserId | undefined;
  readonly reason: string | undefined;
}

/** From stripped state ("Stripped state"), which is unsigned: good enough to show who invites, and for nothing else. */
export function decodeInviter(strippedState: unknown, self: UserId): ByWhom {
  // Backwards: our own server puts the true invitation last, after what a remote server claims.
  for (const one of (asArray(strippedState) ?? []).toReversed()) {
    const event = asObject(one);
    if (event?.["type"] !== "m.room.member" || event["state_key"] !== self) continue;
    return { by: parseUserId(event["sender"]), reason: reasonIn(asObject(event["content"])?.["reason"]) };
  }
  return { by: undefined, reason: undefined };
}

/** How we left a room: by our newest member event in what the sync sent of it. */
export function decodeOwnLeave(
  rawEvents: readonly unknown[],
  self: UserId,
): ByWhom & { readonly membership: "leave" | "ban" } {
  for (const one of rawEvents.toReversed()) {
    const event = decodeEvent(one);
    if (typeof event === "string" || event.type !== "m.room.member" || event.stateKey !== self) continue;
    return {
      membership: event.content["membership"] === "ban" ? "ban" : "leave",
      by: event.sender === self ? undefined : event.sender,
      reason: reasonIn(event.content["reason"]),
    };
  }
  return { membership: "leave", by: undefined, reason: undefined };
}

function reasonIn(value: unknown): string | undefined {
  return asString(value)?.slice(0, maxReason);
}
