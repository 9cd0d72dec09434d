/** The content of a state event as an act leaves it that changes single values of it, from the room as it is by then. */
import { asObject, isSameJson, type JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../actions/action.ts";
import { eventTypeOf, takenBack, valueAt, withValues, type PathChange } from "../path-changes.ts";
import { asNumbers, readLevel } from "../power-levels.ts";
import type { RoomId } from "../ids.ts";
import { isKeptState, type RoomView } from "../room.ts";
import { turnedRound, withoutChange } from "../staff/state-change.ts";
import type { Beliefs } from "./beliefs.ts";
import type { CollectionViews } from "./collections.ts";

/** `now`: the content that it changes, if not that of the room. Undefined where the room has none of that type. */
export function contentAfter(
  { rooms, stored }: Beliefs,
  action: ActionOf<"contain" | "release" | "put-back">,
  content?: JsonObject,
): JsonObject | undefined {
  if (action.kind === "put-back") return contentPutBack({ rooms, stored }, action);
  const now = content ?? rooms.get(action.room)?.event(eventTypeOf[action.key])?.content;
  if (!now) return undefined;
  const { key } = action;
  const readable = key === "levels" ? asNumbers(now) : now;
  if (action.kind === "release") {
    const one = stored.containments.get(action.room, key);
    return one?.endedAt === undefined ? takenBack(readable, one?.changes ?? []) : readable;
  }
  const values = action.changes
    .filter((change) => key !== "levels" || isStillToDo(readable, change))
    .map(({ path, ours }) => ({ path, value: ours }));
  return withValues(readable, values);
}

/** What stands there now, as far as we know: of state that is not kept, by who wrote it last. */
export function contentNow(
  {
    rooms,
    stored,
  }: {
    readonly rooms: ReadonlyMap<RoomId, Pick<RoomView, "event">>;
    readonly stored: Pick<CollectionViews, "staffActs">;
  },
  { room, eventType, stateKey }: Pick<ActionOf<"put-back">, "room" | "eventType" | "stateKey">,
): JsonObject | undefined {
  if (isKeptState(eventType)) return rooms.get(room)?.event(eventType, stateKey)?.content;
  return asObject(stored.staffActs.newestAt(room, eventType, stateKey)?.changed?.changes[0]?.ours);
}

/** With what was written over put back, as far as it stands as it was written. */
export function contentPutBack(
  beliefs: Parameters<typeof contentNow>[0],
  action: ActionOf<"put-back">,
): JsonObject | undefined {
  const { eventType: type, stateKey, changes } = action;
  const now = contentNow(beliefs, action);
  return now && withoutChange(now, { type, stateKey, changes });
}

/** Whether anything of it stands that would be put back. */
export function isAnythingToPutBack(
  action: ActionOf<"put-back">,
  world: Parameters<typeof contentNow>[0],
): boolean {
  const now = contentNow(world, action);
  return now !== undefined && !isSameJson(contentPutBack(world, action), now);
}

/** Whether it stands as it was put back, nobody having changed it since. */
export function isStillPutBack(
  { changes, ...action }: ActionOf<"put-back">,
  world: Parameters<typeof contentNow>[0],
): boolean {
  const { eventType: type, stateKey } = action;
  return isAnythingToPutBack({ ...action, changes: turnedRound({ type, stateKey, changes }).changes }, world);
}

/** Levels are only raised: what somebody has raised further meanwhile stays, and so does a mute. */
function isStillToDo(levels: JsonObject, { path, ours }: PathChange): boolean {
  const value = valueAt(levels, path);
  if (asObject(ours)) return value === undefined;
  const level = readLevel(value);
  const [table] = path;
  if (table === "users") return level === undefined || (level < Number(ours) && level >= usual(levels));
  // Where the type is no longer named, `events_default` is what counts for it.
  if (table === "events" && level === undefined) return false;
  return (level ?? 0) < Number(ours);
}

function usual(levels: JsonObject): number {
  return readLevel(levels["users_default"]) ?? 0;
}
