/** What detectors are asked about, in the order in which it came. */
import { asString } from "../../kit/json.ts";
import type { Membership } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Observation, ObservationOf } from "../../model/observation.ts";
import { RecentSpeech, utterancesKept } from "../../model/recent-speech.ts";
import { isSpeech, type EventSighting, type Sighting } from "../../model/signals/sighting.ts";
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
    if (one.kind === "report") yield* reported(one, world);
    const seenAs = sightedIn(one, memberships);
    if (!seenAs || seenAs.event.sender === world.self) continue;
    const { room, event, at } = seenAs;
    const sighted = world.isProtected(room) ? seenAs : actElsewhere(seenAs, world);
    if (!sighted) continue;
    // What the timeline tells of a room that we have just joined happened before.
    if (!isSpeech(sighted.kind) && world.isProtected(room) && !world.membersKnown.has(room)) continue;
    const anew = talkative.has(`${room} ${event.sender}`) ? countedAnew : undefined;
    if (isSpeech(sighted.kind)) anew?.heard(room, event, at);
    yield { ...sighted, user: event.sender, world, speech: anew ?? world.recentSpeech };
  }
}

/** All that is reported of the person, as what they are reported by adds up. */
function* reported({ report, at }: ObservationOf<"report">, world: WorldView): Iterable<Sighting> {
  const one = report && world.stored.cases.ofReport(report.id);
  for (const { room, event: eventId } of one?.isOver ? [] : (one?.events ?? [])) {
    if (!world.isProtected(room) || !world.membersKnown.has(room)) continue;
    const { user } = one!;
    const event = { type: "", sender: user, eventId, content: {}, sentAt: at };
    yield { kind: "report", room, user, event, at, late: false, world, speech: world.recentSpeech };
  }
}

/** In lists and in the management room only what people with power do with it is looked at. */
function actElsewhere(sighted: Sighted, world: WorldView): Sighted | undefined {
  const { event } = sighted;
  return world.stored.staffActs.get(event.sender, event.eventId) ? { ...sighted, kind: "act" } : undefined;
}

/** The room and the person, of those who sent more in this batch than is kept of one person. */
function talkativeIn(seen: readonly Observation[], memberships: MembershipsBefore): ReadonlySet<string> {
  if (seen.length <= utterancesKept) return new Set();
  const counts = new Map<string, number>();
  for (const one of seen) {
    const sighted = sightedIn(one, memberships);
    if (!sighted || !isSpeech(sighted.kind)) continue;
    const key = `${sighted.room} ${sighted.event.sender}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count > utterancesKept ? key : [])));
}

/** Undefined for what no detector is asked about. */
function sightedIn(seen: Observation, before: MembershipsBefore): Sighted | undefined {
  switch (seen.kind) {
    case "message": {
      const { room, event, at, late } = seen;
      return { kind: "message", room, event, at, late };
    }
    case "redaction":
      return sightedRedaction(seen);
    case "state": {
      const { room, event, at } = seen;
      const kind = stateKind(seen, before);
      return kind && { kind, room, event, at, late: false };
    }
    default:
      return undefined;
  }
}

function sightedRedaction(seen: ObservationOf<"redaction">): Sighted {
  const { room, sender, eventId, content, sentAt, at, late } = seen;
  const event = { type: "m.room.redaction", sender, eventId, content, sentAt };
  return { kind: "redaction", room, event, at, late };
}

/** Only what happens now: what a room is read to be, or is after a gap, nobody did just now. */
function stateKind(
  { event, fromTimeline }: ObservationOf<"state">,
  before: MembershipsBefore,
): Sighted["kind"] | undefined {
  if (!fromTimeline) return undefined;
  if (event.type !== "m.room.member") return "state";
  const membership = asString(event.content["membership"]);
  if (event.sender === event.stateKey) return membershipKind(membership, before.get(event.eventId));
  return membership === "invite" ? "invite" : "act";
}

/** A person's own joins, leaves and new profiles count like messages, as they can flood a room as well. Undefined for what nobody can do to themselves. */
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
