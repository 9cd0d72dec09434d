/** The content of a state event as an act leaves it that changes single values of it, from the room as it is by then. */
import { asObject, type JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../actions/action.ts";
import { eventTypeOf, takenBack, valueAt, withValues, type PathChange } from "../path-changes.ts";
import { asNumbers, readLevel } from "../power-levels.ts";
import type { Beliefs } from "./beliefs.ts";

/** `now`: the content that it changes, if not that of the room. Undefined where the room has none of that type. */
export function contentAfter(
  { rooms, stored }: Beliefs,
  action: ActionOf<"contain" | "release">,
  now: JsonObject | undefined = rooms.get(action.room)?.event(eventTypeOf[action.key])?.content,
): JsonObject | undefined {
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
