/**
 * Who may have what done: people in the management room by their power level there, which every client shows and no one can
 * raise by themselves. Off at first: whoever is in the room may do everything.
 */
import type { RoomId, UserId } from "./ids.ts";
import type { MembersView } from "./members.ts";
import type { RoomView } from "./room.ts";
import type { Settings } from "./settings/settings.ts";

/** From the weakest on: each may do what those before it may. */
export const roles = ["viewer", "moderator", "admin"] as const;
export type Role = (typeof roles)[number];

/** The world as far as this looks at it. */
export interface RolesWorld {
  readonly self: UserId;
  readonly settings: Pick<Settings, "roles" | "managementRoom">;
  readonly members: MembersView;
  readonly rooms: ReadonlyMap<RoomId, Pick<RoomView, "power">>;
}

/**
 * Undefined for who is not in the management room. Since room version 12 its creators stand above every level, and so are
 * admins. While its levels are not known nobody is more than a viewer.
 */
export function roleOf(user: UserId, world: RolesWorld): Role | undefined {
  const { settings, members, rooms, self } = world;
  const { managementRoom: room, roles: levels } = settings;
  if (room === undefined || members.membershipOf(room, user) !== "join") return undefined;
  // What our config has us do is nobody's command.
  if (levels === undefined || user === self) return "admin";
  const level = rooms.get(room)?.power.of(user) ?? -Infinity;
  if (level >= levels.admin) return "admin";
  return level >= levels.moderator ? "moderator" : "viewer";
}

export function isAtLeast(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(needed);
}

/** Of several the one that may do the most; of none the weakest. */
export function strongest(some: Iterable<Role>): Role {
  let most: Role = "viewer";
  for (const one of some) if (isAtLeast(one, most)) most = one;
  return most;
}

/** The people in the management room who have the role, or more. */
export function whoHas(role: Role, world: RolesWorld): readonly UserId[] {
  const room = world.settings.managementRoom;
  if (room === undefined) return [];
  return [...world.members.membersOf(room, ["join"])].filter(
    (user) => user !== world.self && isAtLeast(roleOf(user, world), role),
  );
}
