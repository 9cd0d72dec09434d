/** Where all rooms that we are in are to be protected: those that we joined come under protection, and those that we left by ourselves lose it. */
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import { holdersOf } from "../../model/settings/holders.ts";
import type { SettingChange } from "../../model/settings/change.ts";
import type { WorldView } from "../../model/world/view.ts";
import { looksLikeList } from "../../policy/looks-like-list.ts";

const self: Cause = { kind: "self", what: "rooms that I am in" };

/** `rooms`: those that changed; undefined where every room is to be looked at. */
export function protectJoined(
  seen: readonly Observation[],
  {
    world,
    rooms,
    at,
  }: { readonly world: WorldView; readonly rooms: ReadonlySet<RoomId> | undefined; readonly at: number },
): readonly Decision[] {
  if (!world.settings.protectsJoined) return [];
  const change = (change: SettingChange) =>
    decide({ kind: "change-settings", change }, self, { at, replaces: String(at) });
  const moved = seen.flatMap((one) => (one.kind === "own-membership" ? one : []));
  const held = world.settings.rooms.size;
  const wanted = [...(rooms ?? world.rooms.keys())].filter((id) => isToProtect(id, world));
  // Where others removed Tyr the room stays protected, as it may be invited back; where Tyr left, it was meant to.
  const left = moved.filter(({ membership, by }) => membership === "leave" && by === undefined);
  return [
    ...wanted
      .slice(0, Math.max(0, world.limits.rooms - held))
      .map((id) =>
        change({ kind: "protect", room: { room: id, via: [], space: undefined, heldBy: ["joined"] } }),
      ),
    ...left
      .filter(({ room: id }) => holdersOf(id, world.settings).includes("joined"))
      .map(({ room: id }) => change({ kind: "let-go", room: id, by: "joined" })),
  ];
}

/** Not the management room, lists, what is only looked at, and what a person has taken out. */
function isToProtect(id: RoomId, world: WorldView): boolean {
  const { settings } = world;
  return (
    world.rooms.get(id)?.isKnown === true &&
    !looksLikeList(id, world) &&
    id !== settings.managementRoom &&
    !settings.excluded.has(id) &&
    !settings.previews.has(id) &&
    !world.isWatched(id) &&
    !settings.rulesRooms.has(id) &&
    holdersOf(id, settings).length === 0
  );
}
