/** What is wrong with one room (not joined, not readable, upgraded, rights missing), and what to do about it. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { quoted } from "../../model/quoted.ts";

/** Undefined where nothing is wrong. */
export function troubleOf(id: RoomId, world: WorldView): Say | undefined {
  const room = world.rooms.get(id);
  if (room?.ownMembership !== "join") {
    if (room?.wasRemoved) return say`I am not in it: ${quoted(room.trouble ?? "")}. Invite me again.`;
    return say`I am not in it${room?.trouble ? say`: ${quoted(room.trouble.replace(/\.$/, ""), 150)}` : ""}. Invite me, or check the address; I try again by myself.`;
  }
  if (!room.isKnown)
    return say`I cannot read it yet${room.trouble ? say`: ${quoted(room.trouble.replace(/\.$/, ""), 150)}` : ""}. I try again by myself.`;
  if (room.tombstone) return say`It was upgraded; its successor is ${code(room.tombstone.replacement)}.`;
  if (!world.isProtected(id)) return undefined;
  if (!world.membersKnown.has(id))
    return say`I do not know its members yet${room.trouble ? say`: ${quoted(room.trouble.replace(/\.$/, ""), 150)}` : ""}.`;
  const missing = powersMissing(room, world.self);
  if (missing.length === 0) return undefined;
  const needed = levelNeeded(room);
  const setter = room.event("m.room.power_levels")?.sender;
  const by = setter ? say`, the levels were last set by ${code(setter)}` : "";
  return say`I may not ${plain(orList(missing))} (my level is ${String(room.power.of(world.self))}${by}). Give me level ${needed}: ${code(`/op ${world.self} ${needed}`)} in that room, where the client knows it.`;
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)!}`;
}

/** What moderation needs in the room and our power level does not allow, in words. */
export function powersMissing(room: RoomView, self: UserId): readonly string[] {
  const { power } = room;
  const level = power.of(self);
  const acts: readonly (readonly [string, boolean])[] = [
    ["ban", level >= power.needed("ban")],
    ["kick", level >= power.needed("kick")],
    ["redact", power.canRedactOthers(self)],
    ["set the server ACL", power.canSendState(self, "m.room.server_acl")],
  ];
  return acts.flatMap(([name, may]) => (may ? [] : [name]));
}

function levelNeeded(room: RoomView): number {
  const { power } = room;
  return Math.max(
    power.needed("ban"),
    power.needed("kick"),
    power.needed("redact"),
    power.neededForMessage("m.room.redaction"),
    power.neededForState("m.room.server_acl"),
  );
}
