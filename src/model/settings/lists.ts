/** Which policy lists are watched, in which order, and into which of them rules are written by default. */
import { without, withOne } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { RuleKind } from "../policy-rule.ts";
import type { ChangeRows } from "./change-row.ts";
import type { RoomSettings } from "./rooms.ts";

/**
 * What becomes of a list's rules. `ask`: one that hits somebody here waits for a yes. `notify`: none is applied, but what
 * they say counts beside other lists. `off`: not even that.
 */
export const listModes = ["apply", "ask", "notify", "off"] as const;
export type ListMode = (typeof listModes)[number];

/** What a rule of the list leads to at most. `ban`: no takedown. */
export const listCaps = ["ban", "mute"] as const;
export type ListCap = (typeof listCaps)[number];

/** What a list counts where nobody said otherwise: it bans alone. */
export const fullWeight = 100;

/** How far a list is trusted. What is absent is as it was before there was a choice: applied, of full weight, without a cap. */
export interface ListTrust {
  readonly mode?: Readonly<Partial<Record<RuleKind, ListMode>>>;
  /** Of the threshold that a ban takes. */
  readonly weight?: number;
  readonly cap?: ListCap;
  /** Lists for which the same stands here have one voice: moderators said that they are of one owner. */
  readonly owner?: RoomId;
}

export interface WatchedList extends ListTrust {
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
  /** All of it: what is absent in `trust` is as for any list. */
  | { readonly kind: "trust-list"; readonly list: RoomId; readonly trust: ListTrust }
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
  "trust-list": {
    apply: ({ lists }, { list: room, trust }) =>
      lists.some((one) => one.room === room && !isSameTrust(one, trust))
        ? { lists: lists.map((one) => (one.room === room ? withTrust(one, trust) : one)) }
        : {},
    inverse: ({ list: room }, { lists }) => {
      const before = lists.find((one) => one.room === room);
      return before && { kind: "trust-list", list: room, trust: trustIn(before) };
    },
    holds: ({ list: room, trust }, { lists }) => {
      const now = lists.find((one) => one.room === room);
      return now !== undefined && isSameTrust(now, trust);
    },
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

export function trustIn({ mode, weight, cap, owner }: ListTrust): ListTrust {
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(weight === undefined ? {} : { weight }),
    ...(cap === undefined ? {} : { cap }),
    ...(owner === undefined ? {} : { owner }),
  };
}

function withTrust({ room, via, liftsBans }: WatchedList, trust: ListTrust): WatchedList {
  return { room, via, liftsBans, ...trustIn(trust) };
}

export function modeOf({ mode }: ListTrust, kind: RuleKind): ListMode {
  return mode?.[kind] ?? "apply";
}

export function weightOf({ weight = fullWeight }: ListTrust): number {
  return weight;
}

/** Whether nothing was chosen for it. */
export function isFullyTrusted(list: ListTrust): boolean {
  return isSameTrust(list, {});
}

export function isSameTrust(one: ListTrust, other: ListTrust): boolean {
  const kinds = ["user", "room", "server"] as const;
  return (
    kinds.every((kind) => modeOf(one, kind) === modeOf(other, kind)) &&
    weightOf(one) === weightOf(other) &&
    one.cap === other.cap &&
    one.owner === other.owner
  );
}
