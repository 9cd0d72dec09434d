/** What detectors are asked about, in the order in which it came. */
import { asString } from "../../kit/json.ts";
import type { Membership } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Observation, ObservationOf } from "../../model/observation.ts";
import { RecentSpeech, utterancesKept } from "../../model/recent-speech.ts";
import type { EventSighting, Sighting } from "../../model/signals/sighting.ts";
import type { WorldView } from "../../model/world/view.ts";

/** What the author of each membership event was in the room before it. */
type MembershipsBefore = ReadonlyMap<EventId, Membership>;

/** The observation itself, and as which kind of sighting. */
type Sighted = Pick<EventSighting, "kind" | "room" | "event" | "at" | "late">;

/** Observations that came together and are believed by now. */
export interface SeenBatch {
  readonly seen: readonly Observation[];
  readonly changes: { readonly membershipsBefore: MembershipsBefore };
}

/** What others did in protected rooms; for a tick of the clock, each protected room. */
export function* sightingsIn({ seen, changes }: SeenBatch, world: WorldView): Iterable<Sighting> {
  const memberships = changes.membershipsBefore;
  const talkative = talkativeIn(seen, memberships);
  // The world holds only the end of what they sent: their events are counted anew, one by one.
  const countedAnew = talkative.size > 0 ? new RecentSpeech({ people: talkative.size }) : undefined;
  for (const one of seen) {
    if (one.kind === "tick") {
      for (const room of world.protectedIds()) yield { kind: "tick", room, at: one.at, world };
      continue;
    }
    const sighted = sightedIn(one, memberships);
    if (!sighted || sighted.event.sender === world.self || !world.isProtected(sighted.room)) continue;
    const { room, event, at } = sighted;
    const anew = talkative.has(`${room} ${event.sender}`) ? countedAnew : undefined;
    anew?.heard(room, event, at);
    yield { ...sighted, user: event.sender, world, speech: anew ?? world.recentSpeech };
  }
}

/** The room and the person, of those who sent more in this batch than is kept of one person. */
function talkativeIn(seen: readonly Observation[], memberships: MembershipsBefore): ReadonlySet<string> {
  if (seen.length <= utterancesKept) return new Set();
  const counts = new Map<string, number>();
  for (const one of seen) {
    const sighted = sightedIn(one, memberships);
    if (!sighted) continue;
    const key = `${sighted.room} ${sighted.event.sender}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count > utterancesKept ? key : [])));
}

/** Undefined for what no detector is asked about. */
function sightedIn(seen: Observation, before: MembershipsBefore): Sighted | undefined {
  if (seen.kind === "message") {
    const { room, event, at, late } = seen;
    return { kind: "message", room, event, at, late };
  }
  return seen.kind === "state" ? sightedMembership(seen, before) : undefined;
}

/** A person's own joins, leaves and new profiles count like messages, as they can flood a room as well. What others do to the person (invites, kicks) is left out. */
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
