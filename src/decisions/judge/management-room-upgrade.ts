/**
 * The management room was upgraded: its successor takes its place. Whoever is there commands us, so that more is asked than of
 * other rooms: a moderator upgraded it, a moderator (or we) made the successor, and not everybody can join it.
 */
import type { Action } from "../../model/actions/action.ts";
import { decide, type Decision } from "../../model/decision.ts";
import { serverOf, type RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";

export function followManagementRoom(
  id: RoomId,
  world: WorldView,
  { readsEncrypted, at }: { readsEncrypted: () => boolean; at: number },
): readonly Decision[] {
  const tombstone = id === world.settings.managementRoom ? world.rooms.get(id)?.tombstone : undefined;
  if (!tombstone || !isOneOfUs(tombstone.by, world)) return [];
  const { replacement: room, by } = tombstone;
  const act = (action: Action) => [
    decide(action, { kind: "self", what: "upgrade of the management room" }, { at, replaces: String(at) }),
  ];
  const successor = world.rooms.get(room);
  if (successor?.ownMembership !== "join")
    return successor?.wasRemoved ? [] : act({ kind: "join", room, via: [serverOf(by)] });
  const maker = successor.event("m.room.create")?.sender;
  const isFit = maker !== undefined && isOneOfUs(maker, world) && !successor.isPublic;
  // Where encrypted commands cannot be read, the old room at least says what is wrong.
  const isReadable = !successor.isEncrypted || readsEncrypted();
  if (successor.predecessor !== id || !isFit || !isReadable) return [];
  return act({ kind: "change-settings", change: { kind: "use-management-room", room } });
}

function isOneOfUs(user: Parameters<WorldView["isSpared"]>[0], world: WorldView): boolean {
  return user === world.self || world.isSpared(user);
}
