/**
 * Keeping our rooms in sight: join what is protected or watched, accept invitations from moderators, read the
 * members of rooms we do not know yet, fill gaps, follow a space's rooms.
 */
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import { parseServerName, serverInId, type RoomId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import type { Changes } from "../../model/world/changes.ts";
import type { WorldView } from "../../model/world/view.ts";

/** When the state of a room was last read to heal a gap: a raid must not make us read large rooms at every sync. */
export class GapHealing {
  readonly #everyMs: number;
  readonly #lastAt = new Map<RoomId, number>();
  /** Rooms that had another gap too soon: what was read before it may be stale, so they are read once they may be. */
  readonly #owed = new Set<RoomId>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Answers whether the room may be read now, and if so notes that it was. */
  takes(room: RoomId, at: number): boolean {
    const sinceMs = at - (this.#lastAt.get(room) ?? -Infinity);
    // Less than nothing is a clock that was set back.
    if (sinceMs >= 0 && sinceMs < this.#everyMs) {
      this.#owed.add(room);
      return false;
    }
    this.#owed.delete(room);
    this.#lastAt.set(room, at);
    return true;
  }

  /** Rooms whose reading was put off and may be done now; notes that it is. */
  takeOwed(at: number): readonly RoomId[] {
    return [...this.#owed].filter((room) => this.takes(room, at));
  }
}

export function upkeep(
  seen: readonly Observation[],
  changes: Changes,
  { world, gapHealing, at }: { world: WorldView; gapHealing: GapHealing; at: number },
): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const one of seen) decisions.push(...afterObservation(one, { world, gapHealing }));
  for (const room of gapHealing.takeOwed(at)) decisions.push(...readAgain(room, world, at));
  const isRetry = seen.some((one) => one.kind === "tick" && one.retryRooms);
  const rooms =
    changes.everything || isRetry ? interestingRooms(world) : withPredecessors(changes.rooms, world);
  for (const room of rooms) decisions.push(...readIfUnknown(room, world, at));
  for (const room of rooms)
    decisions.push(...recogniseSpace(room, world, at), ...followUpgrade(room, world, at));
  for (const space of world.settings.spaces.keys())
    if (rooms.has(space)) decisions.push(...followSpace(space, world, at));
  decisions.push(...endOfPreviews(world, at));
  return decisions;
}

/** A room that we come to know may be the successor that an upgraded room waits for. */
function withPredecessors(changed: ReadonlySet<RoomId>, world: WorldView): ReadonlySet<RoomId> {
  const before = [...changed].flatMap((id) => world.rooms.get(id)?.predecessor ?? []);
  return before.length === 0 ? changed : new Set([...changed, ...before]);
}

/** Everything we were told to be in. */
export function interestingRooms(world: WorldView): ReadonlySet<RoomId> {
  const { rooms, spaces, lists, managementRoom } = world.settings;
  return new Set([
    ...(managementRoom ? [managementRoom] : []),
    ...lists.map((list) => list.room),
    ...spaces.keys(),
    ...rooms.keys(),
  ]);
}

function afterObservation(
  seen: Observation,
  { world, gapHealing }: { world: WorldView; gapHealing: GapHealing },
): readonly Decision[] {
  if (seen.kind === "gap") {
    if (!isOurs(seen.room, world)) return [];
    const { room, from, to } = seen;
    return [
      decide({ kind: "fill-gap", room, from, to, readState: gapHealing.takes(room, seen.at) }, self("gap"), {
        at: seen.at,
        replaces: from,
      }),
    ];
  }
  if (seen.kind !== "own-membership") return [];
  if (
    seen.membership === "join" &&
    seen.room === world.settings.managementRoom &&
    world.membersKnown.has(seen.room)
  ) {
    // Kept while we were out, so that moderators stayed spared; now they may be others.
    const read = { kind: "read-room", room: seen.room, state: true, members: true } as const;
    return [decide(read, self("return"), { at: seen.at, replaces: String(seen.at) })];
  }
  if (seen.membership !== "invite") return [];
  const isWelcome = isOurs(seen.room, world) || (seen.by !== undefined && world.isModerator(seen.by));
  const server = seen.by === undefined ? [] : [seen.by.slice(seen.by.indexOf(":") + 1)];
  return isWelcome
    ? [
        decide({ kind: "join", room: seen.room, via: server }, self("invited"), {
          at: seen.at,
          replaces: String(seen.at),
        }),
      ]
    : [];
}

/** Joins what we should be in, and reads what we are in but have not seen. */
function readIfUnknown(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  if (!isOurs(id, world)) return [];
  const room = world.rooms.get(id);
  const act = (action: Action) => [decide(action, self("upkeep"), { at, replaces: String(at) })];
  if (room?.ownMembership !== "join")
    return room?.wasRemoved ? [] : act({ kind: "join", room: id, via: viaOf(id, world) });
  const members = needsMembers(id, world) && !world.membersKnown.has(id);
  const state = !room.isKnown;
  return state || members ? act({ kind: "read-room", room: id, state, members }) : [];
}

/** After a gap whose state was not read at once. */
function readAgain(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  if (!isOurs(id, world) || world.rooms.get(id)?.ownMembership !== "join") return [];
  const read = { kind: "read-room", room: id, state: true, members: false } as const;
  return [decide(read, self("gap"), { at, replaces: String(at) })];
}

function needsMembers(id: RoomId, world: WorldView): boolean {
  return world.isProtected(id) || id === world.settings.managementRoom;
}

function isOurs(id: RoomId, world: WorldView): boolean {
  return needsMembers(id, world) || world.isWatched(id) || world.settings.spaces.has(id);
}

function viaOf(id: RoomId, world: WorldView): readonly string[] {
  const { rooms, lists, spaces } = world.settings;
  const told = rooms.get(id)?.via ?? lists.find((list) => list.room === id)?.via ?? spaces.get(id) ?? [];
  const own = serverInId(id);
  return told.length > 0 || own === undefined || !parseServerName(own) ? told : [own];
}

/** A room protected before we had seen it may turn out to be a space, whose rooms were meant. */
function recogniseSpace(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  const wanted = world.settings.rooms.get(id);
  const room = world.rooms.get(id);
  if (!wanted || !room?.isKnown || !room.isSpace) return [];
  if (world.settings.spaces.size >= world.limits.spaces) return [];
  // A space within a space is followed like the one it is in; one loop of spaces is followed once.
  const through = wanted.space ? { through: wanted.space } : {};
  const change = { kind: "follow-space", room: id, via: wanted.via, ...through } as const;
  return [decide({ kind: "change-settings", change }, self(`space ${id}`), { at, replaces: String(at) })];
}

/**
 * Where a room was upgraded: join the successor, and once it names this room as its predecessor, protect it or watch
 * it as well. A tombstone alone proves nothing: anybody with the level may point anywhere.
 */
function followUpgrade(id: RoomId, world: WorldView, at: number): readonly Decision[] {
  const { rooms, lists, excluded } = world.settings;
  const tombstone = isOurs(id, world) ? world.rooms.get(id)?.tombstone : undefined;
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

/** The longest that a list may take to be joined, read and told of. */
const previewMs = 10 * 60_000;

/** Lists that we joined to look at: what is followed stays, what got a no (or whose command was lost) is left again. */
function endOfPreviews(world: WorldView, at: number): readonly Decision[] {
  return [...world.settings.previews].flatMap(([room, { command, at: since }]) => {
    const act = (action: Action) => [
      decide(action, self(`preview of ${room}`), { at, replaces: String(at) }),
    ];
    const end = { kind: "change-settings", change: { kind: "end-preview", room } } as const;
    if (isOurs(room, world)) return act(end);
    const question = world.questions.ofCommand(command);
    if (question && !question.answer) return [];
    const from = Math.max(since, question?.answer?.at ?? 0);
    const isOver = question?.answer?.yes === false || Math.abs(at - from) > previewMs;
    if (!isOver) return [];
    return act(world.rooms.get(room)?.ownMembership === "join" ? { kind: "leave", room } : end);
  });
}

/** Rooms that joined the space come under protection, those that left it lose it. */
function followSpace(space: RoomId, world: WorldView, at: number): readonly Decision[] {
  const { limits } = world;
  const { rooms, spaces, excluded } = world.settings;
  let brought = 0;
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
      fromSpaces + brought >= limits.roomsOfSpaces ||
      rooms.size + brought >= limits.rooms
    )
      continue;
    if (child === world.settings.managementRoom) continue;
    decisions.push(change({ kind: "protect", room: { room: child, via, space } }));
    brought++;
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

function self(what: string): Cause {
  return { kind: "self", what };
}
