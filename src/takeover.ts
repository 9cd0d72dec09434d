/** What a Mjolnir left in the account's data: protected rooms and watched lists. Read once, written ever after. */
import { asArray, asObject, asString } from "./kit/json.ts";
import { parseLink, roomLink } from "./commands/links.ts";
import { parseRoomAlias, parseRoomId, type RoomAlias, type RoomId } from "./model/ids.ts";
import type { SettingChange, Settings } from "./model/settings.ts";

export const mjolnirRooms = "org.matrix.mjolnir.protected_rooms";
export const mjolnirLists = "org.matrix.mjolnir.watched_lists";

/** Where a room or list is said to be, before anybody has looked. */
export interface Address {
  readonly id: RoomId | RoomAlias;
  readonly via: readonly string[];
}

export interface Taken {
  readonly rooms: readonly Address[];
  readonly lists: readonly Address[];
  /** Entries that are no addresses. */
  readonly unreadable: readonly string[];
}

export function readMjolnir(rooms: unknown, lists: unknown): Taken {
  const unreadable: string[] = [];
  const read = (entries: unknown) =>
    (asArray(entries) ?? []).flatMap((entry) => {
      const address = parseAddress(asString(entry) ?? "");
      if (!address) unreadable.push(String(entry).slice(0, 100));
      return address ?? [];
    });
  return {
    rooms: read(asObject(rooms)?.["rooms"]),
    lists: read(asObject(lists)?.["references"]),
    unreadable,
  };
}

/** A room id, an alias or a link to either. */
export function parseAddress(text: string): Address | undefined {
  const link = parseLink(text);
  const id = link?.room ?? link?.alias ?? parseRoomId(text) ?? parseRoomAlias(text);
  return id && { id, via: link?.via ?? [] };
}

/** The account data that keeps the way back to a Mjolnir open, for the keys that a change touches. */
export function mjolnirKeys(
  settings: Settings,
  change: SettingChange,
): readonly (readonly [string, object])[] {
  switch (change.kind) {
    case "protect":
    case "unprotect":
    case "unfollow-space":
      return [[mjolnirRooms, { rooms: [...settings.rooms.keys()] }]];
    case "watch":
    case "unwatch":
      return [[mjolnirLists, { references: settings.lists.map((list) => roomLink(list.room, list.via)) }]];
    default:
      return [];
  }
}
