/** Whether a containment holds: members of the wave that are heard all the same, after it had reached every server. */
import type { Contained } from "../../model/containments.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";

/** By then it has reached the servers of the room, and what was on its way has come. */
export const settledMs = 20_000;
/** Between two cuts in one room. */
export const stepMs = 30_000;

export interface HeardFrom {
  readonly room: RoomId;
  readonly user: UserId;
  /** By our clock, and as the sender's server says; ms since the epoch. */
  readonly at: number;
  readonly sentAt: number;
}

/** The servers from which members are heard although they were contained; empty where it holds. */
export function heldBadly(
  { room, at, changes }: Contained,
  heard: readonly HeardFrom[],
): ReadonlySet<ServerName> {
  if (changes.length === 0) return new Set();
  return new Set(
    heard
      .filter((one) => one.room === room && one.at >= at + settledMs && one.sentAt >= at)
      .map(({ user }) => serverOf(user)),
  );
}
