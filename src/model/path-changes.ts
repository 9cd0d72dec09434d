/**
 * Changes of single values within a state event, so that each can be taken back by itself: what others change in the same
 * event stays as it is.
 */
import { asObject, isSameJson, type JsonObject } from "../kit/json.ts";
import { readLevel } from "./power-levels.ts";

/** What is changed to contain a room: its power levels, its server ACL or its join rule. */
export const containedKeys = ["levels", "acl", "join-rule"] as const;
export type ContainedKey = (typeof containedKeys)[number];

/** The keys that are written as a whole event by the act that changes them. */
export type WrittenKey = Exclude<ContainedKey, "acl">;

export const eventTypeOf: { readonly [K in WrittenKey]: string } = {
  levels: "m.room.power_levels",
  "join-rule": "m.room.join_rules",
};

export interface PathChange {
  /** The keys that lead to the value; empty for the whole content. */
  readonly path: readonly string[];
  /** Absent where nothing stood there. */
  readonly before?: unknown;
  readonly ours: unknown;
}

export function valueAt(content: JsonObject, [first, second]: readonly string[]): unknown {
  if (first === undefined) return content;
  return second === undefined ? content[first] : asObject(content[first])?.[second];
}

/** Whether both are the same to every server: levels of old rooms may be texts. */
export function isSameValue(one: unknown, other: unknown): boolean {
  const level = readLevel(other);
  return level === undefined ? isSameJson(one, other) : readLevel(one) === level;
}

/** The content with these values in it; where a value is undefined, nothing stands there. */
export function withValues(
  content: JsonObject,
  values: readonly { readonly path: readonly string[]; readonly value: unknown }[],
): JsonObject {
  const all: Record<string, unknown> = { ...content };
  const copied = new Map<string, Record<string, unknown>>();
  for (const { path, value } of values) {
    const [first, second] = path;
    if (first === undefined) return asObject(value) ?? content;
    if (second === undefined) {
      put(all, first, value);
      continue;
    }
    const table = copied.get(first) ?? { ...asObject(all[first]) };
    copied.set(first, table);
    all[first] = table;
    put(table, second, value);
  }
  return all;
}

function put(into: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete into[key];
  else into[key] = value;
}

/** A table that was made to hold other changes: it goes when it is empty again. */
export function isTable({ path, ours }: PathChange): boolean {
  return path.length === 1 && asObject(ours) !== undefined;
}

/** Whether what we wrote still stands there. */
export function isStillOurs(content: JsonObject, change: PathChange): boolean {
  const value = valueAt(content, change.path);
  return isTable(change) ? asObject(value) !== undefined : isSameValue(value, change.ours);
}

/** The content with everything of it taken back that is still ours. */
export function takenBack(content: JsonObject, changes: readonly PathChange[]): JsonObject {
  const back = changes
    .filter((change) => !isTable(change) && isStillOurs(content, change))
    .map(({ path, before }) => ({ path, value: before }));
  const without = back.length > 0 ? withValues(content, back) : content;
  const empty = changes.filter(
    (change) => isTable(change) && isSameJson(valueAt(without, change.path), change.ours),
  );
  return empty.length > 0
    ? withValues(
        without,
        empty.map(({ path }) => ({ path, value: undefined })),
      )
    : without;
}

/** Whether taking them back would change anything. */
export function isAnythingLeft(content: JsonObject, changes: readonly PathChange[]): boolean {
  return !isSameJson(takenBack(content, changes), content);
}
