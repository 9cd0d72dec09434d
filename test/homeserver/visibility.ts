/** How much of a room a user may read: everything, up to their leaving, or nothing. */
import type { StoredEvent } from "./event.ts";
import { forbidden } from "./matrix-error.ts";
import type { World } from "./world.ts";
import type { Room } from "./room.ts";

export interface View {
  readonly room: Room;
  /** Later events and state are not for this user. */
  readonly upTo: number;
}

export function viewFor(world: World, roomId: string, userId: string): View {
  const room = world.rooms.get(roomId);
  if (room?.membership(userId) === "join") return { room, upTo: Infinity };
  const upTo = room === undefined ? undefined : positionOfLeaving(room, userId);
  if (room === undefined || upTo === undefined) {
    throw forbidden(`User ${userId} not in room ${roomId}, and room previews are disabled`);
  }
  return { room, upTo };
}

/** Where a former member's view ends; undefined for who never was inside or may look anyway. */
export function positionOfLeaving(room: Room, userId: string): number | undefined {
  if (room.historyVisibility() === "world_readable") return Infinity;
  let event = room.state("m.room.member", userId);
  let left: number | undefined;
  while (event !== undefined) {
    if (event.content["membership"] === "join") return left;
    // The end of the stay is the first event after it, not a ban that followed.
    left = event.position;
    event = event.replaces;
  }
  return undefined;
}

/** Rooms may hide what happened before a member came. */
export function isVisible(room: Room, userId: string): (event: StoredEvent) => boolean {
  const visibility = room.historyVisibility();
  if (visibility === "shared" || visibility === "world_readable") return () => true;
  const since = room.joinedSince(userId) ?? 0;
  return (event) => event.position >= since || event.stateKey !== undefined || event.sender === userId;
}
