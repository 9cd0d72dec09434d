/** Rooms that others lead to: those of a followed space, and the successors of upgraded rooms and lists. */
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";

/** The changed rooms and those that they claim to continue: an upgraded room may wait for this successor. */
export function withPredecessors(changed: ReadonlySet<RoomId>, world: WorldView): ReadonlySet<RoomId> {
  const before = [...changed].flatMap((id) => world.rooms.get(id)?.predecessor ?? []);
  return before.length === 0 ? changed : new Set([...changed, ...before]);
}

/** Rooms that were added to the space come under protection, those that were taken out of it lose it. */
export function followSpace(space: RoomId, world: WorldView, at: number): readonly Decision[] {
  const { limits } = world;
  const { rooms, spaces, excluded } = world.settings;
  let added = 0;
  const fromSpaces = [...rooms.values()].filter((room) => room.space !== undefined).length;
  const children = world.rooms.get(space)?.isKnown ? world.rooms.get(space)!.children() : undefined;
  if (!children) return [];
  const change = (change: Extract<Action, { kind: "change-settings" }>["change"]) =>
    decide({ kind: "change-settings", change }, self(`space ${space}`), { at, replaces: String(at) });
  const decisions: Decision[] = [];
  for (const [child, via] of children) {
    if (
      excluded.has(child) ||
      rooms.has(child) ||
      spaces.has(child) ||
      child === space ||
      fromSpaces + added >= limits.roomsOfSpaces ||
      rooms.size + added >= limits.rooms
    )
      continue;
    if (child === world.settings.managementRoom) continue;
    decisions.push(change({ kind: "protect", room: { room: child, via, space } }));
    added++;
  }
  for (const room of rooms.values()) {
    if (room.space === space && !children.has(room.room))
      decisions.push(change({ kind: "unprotect", room: room.room, excludes: false }));
  }
  for (const [inner, holder] of world.settings.spacesWithin) {
    if (holder === space && !children.has(inner))
      decisions.push(change({ kind: "unfollow-space", room: inner, excludes: false }));
  }
  return decisions;
}

/** A room that was protected before we had seen it, and that turns out to be a space: its rooms were meant. */
export function recogniseSpace(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  const wanted = world.settings.rooms.get(id);
  const room = world.rooms.get(id);
  if (!wanted || !room?.isKnown || !room.isSpace) return [];
  if (world.settings.spaces.size >= world.limits.spaces) return [];
  // A space within a space is followed like the outer one. A loop of spaces is followed once.
  const through = wanted.space ? { through: wanted.space } : {};
  const change = { kind: "follow-space", room: id, via: wanted.via, ...through } as const;
  return [decide({ kind: "change-settings", change }, self(`space ${id}`), { at, replaces: String(at) })];
}

/**
 * Follows a room upgrade: joins the successor and, once that names this room as its predecessor, protects or watches it,
 * too. A tombstone alone proves nothing: anybody with the level for it may point anywhere.
 */
export function followUpgrade(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  const { rooms, lists, excluded } = world.settings;
  const tombstone = world.isWanted(id) ? world.rooms.get(id)?.tombstone : undefined;
  if (!tombstone || excluded.has(tombstone.replacement) || id === world.settings.managementRoom) return [];
  const { replacement, by } = tombstone;
  // A room may be upgraded in a circle, or again and again.
  if (rooms.has(id) ? rooms.size >= world.limits.rooms : lists.length >= world.limits.lists) return [];
  const act = (action: Action) => [decide(action, self(`upgrade of ${id}`), { at, replaces: String(at) })];
  const via = [by.slice(by.indexOf(":") + 1)];
  const successor = world.rooms.get(replacement);
  if (successor?.ownMembership !== "join")
    return successor?.wasRemoved ? [] : act({ kind: "join", room: replacement, via });
  if (successor.predecessor !== id) return [];
  const [room, list] = [rooms.get(id), lists.find((one) => one.room === id)];
  if (room && !rooms.has(replacement)) {
    return act({
      kind: "change-settings",
      change: { kind: "protect", room: { ...room, room: replacement, via } },
    });
  }
  if (list && !lists.some((one) => one.room === replacement)) {
    return act({
      kind: "change-settings",
      change: { kind: "watch", list: { ...list, room: replacement, via } },
    });
  }
  return [];
}

function self(what: string): Cause {
  return { kind: "self", what };
}
