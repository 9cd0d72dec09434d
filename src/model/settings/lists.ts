/** Which policy lists are watched, in which order, and into which of them rules are written by default. */
import { without, withOne } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";
import type { RoomSettings } from "./rooms.ts";

export interface WatchedList {
  readonly room: RoomId;
  /** Servers that may help to join. */
  readonly via: readonly string[];
  /** Lift the bans that Tyr made for a rule of this list when the rule goes. */
  readonly liftsBans: boolean;
}

export interface ListSettings {
  /** In order of precedence: the first that says anything about somebody decides. */
  readonly lists: readonly WatchedList[];
  readonly defaultList: RoomId | undefined;
  /** Lists no longer watched that did not lift bans: the bans made for them stay. */
  readonly keptBansOf: ReadonlySet<RoomId>;
}

export type ListChange =
  /** `place`: its index in the order, where it is not the last. `isDefault`: it is the default list where there is none. */
  | {
      readonly kind: "watch";
      readonly list: WatchedList;
      readonly place?: number;
      readonly isDefault?: boolean;
    }
  | { readonly kind: "unwatch"; readonly list: RoomId }
  | { readonly kind: "set-default-list"; readonly list: RoomId | undefined };

export const listChanges: ChangeRows<ListSettings & Pick<RoomSettings, "excluded">, ListChange> = {
  watch: {
    apply: ({ lists, defaultList, excluded, keptBansOf }, { list, place, isDefault }) => ({
      lists: isWatched(list.room, lists)
        ? lists.map((one) => (one.room === list.room ? list : one))
        : lists.toSpliced(place ?? lists.length, 0, list),
      defaultList: defaultList ?? (isDefault ? list.room : undefined),
      excluded: without(excluded, list.room),
      keptBansOf: without(keptBansOf, list.room),
    }),
    inverse: ({ list: { room } }, { lists }) => {
      const list = lists.find((one) => one.room === room);
      return list ? { kind: "watch", list } : { kind: "unwatch", list: room };
    },
    holds: ({ list: { room } }, { lists }) => isWatched(room, lists),
    subject: ({ list: { room } }) => room,
  },
  unwatch: {
    apply: ({ lists, defaultList, excluded, keptBansOf }, { list: room }) => ({
      lists: lists.filter((list) => list.room !== room),
      defaultList: defaultList === room ? undefined : defaultList,
      excluded: withOne(excluded, room),
      keptBansOf: lists.some((list) => list.room === room && !list.liftsBans)
        ? withOne(keptBansOf, room)
        : keptBansOf,
    }),
    inverse: ({ list: room }, { lists, defaultList }) => {
      const place = lists.findIndex((one) => one.room === room);
      const list = lists[place];
      return list && { kind: "watch", list, place, isDefault: defaultList === room };
    },
    holds: ({ list: room }, { lists }) => !isWatched(room, lists),
    subject: ({ list }) => list,
  },
  "set-default-list": {
    apply: (_settings, { list }) => ({ defaultList: list }),
    inverse: (_change, { defaultList }) => ({ kind: "set-default-list", list: defaultList }),
    holds: ({ list }, { defaultList }) => defaultList === list,
    subject: ({ list }) => list,
  },
};

function isWatched(room: RoomId, lists: readonly WatchedList[]): boolean {
  return lists.some((list) => list.room === room);
}
