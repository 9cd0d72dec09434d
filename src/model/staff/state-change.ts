/** What somebody changed of a state event, value by value, so that each can be taken back that still stands as they wrote it. */
import { asObject, isSameJson, stringsOf, type JsonObject } from "../../kit/json.ts";
import { takenBack, valueAt, withValues, type PathChange } from "../path-changes.ts";
import { asNumbers, readLevel } from "../power-levels.ts";
import type { StateChange } from "./staff-acts.ts";

/** Bytes of a state event of which its content is kept: what is larger, as the picture in a widget, cannot be taken back. */
const mostBytes = 16_000;
const tables: readonly string[] = ["users", "events", "notifications"];
const aclTables: readonly string[] = ["allow", "deny"];

/** Undefined where it is too large to be kept, or where nothing is changed. */
export function changeOf(
  { type, stateKey }: Pick<StateChange, "type" | "stateKey">,
  before: JsonObject,
  after: JsonObject,
): StateChange | undefined {
  const changes = changesOf(type, before, after);
  if (changes.length === 0) return undefined;
  return JSON.stringify(changes).length > 2 * mostBytes ? undefined : { type, stateKey, changes };
}

function changesOf(type: string, before: JsonObject, after: JsonObject): readonly PathChange[] {
  if (type === "m.room.power_levels") return levelChanges(asNumbers(before), asNumbers(after));
  if (type === "m.room.server_acl") return aclTables.flatMap((table) => entryChanges(table, before, after));
  return isSameJson(before, after) ? [] : [{ path: [], before, ours: after }];
}

function levelChanges(before: JsonObject, after: JsonObject): readonly PathChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key): readonly PathChange[] => {
    if (!tables.includes(key)) return changeAt([key], before[key], after[key]);
    const [one, other] = [asObject(before[key]) ?? {}, asObject(after[key]) ?? {}];
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].flatMap((name) => changeAt([key, name], one[name], other[name]));
  });
}

/** Each entry of an ACL is one value: there, or not. */
function entryChanges(table: string, before: JsonObject, after: JsonObject): readonly PathChange[] {
  const [one, other] = [new Set(stringsOf(before[table])), new Set(stringsOf(after[table]))];
  const all = new Set([...one, ...other]);
  return [...all].flatMap((entry) => changeAt([table, entry], flag(one.has(entry)), flag(other.has(entry))));
}

function flag(is: boolean): true | undefined {
  return is ? true : undefined;
}

function changeAt(path: readonly string[], before: unknown, ours: unknown): readonly PathChange[] {
  if (isSameJson(before, ours)) return [];
  return [{ path, ours, ...(before === undefined ? {} : { before }) }];
}

/** The content with everything of the change taken back that still stands. */
export function withoutChange(content: JsonObject, { type, changes }: StateChange): JsonObject {
  if (type === "m.room.server_acl") return withAcl(content, changes);
  const readable = type === "m.room.power_levels" ? asNumbers(content) : content;
  return takenBack(readable, changes);
}

function withAcl(content: JsonObject, changes: readonly PathChange[]): JsonObject {
  const lists = aclTables.flatMap((table): readonly { path: readonly string[]; value: unknown }[] => {
    if (content[table] === undefined) return [];
    const entries = new Set(stringsOf(content[table]));
    const before = entries.size;
    let isChanged = false;
    for (const { path, ours, before: stood } of changes) {
      const [of, entry] = path;
      if (of !== table || entry === undefined || entries.has(entry) !== (ours === true)) continue;
      isChanged = true;
      if (stood === true) entries.add(entry);
      else entries.delete(entry);
    }
    return isChanged || entries.size !== before ? [{ path: [table], value: [...entries] }] : [];
  });
  return lists.length > 0 ? withValues(content, lists) : content;
}

/** Whether taking it back would change anything. */
export function isAnythingToTakeBack(content: JsonObject, change: StateChange): boolean {
  return !isSameJson(withoutChange(content, change), content);
}

/** What takes the taking back back. */
export function turnedRound({ type, stateKey, changes }: StateChange): StateChange {
  const back = changes.map(({ path, before, ours }) => ({
    path,
    ours: before,
    ...(ours === undefined ? {} : { before: ours }),
  }));
  return { type, stateKey, changes: back };
}

/** Both as one, where the second was made of what the first had left; what somebody else changed between them is not theirs. */
export function together(first: StateChange, second: StateChange): StateChange {
  const left = new Map(first.changes.map((change) => [change.path.join("\n"), change]));
  const both = second.changes.map((change): PathChange => {
    const key = change.path.join("\n");
    const earlier = left.get(key);
    left.delete(key);
    if (!earlier || !isSameJson(earlier.ours, change.before)) return change;
    const { before: _, ...rest } = change;
    return earlier.before === undefined ? rest : { ...rest, before: earlier.before };
  });
  const changes = [...left.values(), ...both].filter(({ before, ours }) => !isSameJson(before, ours));
  return { ...second, changes };
}

/** Without the values that somebody else has changed after it: those are theirs, whatever stands there by now. */
export function without(change: StateChange, later: StateChange): StateChange {
  const changed = new Set(later.changes.map(({ path }) => path.join("\n")));
  return { ...change, changes: change.changes.filter(({ path }) => !changed.has(path.join("\n"))) };
}

/** Whether a level cannot be put back by somebody who has the level `own`: it is, or was, above theirs, or of a person at theirs. */
export function isBeyond({ path, before }: PathChange, levels: JsonObject, own: number): boolean {
  const now = readLevel(valueAt(levels, path));
  if ((readLevel(before) ?? -Infinity) > own || (now ?? -Infinity) > own) return true;
  return path[0] === "users" && (now ?? readLevel(levels["users_default"]) ?? 0) >= own;
}
