/** The protected rooms that a command on policy servers is for. */
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roomsForPolicy } from "../../policy/policy-servers.ts";
import type { ArgumentValues } from "../define.ts";
import { roomsMeant } from "./people.ts";

export const aboutPolicyRoom = "only this room, or a space with its rooms; without it all protected rooms";

export function policyRooms(room: ArgumentValues["room"] | undefined, world: WorldView): readonly RoomView[] {
  const rooms = roomsMeant(room, world);
  return [...roomsForPolicy(world)].filter(({ id }) => rooms?.has(id) ?? true);
}
