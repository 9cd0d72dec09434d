/** Takes the level of an account that does harm with it, wherever Tyr stands above it; each is given back as it was by an undo. */
import type { ActionOf } from "../../model/actions/action.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface Demotion {
  readonly acts: readonly ActionOf<"set-power-level">[];
  /** Rooms of version 12 or later that they have made: nobody can take that from them. */
  readonly created: readonly RoomId[];
  /** Rooms in which they stand as high as Tyr or higher. */
  readonly above: readonly RoomId[];
}

export function demotionOf(user: UserId, world: WorldView): Demotion {
  const acts: ActionOf<"set-power-level">[] = [];
  const created: RoomId[] = [];
  const above: RoomId[] = [];
  for (const { id: room, power } of roomsWithLevels(world)) {
    if (power.isCreator(user)) created.push(room);
    else if (!power.isAboveUsual(user)) continue;
    else if (power.of(world.self) > power.of(user) && power.canSendState(world.self, "m.room.power_levels"))
      acts.push({
        kind: "set-power-level",
        room,
        user,
        level: undefined,
        before: power.entryOf(user),
        isStop: true,
      });
    else above.push(room);
  }
  return { acts, created, above };
}

/** Protected rooms, lists, and the management room: what somebody may do in any of them reaches all. */
function roomsWithLevels(world: WorldView): readonly RoomView[] {
  const { lists, managementRoom } = world.settings;
  const ids = new Set([
    ...world.protectedIds(),
    ...lists.map(({ room }) => room),
    ...(managementRoom ? [managementRoom] : []),
  ]);
  return [...ids].flatMap((id) => {
    const room = world.rooms.get(id);
    return room?.isKnown ? room : [];
  });
}
