/** Which observations detectors are asked about, and as what. */
import { asString } from "../../kit/json.ts";
import type { Membership } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Observation, ObservationOf } from "../../model/observation.ts";
import type { EventSighting } from "../../model/signals/sighting.ts";

/** What the author of each membership event was in the room before it. */
export type MembershipsBefore = ReadonlyMap<EventId, Membership>;

/** The observation itself, and as which kind of sighting. */
export type Sighted = Pick<EventSighting, "kind" | "room" | "event" | "at" | "late">;

/** Undefined for what no detector is asked about. */
export function sightedIn(seen: Observation, before: MembershipsBefore): Sighted | undefined {
  if (seen.kind === "message") {
    const { room, event, at, late } = seen;
    return { kind: "message", room, event, at, late };
  }
  return seen.kind === "state" ? sightedMembership(seen, before) : undefined;
}

/** People who come and go, or take a new name every second, are as loud as with messages. What others do to them is not theirs. */
function sightedMembership(
  { room, event, at, fromTimeline }: ObservationOf<"state">,
  before: MembershipsBefore,
): Sighted | undefined {
  if (!fromTimeline || event.type !== "m.room.member" || event.sender !== event.stateKey) return undefined;
  const kind = membershipKind(asString(event.content["membership"]), before.get(event.eventId));
  return kind && { kind, room, event, at, late: false };
}

/** Undefined for what nobody can do to themselves. */
function membershipKind(
  now: string | undefined,
  before: Membership | undefined,
): Sighted["kind"] | undefined {
  switch (now) {
    case "join":
      return before === "join" ? "profile" : "join";
    case "leave":
      return "leave";
    case "knock":
      return "knock";
    default:
      return undefined;
  }
}
