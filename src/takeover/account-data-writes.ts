/**
 * What belongs into each key of a Mjolnir's or Draupnir's account data, and how it gets there: everything that we do
 * not know stays as it is, in whatever order and with whatever fields.
 */
import { asArray, asString, stringsOf, type JsonObject } from "../kit/json.ts";
import type { RoomId } from "../model/ids.ts";
import { roomLink } from "../model/links.ts";
import type { WorldView } from "../model/world/view.ts";
import { accountKeys, draupnirVersion, madeByUs } from "./account-data.ts";

export interface Merging {
  /** What stands in the key now. */
  readonly there: JsonObject;
  /** What we last put there, in the form of `ours`; empty at first. */
  readonly before: JsonObject;
  readonly ours: JsonObject;
  /** The room that a text in the key means, where it means one. */
  readonly roomOf: (reference: string) => RoomId | undefined;
}

export interface KeyBack {
  /** The type of account data. */
  readonly type: string;
  /** Our part of it; undefined where we have nothing to say. */
  readonly ours: (world: WorldView) => JsonObject | undefined;
  /** The whole of it; undefined where it is fine as it is. */
  readonly merge: (merging: Merging) => JsonObject | undefined;
}

export const keysBack: readonly KeyBack[] = [
  {
    type: accountKeys.rooms,
    ours: ({ settings }) => ({ rooms: [...settings.rooms.keys()] }),
    merge: (merging) => mergeRooms("rooms", merging),
  },
  {
    type: accountKeys.lists,
    ours: ({ settings }) => ({ references: settings.lists.map((list) => roomLink(list.room, list.via)) }),
    merge: (merging) => mergeRooms("references", merging),
  },
  { type: accountKeys.defaultList, ours: defaultList, merge: mergeDefault },
  {
    type: accountKeys.protections,
    ours: ({ settings }) => ({
      enabled: [...names.keys()].filter((name) => settings.protections.get(name)?.["enabled"] === true),
    }),
    merge: mergeProtections,
  },
];

/** Rooms and lists, each under the text that stands there, or ours where none does. */
function mergeRooms(field: string, { there, before, ours, roomOf }: Merging): JsonObject | undefined {
  const roomsIn = (content: JsonObject) =>
    new Map(stringsOf(content[field]).map((text) => [roomOf(text) ?? text, text]));
  const [wanted, gone] = [roomsIn(ours), roomsIn(before)];
  const seen = new Set<string>();
  const kept = (asArray(there[field]) ?? []).filter((entry) => {
    const room = roomOf(asString(entry) ?? "");
    if (room === undefined) return true;
    seen.add(room);
    return wanted.has(room) || !gone.has(room);
  });
  const added = [...wanted].flatMap(([room, text]) => (seen.has(room) ? [] : [text]));
  if (kept.length + added.length === 0 && there[field] === undefined) return undefined;
  const isNew = field === "rooms" && Object.keys(there).length === 0;
  return { ...there, [field]: [...kept, ...added], ...(isNew ? { [madeByUs]: true } : {}) };
}

/** Mjolnir finds its default only in lower case. */
function defaultList({ settings, lists }: WorldView): JsonObject | undefined {
  const shortcode = settings.defaultList && lists.get(settings.defaultList)?.shortcode;
  return shortcode ? { shortcode: shortcode.toLowerCase() } : undefined;
}

function mergeDefault({ there, ours }: Merging): JsonObject | undefined {
  const isSame = asString(there["shortcode"])?.toLowerCase() === ours["shortcode"];
  return isSame ? undefined : { ...there, ...ours };
}

/** Our protections by the names they have with either bot. */
const names: ReadonlyMap<string, { readonly mjolnir: string; readonly draupnir: string }> = new Map([
  ["flood", { mjolnir: "BasicFloodingProtection", draupnir: "BasicFloodingProtection" }],
  ["mention-limit", { mjolnir: "MentionSpam", draupnir: "MentionLimitProtection" }],
]);

function mergeProtections({ there, before, ours }: Merging): JsonObject | undefined {
  const whose = draupnirVersion in there ? "draupnir" : "mjolnir";
  const named = (content: JsonObject) =>
    stringsOf(content["enabled"]).flatMap((name) => names.get(name)?.[whose] ?? []);
  const [wanted, gone] = [named(ours), named(before)];
  const standing = asArray(there["enabled"]) ?? [];
  const kept = standing.filter((name) => wanted.includes(name as string) || !gone.includes(name as string));
  const added = wanted.filter((name) => !kept.includes(name));
  if (kept.length === standing.length && added.length === 0) return undefined;
  return { ...there, enabled: [...kept, ...added] };
}
