/** What moderators have settled: which rooms, which lists in which order, who is exempt. Kept in the store. */
import {
  moved,
  without,
  withAll,
  withEntry,
  withOne,
  withoutAll,
  withoutEntry,
} from "../../kit/immutable.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";

export interface WatchedList {
  readonly room: RoomId;
  /** Servers that may help to join. */
  readonly via: readonly string[];
  /** Lift the bans that Tyr made for a rule of this list when the rule goes. */
  readonly liftsBans: boolean;
}

export interface Exemption {
  /** A user id, a server name, or a glob of either. */
  readonly entity: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  /** Milliseconds since the epoch; absent is for ever. */
  readonly expiresAt?: number;
}

export interface ProtectedRoom {
  readonly room: RoomId;
  readonly via: readonly string[];
  /** The space through which it came; leaving the space's children ends the protection. */
  readonly space: RoomId | undefined;
}

/** A rule that is not applied here, or a room in which the lists' wishes are not, and who said so. */
export interface Rejection {
  /** Undefined where nobody answered in time. */
  readonly by: UserId | undefined;
  readonly at: number;
}

/** The value of a protection's setting, as it is stored: checked against the protection's declaration where it is used. */
export type SettingValue = boolean | number | string | readonly string[];
export type SettingValues = Readonly<Record<string, SettingValue>>;

/** Bots whose commands we understand, in their own words and orders, so that nobody has to learn anew. */
export const foreignBots = ["mjolnir", "draupnir", "meowlnir"] as const;
export type ForeignBot = (typeof foreignBots)[number];

/** A list in which we are only to look at it, until a moderator says whether it is followed. */
export interface Preview {
  /** The command that had us join. */
  readonly command: EventId;
  readonly at: number;
}

/** A rule, by the event that wrote it, or a room. */
export type Settled = EventId | RoomId;

export interface Settings {
  readonly managementRoom: RoomId | undefined;
  readonly rooms: ReadonlyMap<RoomId, ProtectedRoom>;
  readonly spaces: ReadonlyMap<RoomId, readonly string[]>;
  /** Spaces that are followed because another one holds them, by that one. */
  readonly spacesWithin: ReadonlyMap<RoomId, RoomId>;
  /** In order of precedence: the first that says anything decides. */
  readonly lists: readonly WatchedList[];
  readonly exemptions: ReadonlyMap<string, Exemption>;
  readonly defaultList: RoomId | undefined;
  /** Taken out by command: neither a space nor the config brings them back. */
  readonly excluded: ReadonlySet<RoomId>;
  /** Lists no longer watched whose bans were to stay. */
  readonly keptBansOf: ReadonlySet<RoomId>;
  /** What moderators said yes to, and when: it needs no second yes. */
  readonly accepted: ReadonlyMap<Settled, number>;
  readonly rejected: ReadonlyMap<Settled, Rejection>;
  /** What was set of protections, by `protectionKey`: only what differs from the declaration. */
  readonly protections: ReadonlyMap<string, SettingValues>;
  /** Switched on by command or when we took over from such a bot, besides those of the config. */
  readonly understood: ReadonlySet<ForeignBot>;
  /** Rooms that we joined to look at; we leave what is not followed in the end. */
  readonly previews: ReadonlyMap<RoomId, Preview>;
}

/** Of a protection everywhere, or as it is set for one room. */
export function protectionKey(protection: string, room: RoomId | undefined): string {
  return room === undefined ? protection : `${protection} ${room}`;
}

export type SettingChange =
  | { readonly kind: "use-management-room"; readonly room: RoomId }
  | { readonly kind: "protect"; readonly room: ProtectedRoom }
  /** `excludes`: a person took it out, so it does not come back by itself. */
  | { readonly kind: "unprotect"; readonly room: RoomId; readonly excludes: boolean }
  /** `through`: the space that holds it; leaving that one ends it. */
  | {
      readonly kind: "follow-space";
      readonly room: RoomId;
      readonly via: readonly string[];
      readonly through?: RoomId;
    }
  /** With the spaces within it. `excludes`: as with rooms; absent is yes. */
  | { readonly kind: "unfollow-space"; readonly room: RoomId; readonly excludes?: boolean }
  /** `place`: among the lists, where it is not the last. `isDefault`: it becomes the default again. */
  | {
      readonly kind: "watch";
      readonly list: WatchedList;
      readonly place?: number;
      readonly isDefault?: boolean;
    }
  | { readonly kind: "unwatch"; readonly list: RoomId }
  | { readonly kind: "exempt"; readonly exemption: Exemption }
  /** `expiredAt`: only the exemption that ended then, not one that took its place. */
  | { readonly kind: "unexempt"; readonly entity: string; readonly expiredAt?: number }
  | { readonly kind: "set-default-list"; readonly list: RoomId | undefined }
  /** Rules or rooms that need no further yes. */
  | { readonly kind: "accept"; readonly what: readonly Settled[]; readonly at: number }
  | {
      readonly kind: "reject";
      readonly what: readonly Settled[];
      readonly by: UserId | undefined;
      readonly at: number;
    }
  /** Sets some settings of a protection, everywhere or in one room; null goes back to what holds otherwise. */
  | {
      readonly kind: "set-protection";
      readonly protection: string;
      readonly room?: RoomId;
      readonly values: Readonly<Record<string, SettingValue | null>>;
    }
  | { readonly kind: "understand"; readonly bot: ForeignBot; readonly on: boolean }
  | { readonly kind: "preview"; readonly room: RoomId; readonly command: EventId; readonly at: number }
  | { readonly kind: "end-preview"; readonly room: RoomId };

export const noSettings: Settings = {
  managementRoom: undefined,
  rooms: new Map(),
  spaces: new Map(),
  spacesWithin: new Map(),
  lists: [],
  exemptions: new Map(),
  defaultList: undefined,
  excluded: new Set(),
  keptBansOf: new Set(),
  accepted: new Map(),
  rejected: new Map(),
  protections: new Map(),
  understood: new Set(),
  previews: new Map(),
};

/** Settings after a change; the same object where nothing changed. `answersRemembered`: the oldest beyond it go, each way. */
export function changeSettings(
  settings: Settings,
  change: SettingChange,
  { answersRemembered }: { readonly answersRemembered: number },
): Settings {
  switch (change.kind) {
    case "use-management-room":
      return { ...settings, managementRoom: change.room };
    case "protect":
      return {
        ...settings,
        rooms: withEntry(settings.rooms, change.room.room, change.room),
        excluded: without(settings.excluded, change.room.room),
        // A no to what lists ask for there was said of another time.
        rejected: settings.rejected.has(change.room.room)
          ? withoutAll(settings.rejected, [change.room.room])
          : settings.rejected,
      };
    case "unprotect":
      return {
        ...settings,
        rooms: withoutEntry(settings.rooms, change.room),
        excluded: change.excludes ? withOne(settings.excluded, change.room) : settings.excluded,
      };
    case "follow-space":
      return {
        ...settings,
        spaces: withEntry(settings.spaces, change.room, change.via),
        spacesWithin: change.through
          ? withEntry(settings.spacesWithin, change.room, change.through)
          : withoutEntry(settings.spacesWithin, change.room),
        // It may have been taken for a room before we had seen it.
        rooms: withoutEntry(settings.rooms, change.room),
        excluded: without(settings.excluded, change.room),
      };
    case "unfollow-space": {
      const gone = withSpacesIn(change.room, settings.spacesWithin);
      const stays = ([room]: readonly [RoomId, unknown]) => !gone.has(room);
      return {
        ...settings,
        spaces: new Map([...settings.spaces].filter(stays)),
        spacesWithin: new Map([...settings.spacesWithin].filter(stays)),
        rooms: new Map(
          [...settings.rooms].filter(([, { space }]) => space === undefined || !gone.has(space)),
        ),
        excluded: change.excludes === false ? settings.excluded : withOne(settings.excluded, change.room),
      };
    }
    case "watch":
      return {
        ...settings,
        lists: settings.lists.some((list) => list.room === change.list.room)
          ? settings.lists.map((list) => (list.room === change.list.room ? change.list : list))
          : settings.lists.toSpliced(change.place ?? settings.lists.length, 0, change.list),
        defaultList: settings.defaultList ?? (change.isDefault ? change.list.room : undefined),
        excluded: without(settings.excluded, change.list.room),
        keptBansOf: without(settings.keptBansOf, change.list.room),
      };
    case "unwatch":
      return {
        ...settings,
        lists: settings.lists.filter((list) => list.room !== change.list),
        defaultList: settings.defaultList === change.list ? undefined : settings.defaultList,
        excluded: withOne(settings.excluded, change.list),
        keptBansOf: settings.lists.some((list) => list.room === change.list && !list.liftsBans)
          ? withOne(settings.keptBansOf, change.list)
          : settings.keptBansOf,
      };
    case "exempt":
      return {
        ...settings,
        exemptions: withEntry(settings.exemptions, change.exemption.entity, change.exemption),
      };
    case "unexempt":
      if (
        change.expiredAt !== undefined &&
        change.expiredAt !== settings.exemptions.get(change.entity)?.expiresAt
      )
        return settings;
      return { ...settings, exemptions: withoutEntry(settings.exemptions, change.entity) };
    case "set-default-list":
      return { ...settings, defaultList: change.list };
    case "accept":
      return {
        ...settings,
        accepted: withAll(settings.accepted, change.what, { value: change.at, most: answersRemembered }),
        rejected: withoutAll(settings.rejected, change.what),
      };
    case "reject":
      return {
        ...settings,
        accepted: withoutAll(settings.accepted, change.what),
        rejected: withAll(settings.rejected, change.what, {
          value: { by: change.by, at: change.at },
          most: answersRemembered,
        }),
      };
    case "set-protection": {
      const key = protectionKey(change.protection, change.room);
      const merged = { ...settings.protections.get(key), ...change.values };
      const values = Object.fromEntries(
        Object.entries(merged).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
      );
      const isEmpty = Object.keys(values).length === 0;
      return {
        ...settings,
        protections: isEmpty
          ? withoutEntry(settings.protections, key)
          : withEntry(settings.protections, key, values),
      };
    }
    case "understand":
      return {
        ...settings,
        understood: change.on
          ? withOne(settings.understood, change.bot)
          : without(settings.understood, change.bot),
      };
    case "preview": {
      const { room, command, at } = change;
      return { ...settings, previews: withEntry(settings.previews, room, { command, at }) };
    }
    case "end-preview":
      return settings.previews.has(change.room)
        ? { ...settings, previews: withoutEntry(settings.previews, change.room) }
        : settings;
  }
}

/** The space, those that it holds, and so on. */
function withSpacesIn(space: RoomId, within: Settings["spacesWithin"]): ReadonlySet<RoomId> {
  const all = new Set([space]);
  // What is added while it is walked through is walked through as well.
  for (const outer of all) for (const [inner, holder] of within) if (holder === outer) all.add(inner);
  return all;
}

/** What was said of one is said of the other from now on; the same object where nothing was. */
export function moveAnswer(settings: Settings, from: Settled, to: Settled): Settings {
  const { accepted, rejected } = settings;
  if (!accepted.has(from) && !rejected.has(from)) return settings;
  return { ...settings, accepted: moved(accepted, from, to), rejected: moved(rejected, from, to) };
}
