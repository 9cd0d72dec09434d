/**
 * Power levels that a state reset took: mutes of ours are made again, and where the levels that were lost were written by us,
 * so is what each person had in them. Levels that somebody else wrote are for a person to look at.
 */
import { asObject } from "../../kit/json.ts";
import type { Action } from "../../model/actions/action.ts";
import { decide, type Decision } from "../../model/decision.ts";
import type { StateEvent } from "../../model/event.ts";
import { parseUserId, type RoomId } from "../../model/ids.ts";
import { PowerLevels } from "../../model/power-levels.ts";
import type { Changes } from "../../model/world/changes.ts";
import type { WorldView } from "../../model/world/view.ts";

/** People whose level is put back in one room; a room of thousands of levels has no such person's doing in each. */
const mostPutBack = 100;

export function levelsToPutBack(
  { resetLevels }: Changes,
  { world, at }: { readonly world: WorldView; readonly at: number },
): readonly Decision[] {
  return [...resetLevels].flatMap(([room, lost]) => {
    const replaces = `reset ${lost.eventId}`;
    return actsFor(room, lost, world).map((action) =>
      decide(action, { kind: "self", what: "state reset" }, { at, replaces }),
    );
  });
}

/** What is put back in the room; empty where nothing can be. */
export function actsFor(room: RoomId, lost: StateEvent, world: WorldView): readonly Action[] {
  const power = world.rooms.get(room)?.power;
  if (!power || !world.isProtected(room)) return [];
  const mutes = world.mutes.inRoom(room).filter(({ user, level }) => power.entryOf(user) !== level);
  const muted = new Set(world.mutes.inRoom(room).map(({ user }) => user));
  const before = new PowerLevels(undefined, lost);
  const named = new Set([...Object.keys(asObject(lost.content["users"]) ?? {}), ...power.named()]);
  const levels = [...(lost.sender === world.self ? named : [])].flatMap((name): readonly Action[] => {
    const user = parseUserId(name);
    if (!user || muted.has(user) || user === world.self) return [];
    const [level, now] = [before.entryOf(user) ?? undefined, power.entryOf(user)];
    return level === (now ?? undefined) ? [] : [{ kind: "set-power-level", room, user, level, before: now }];
  });
  return [
    ...mutes.map(({ user, level, until }): Action => ({
      ...{ kind: "mute", room, user, level, before: power.entryOf(user), reason: "" },
      ...(until === undefined ? {} : { until }),
    })),
    ...levels,
  ].slice(0, mostPutBack);
}
