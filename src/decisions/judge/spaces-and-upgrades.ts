/** Rooms that others lead to: those of a followed space, and the successors of upgraded rooms and lists. */
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { SettingChange } from "../../model/settings/change.ts";
import { holdersIn, holdersOf, isSpace } from "../../model/settings/holders.ts";
import type { WorldView } from "../../model/world/view.ts";
import { doubtfulSuccessor } from "../../policy/list-upgrades.ts";

/** The changed rooms and those that they claim to continue: an upgraded room may wait for this successor. */
export function withPredecessors(changed: ReadonlySet<RoomId>, world: WorldView): ReadonlySet<RoomId> {
  const before = [...changed].flatMap((id) => world.rooms.get(id)?.predecessor ?? []);
  return before.length === 0 ? changed : new Set([...changed, ...before]);
}

/**
 * The space holds the rooms that it names, and lets go of those that it names no more: they stay protected where anything
 * else holds them.
 */
export function followSpace(space: RoomId, world: WorldView, at: number): readonly Decision[] {
  const known = world.rooms.get(space);
  if (!known?.isKnown) return [];
  const children = known.children();
  const { settings, limits } = world;
  const change = (change: SettingChange) =>
    decide({ kind: "change-settings", change }, self(`space ${space}`), { at, replaces: String(at) });
  const fromSpaces = [...settings.rooms.values()].filter((room) => !holdersIn(room).includes("hand")).length;
  const decisions: Decision[] = [];
  let added = 0;
  for (const [child, via] of children) {
    if (child === space || child === settings.managementRoom || settings.excluded.has(child)) continue;
    const holders = holdersOf(child, settings);
    if (holders.includes(space)) continue;
    if (holders.length > 0) decisions.push(change({ kind: "hold", room: child, by: space }));
    else if (fromSpaces + added < limits.roomsOfSpaces && settings.rooms.size + added < limits.rooms) {
      decisions.push(change({ kind: "protect", room: { room: child, via, space } }));
      added++;
    }
  }
  for (const held of [...settings.rooms.keys(), ...settings.spaces.keys()])
    if (holdersOf(held, settings).includes(space) && !isIn(held, children, world))
      decisions.push(change({ kind: "let-go", room: held, by: space }));
  return decisions;
}

/** Named by the space, or the successor of a room that is: a space goes on naming the old room until a person changes that. */
function isIn(room: RoomId, children: ReadonlyMap<RoomId, unknown>, world: WorldView): boolean {
  const seen = new Set<RoomId>();
  for (let one: RoomId | undefined = room; one && !seen.has(one);) {
    if (children.has(one)) return true;
    seen.add(one);
    const before: RoomId | undefined = world.rooms.get(one)?.predecessor;
    one = before && world.rooms.get(before)?.tombstone?.replacement === one ? before : undefined;
  }
  return false;
}

/** A room that was protected before we had seen it, and that turns out to be a space: its rooms were meant. */
export function recogniseSpace(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  const wanted = world.settings.rooms.get(id);
  const room = world.rooms.get(id);
  if (!wanted || !room?.isKnown || !room.isSpace) return [];
  if (world.settings.spaces.size >= world.limits.spaces) return [];
  // A space that is protected only as we are in it is a room like others. A loop of spaces is followed once.
  const heldBy = holdersIn(wanted).filter((holder) => holder !== "joined");
  if (heldBy.length === 0) return [];
  const [first] = heldBy;
  const how =
    heldBy.length > 1 ? { heldBy } : first !== undefined && isSpace(first) ? { through: first } : {};
  const change = { kind: "follow-space", room: id, via: wanted.via, ...how } as const;
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
  // Whose room another person made waits for a yes (management-room/room-offers.ts asks).
  if (list && !lists.some((one) => one.room === replacement) && !doubtfulSuccessor(id, world)) {
    return act({
      kind: "change-settings",
      // Right after the list that it continues, whose place among the others it has.
      change: { kind: "watch", list: { ...list, room: replacement, via }, place: lists.indexOf(list) + 1 },
    });
  }
  return [];
}

function self(what: string): Cause {
  return { kind: "self", what };
}
