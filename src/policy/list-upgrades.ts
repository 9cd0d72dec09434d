/** Upgraded lists: which list takes the place of one, whether a successor may be followed without a word, and what was left behind. */
import type { RoomId, UserId } from "../model/ids.ts";
import type { PolicyListView } from "../model/policy-list.ts";
import type { WorldView } from "../model/world/view.ts";

/** An upgraded list whose successor is another person's room: a yes decides whether it is followed. */
export interface DoubtfulSuccessor {
  readonly list: RoomId;
  readonly successor: RoomId;
  /** Who upgraded the list, who made the list, and who made the successor. */
  readonly upgradedBy: UserId;
  readonly listBy: UserId | undefined;
  readonly successorBy: UserId;
}

/** The room that the tombstone names, where we are in that room and it names this one as its predecessor. */
export function provenSuccessor(upgraded: RoomId, { rooms }: Pick<WorldView, "rooms">): RoomId | undefined {
  const replacement = rooms.get(upgraded)?.tombstone?.replacement;
  const room = replacement && rooms.get(replacement);
  return room?.isKnown && room.predecessor === upgraded ? replacement : undefined;
}

/** Whoever may close a list could name a room of their own as its successor, and write the rules from then on. */
export function doubtfulSuccessor(list: RoomId, world: WorldView): DoubtfulSuccessor | undefined {
  const successor = provenSuccessor(list, world);
  const upgradedBy = world.rooms.get(list)?.tombstone?.by;
  const successorBy = successor && creatorOf(successor, world);
  if (!successor || !upgradedBy || !successorBy) return undefined;
  const listBy = creatorOf(list, world);
  const isTrusted = successorBy === listBy || successorBy === world.self || world.isSpared(successorBy);
  return isTrusted ? undefined : { list, successor, upgradedBy, listBy, successorBy };
}

function creatorOf(room: RoomId, { rooms }: Pick<WorldView, "rooms">): UserId | undefined {
  return rooms.get(room)?.event("m.room.create")?.sender;
}

/** The list that has taken the place of this one, as far as it is watched; the list itself where it was not upgraded. */
export function newestOf(list: PolicyListView, world: WorldView): PolicyListView {
  const seen = new Set<RoomId>();
  let newest = list;
  while (!seen.has(newest.room)) {
    seen.add(newest.room);
    const successor = provenSuccessor(newest.room, world);
    const next = successor && world.isWatched(successor) ? world.lists.get(successor) : undefined;
    if (!next) break;
    newest = next;
  }
  return newest;
}

/** Whether the list was closed, so that nobody is to write to it any more. */
export function isClosed(list: RoomId, { rooms }: Pick<WorldView, "rooms">): boolean {
  return rooms.get(list)?.event("m.room.tombstone") !== undefined;
}
