/** What moderators set of the protections, everywhere or for one room. What may be set, each protection declares. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

/** As it is stored: checked against the protection's declaration where it is used. */
export type SettingValue = boolean | number | string | readonly string[];
export type SettingValues = Readonly<Record<string, SettingValue>>;

export interface ProtectionSettings {
  /** By `protectionKey`: only the values that differ from the declaration. */
  readonly protections: ReadonlyMap<string, SettingValues>;
}

export interface ProtectionChange {
  readonly kind: "set-protection";
  readonly protection: string;
  /** Absent: everywhere. */
  readonly room?: RoomId;
  /** By name of the setting; null goes back to the value that is declared or set for everywhere. */
  readonly values: Readonly<Record<string, SettingValue | null>>;
}

/** Under this the values of a protection are stored: those for everywhere, or those for one room. */
export function protectionKey(protection: string, room: RoomId | undefined): string {
  return room === undefined ? protection : `${protection} ${room}`;
}

export const protectionChanges: ChangeRows<ProtectionSettings, ProtectionChange> = {
  "set-protection": {
    apply: ({ protections }, change) => {
      const key = protectionKey(change.protection, change.room);
      const merged = { ...protections.get(key), ...change.values };
      const values = Object.fromEntries(
        Object.entries(merged).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
      );
      const isEmpty = Object.keys(values).length === 0;
      return {
        protections: isEmpty ? withoutEntry(protections, key) : withEntry(protections, key, values),
      };
    },
    inverse: (change, { protections }) => {
      const before = protections.get(protectionKey(change.protection, change.room));
      const values = Object.fromEntries(
        Object.keys(change.values).map((name) => [name, before?.[name] ?? null]),
      );
      return { ...change, values };
    },
    holds: ({ protection, room, values }, { protections }) => {
      const now = protections.get(protectionKey(protection, room));
      return Object.entries(values).every(
        ([name, value]) => JSON.stringify(now?.[name] ?? null) === JSON.stringify(value),
      );
    },
    subject: ({ room }) => room,
  },
};

/** The changes after which nothing of the protection is set, anywhere. */
export function forgetting(protection: string, settings: ProtectionSettings): readonly ProtectionChange[] {
  return [undefined, ...roomsSetFor(protection, settings)].flatMap((room) => {
    const set = settings.protections.get(protectionKey(protection, room));
    if (!set) return [];
    const values = Object.fromEntries(Object.keys(set).map((setting) => [setting, null]));
    return [{ kind: "set-protection", protection, ...(room ? { room } : {}), values }];
  });
}

/** Rooms for which something of the protection is set apart. */
export function roomsSetFor(protection: string, { protections }: ProtectionSettings): readonly RoomId[] {
  const prefix = protectionKey(protection, "" as RoomId);
  return [...protections.keys()].flatMap((key) =>
    key.startsWith(prefix) ? [key.slice(prefix.length) as RoomId] : [],
  );
}
