/** The door of a room: what its join rule becomes so that people have to knock, or at least cannot come in by themselves. */
import { dayMs, hourMs } from "../kit/duration.ts";
import type { PathChange } from "../model/path-changes.ts";
import type { RoomView } from "../model/room.ts";
import type { WorldView } from "../model/world/view.ts";

/** Room versions, by what their join rules can say. */
const knowsKnock = 7;
const knowsKnockRestricted = 10;

/** A door that is closed for a while stays so at least so long. */
export const doorClosedForMs = 2 * hourMs;

/** Whether somebody can come in without anybody's doing. */
export function isOpenDoor(room: RoomView): boolean {
  const rule = joinRuleOf(room);
  return rule === "public" || rule === "restricted" || rule === "knock_restricted";
}

/** Whether people can ask to be let in. */
export function canKnock(room: RoomView): boolean {
  const rule = joinRuleOf(room);
  return rule === "knock" || rule === "knock_restricted";
}

/**
 * For a while: nobody comes in by themselves, not even out of a space, as a flood may come through it. The list of the rooms
 * whose people may come in stays in the event. No oftener than once a day: rooms came to harm by join rules that went back
 * and forth.
 */
export function doorToClose(
  room: RoomView,
  { world, at }: { readonly world: WorldView; readonly at: number },
): PathChange | "closed" | "closed today" | "no right" {
  const last = world.stored.containments.get(room.id, "join-rule");
  if (!isOpenDoor(room) || (last && last.endedAt === undefined)) return "closed";
  if (last?.endedAt !== undefined && Math.abs(at - last.endedAt) < dayMs) return "closed today";
  if (!mayChangeDoor(room, world)) return "no right";
  return withRule(room, knows(room, knowsKnock) ? "knock" : "invite");
}

export function mayChangeDoor(room: RoomView, { self }: Pick<WorldView, "self">): boolean {
  return room.power.canSendState(self, "m.room.join_rules");
}

/**
 * For good: strangers knock, and whoever may come in from another room still may. `already`: it is so. `impossible`: this
 * version of the room has no such rule.
 */
export function knockDoor(room: RoomView): PathChange | "already" | "impossible" {
  if (canKnock(room)) return "already";
  if (joinRuleOf(room) === "restricted")
    return knows(room, knowsKnockRestricted) ? withRule(room, "knock_restricted") : "impossible";
  return knows(room, knowsKnock) ? withRule(room, "knock") : "impossible";
}

/** Undefined where the room has none, as a strange server may tell. */
function joinRuleOf(room: RoomView): unknown {
  return room.event("m.room.join_rules")?.content["join_rule"];
}

/** Versions that are no number are somebody's own: nothing is known of them. */
function knows(room: RoomView, from: number): boolean {
  return Number(room.version) >= from;
}

function withRule(room: RoomView, rule: string): PathChange {
  const before = room.event("m.room.join_rules")?.content;
  return { path: [], ...(before ? { before } : {}), ours: { ...before, join_rule: rule } };
}
