/** What tells of harm besides the accounts themselves: what moderators, lists and rules did to them. */
import { asString } from "../kit/json.ts";
import type { Decision } from "../model/decision.ts";
import { parseUserId, type RoomId, type UserId } from "../model/ids.ts";
import type { Observation } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";

export interface Evidence {
  readonly user: UserId;
  readonly is: "removed" | "listed" | "found";
}

export function* evidenceIn(seen: readonly Observation[], world: WorldView): Iterable<Evidence> {
  for (const one of seen) {
    const found =
      one.kind === "state" ? byHand(one, world) : one.kind === "outcome" ? byUs(one, world) : undefined;
    if (found) yield found;
  }
}

/** Somebody put them out of a room by their own client. */
function byHand(
  { room, event, fromTimeline, at }: Extract<Observation, { kind: "state" }>,
  world: WorldView,
): Evidence | undefined {
  if (event.type !== "m.room.member" || !fromTimeline || event.sender === world.self) return undefined;
  const membership = asString(event.content["membership"]);
  const user = parseUserId(event.stateKey);
  if (!user || event.sender === user || !world.isProtected(room)) return undefined;
  const isRemoved = membership === "ban" || (membership === "leave" && wasRemoved(user, { room, at }, world));
  return isRemoved ? { user, is: "removed" } : undefined;
}

/** Out of the room, where they were: not by the end of a ban, a knock or an invitation. */
function wasRemoved(
  user: UserId,
  { room, at }: { readonly room: RoomId; readonly at: number },
  { stored }: WorldView,
): boolean {
  const departure = stored.departures.get(user);
  if (!departure?.wasRemoved || departure.wasNeverIn) return false;
  return departure.room === room && departure.at === at;
}

/** In a dry run it would have been done. */
function byUs(
  { outcome }: Extract<Observation, { kind: "outcome" }>,
  world: WorldView,
): Evidence | undefined {
  const { decision, result } = outcome;
  if (result.kind !== "done" && result.kind !== "recorded") return undefined;
  const user = userRemoved(decision);
  const { because } = decision;
  if (user === undefined) return undefined;
  switch (because.kind) {
    case "command":
      return decision.action.kind === "redact" ? undefined : { user, is: "removed" };
    case "rule":
      return { user, is: "listed" };
    case "finding":
      // What was done to a wave says nothing more of it. A message that is held only waits: it is no proof of anything.
      if (because.protection.startsWith(ownRules) || isForHold(decision, world)) return undefined;
      return { user, is: because.by === undefined ? "found" : "removed" };
    default:
      return undefined;
  }
}

const ownRules = "wave-";

/** A mute of somebody whose message was held only keeps them from sending another one that waits. */
function isForHold({ action }: Decision, { stored, now }: WorldView): boolean {
  return action.kind === "mute" && stored.holds.wasHeld(action.room, action.user, now);
}

function userRemoved({ action }: Decision): UserId | undefined {
  switch (action.kind) {
    case "ban":
    case "kick":
    case "mute":
    case "redact":
      return action.user;
    default:
      return undefined;
  }
}
