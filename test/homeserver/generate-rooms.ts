/** Thousands of rooms with up to a million members between them, at the price of their first events. */
import { createRoom } from "./create-room.ts";
import { GeneratedMembers } from "./generated-members.ts";
import { changeMembership } from "./membership.ts";
import type { World } from "./world.ts";

export interface RoomsPlan {
  readonly count: number;
  readonly membersEach: number;
  /** Joined to every room with `botLevel`, 100 unless said otherwise. */
  readonly botUserId: string;
  readonly botLevel?: number;
  readonly version?: string;
  readonly joinRule?: string;
  /** Users shared between rooms; everybody is distinct unless said otherwise. */
  readonly distinctUsers?: number;
  /** Members come from `s0.test` … ; 100 servers unless said otherwise. */
  readonly servers?: number;
  readonly namePrefix?: string;
}

export function generateRooms(world: World, plan: RoomsPlan): readonly string[] {
  return world.inOneGo(() =>
    Array.from({ length: plan.count }, (_, index) => generateRoom(world, plan, index)),
  );
}

function generateRoom(world: World, plan: RoomsPlan, roomIndex: number): string {
  const creator = `@owner:${world.serverName}`;
  const room = createRoom(world, {
    creator,
    version: plan.version,
    name: `${plan.namePrefix ?? "Room"} ${roomIndex}`,
    joinRule: plan.joinRule ?? "public",
    powerLevels: { users: botPower(world, plan, creator) },
  });
  if (plan.joinRule !== undefined && plan.joinRule !== "public") {
    const invite = { roomId: room.id, sender: creator, target: plan.botUserId };
    changeMembership(world, { ...invite, action: "invite" });
  }
  const join = { roomId: room.id, sender: plan.botUserId, target: plan.botUserId };
  changeMembership(world, { ...join, action: "join" });
  room.addGeneratedMembers(
    new GeneratedMembers({
      roomId: room.id,
      roomIndex,
      membersEach: plan.membersEach,
      distinctUsers: Math.max(plan.membersEach, plan.distinctUsers ?? plan.count * plan.membersEach),
      servers: plan.servers ?? 100,
      originServerTs: world.clock.now(),
      position: world.position,
    }),
  );
  return room.id;
}

function botPower(world: World, plan: RoomsPlan, creator: string): Record<string, number> {
  const isModern = Number(plan.version ?? world.defaultRoomVersion) >= 12;
  const bot = { [plan.botUserId]: plan.botLevel ?? 100 };
  return isModern ? bot : { [creator]: 100, ...bot };
}
