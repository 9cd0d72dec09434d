/**
 * How our settings are written to the account data that Mjolnir and Draupnir read, so that a return to them finds rooms,
 * lists and protections. Entries and fields that we do not know stay as they are, in their order.
 */
import { asArray, asString, stringsOf, type JsonObject } from "../kit/json.ts";
import type { RoomId } from "../model/ids.ts";
import { roomLink } from "../model/links.ts";
import type { WorldView } from "../model/world/view.ts";
import { accountKeys, draupnirVersion, madeByUs } from "./account-data.ts";

export interface MergeInput {
  /** The content that the homeserver holds now. */
  readonly current: JsonObject;
  /** What we wrote last, in the form of `ours`; empty at first. */
  readonly lastWritten: JsonObject;
  readonly ours: JsonObject;
  /** The room that an entry names, by id, alias or link; undefined where it names none. */
  readonly roomOf: (reference: string) => RoomId | undefined;
}

export interface AccountDataWrite {
  /** The type of account data. */
  readonly type: string;
  /** Our part of the content; undefined where we would write nothing. */
  readonly ours: (world: WorldView) => JsonObject | undefined;
  /** The content to write; undefined where it needs no change. */
  readonly merge: (input: MergeInput) => JsonObject | undefined;
}

export const accountDataWrites: readonly AccountDataWrite[] = [
  {
    type: accountKeys.rooms,
    ours: (world) => ({ rooms: [...world.protectedIds()] }),
    merge: (input) => mergeRooms("rooms", input),
  },
  {
    type: accountKeys.lists,
    ours: ({ settings }) => ({ references: settings.lists.map((list) => roomLink(list.room, list.via)) }),
    merge: (input) => mergeRooms("references", input),
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

/** Rooms or lists: an entry that names one keeps its text; what has no entry is added in our form. */
function mergeRooms(
  field: string,
  { current, lastWritten, ours, roomOf }: MergeInput,
): JsonObject | undefined {
  const roomsIn = (content: JsonObject) =>
    new Map(stringsOf(content[field]).map((text) => [roomOf(text) ?? text, text]));
  const [wanted, gone] = [roomsIn(ours), roomsIn(lastWritten)];
  const seen = new Set<string>();
  const kept = (asArray(current[field]) ?? []).filter((entry) => {
    const room = roomOf(asString(entry) ?? "");
    if (room === undefined) return true;
    seen.add(room);
    return wanted.has(room) || !gone.has(room);
  });
  const added = [...wanted].flatMap(([room, text]) => (seen.has(room) ? [] : [text]));
  if (kept.length + added.length === 0 && current[field] === undefined) return undefined;
  const isNew = field === "rooms" && Object.keys(current).length === 0;
  return { ...current, [field]: [...kept, ...added], ...(isNew ? { [madeByUs]: true } : {}) };
}

/** In lower case, as Mjolnir finds its default list only by that. */
function defaultList({ settings, lists }: WorldView): JsonObject | undefined {
  const shortcode = settings.defaultList && lists.get(settings.defaultList)?.shortcode;
  return shortcode ? { shortcode: shortcode.toLowerCase() } : undefined;
}

function mergeDefault({ current, ours }: MergeInput): JsonObject | undefined {
  const isSame = asString(current["shortcode"])?.toLowerCase() === ours["shortcode"];
  return isSame ? undefined : { ...current, ...ours };
}

/** What each bot calls our protections. */
const names: ReadonlyMap<string, { readonly mjolnir: string; readonly draupnir: string }> = new Map([
  ["flood", { mjolnir: "BasicFloodingProtection", draupnir: "BasicFloodingProtection" }],
  ["mention-limit", { mjolnir: "MentionSpam", draupnir: "MentionLimitProtection" }],
]);

function mergeProtections({ current, lastWritten, ours }: MergeInput): JsonObject | undefined {
  const whose = draupnirVersion in current ? "draupnir" : "mjolnir";
  const named = (content: JsonObject) =>
    stringsOf(content["enabled"]).flatMap((name) => names.get(name)?.[whose] ?? []);
  const [wanted, gone] = [named(ours), named(lastWritten)];
  const standing = asArray(current["enabled"]) ?? [];
  const kept = standing.filter((name) => wanted.includes(name as string) || !gone.includes(name as string));
  const added = wanted.filter((name) => !kept.includes(name));
  if (kept.length === standing.length && added.length === 0) return undefined;
  return { ...current, enabled: [...kept, ...added] };
}
