/** What the asker's own power level leaves them to do with the levels of others: nobody gives or takes by Tyr what the room itself would not let them. */
import { say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { LevelEntry } from "../../model/power-levels.ts";
import type { RoomView } from "../../model/room.ts";

/** Why the asker may not give this level: it is above their own, or the person's level is not below theirs. As the room itself would judge (spec, authorization rules). */
export function objectionOfAsker(
  { power }: RoomView,
  { user, level, by }: { readonly user: UserId; readonly level: LevelEntry; readonly by: UserId },
): Say | undefined {
  const own = power.of(by);
  if (isBeyond(level, { power, by })) return say`your own level is ${String(own)}`;
  if (user !== by && power.of(user) >= own)
    return say`they have ${String(power.of(user))} and you ${String(own)}`;
  return undefined;
}

/** Why the asker may not have the level put back that was there before: it is above their own, or others had it set and the person stands as high as they. */
export function objectionToUndo(
  room: RoomView,
  act: { readonly user: UserId; readonly level: LevelEntry; readonly by: UserId },
  { isOwnAct }: { readonly isOwnAct: boolean },
): Say | undefined {
  if (!isOwnAct) return objectionOfAsker(room, act);
  return isBeyond(act.level, { power: room.power, by: act.by })
    ? say`your own level is ${String(room.power.of(act.by))}`
    : undefined;
}

function isBeyond(
  level: LevelEntry,
  { power, by }: Pick<RoomView, "power"> & { readonly by: UserId },
): boolean {
  return (level ?? power.usualLevel) > power.of(by);
}
