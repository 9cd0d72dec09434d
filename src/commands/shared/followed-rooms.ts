/** The followed rules rooms in one sentence, for `status` and `protections`. */
import { code, count, joined, say, type Say } from "../../kit/say.ts";
import { namesFrom } from "../../model/settings/rules-rooms.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roomName } from "./room-names.ts";

/** "Followed rules rooms: Rules as friends (12 protections, new versions wait)." Undefined where there is none. */
export function followedRooms(world: WorldView): Say | undefined {
  const all = [...world.settings.rulesRooms.values()].map(({ room, alias, updates }) => {
    const rules = namesFrom(room, world.settings).length;
    const leftOut = world.rulesRooms.get(room)?.leftOut ?? 0;
    const beyond = leftOut > 0 ? say`, ${leftOut} left out as too much or no rule` : "";
    return say`${roomName(room, world)} as ${code(alias)} (${count(rules, "protection")}, new versions ${updates === "ask" ? "wait" : "answer at once"}${beyond})`;
  });
  return all.length === 0 ? undefined : say`Followed rules rooms: ${joined(all)}.`;
}
