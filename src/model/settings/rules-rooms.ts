/** Which rules rooms are followed, and what becomes of what they change. The rules themselves stand in rules.ts. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";
import type { ProtectionSettings, SettingValues } from "./protections.ts";
import { bounded, type RuleSettings, type RuleVersion, type StoredRule } from "./rules.ts";

/** What becomes of a new version of a rule that does more than look: it is tried beside the old one, or takes its place. */
export type Updates = "ask" | "apply";

export interface FollowedRoom {
  readonly room: RoomId;
  /** Servers that may help to join. */
  readonly via: readonly string[];
  /** Stands before the names of its rules: `alias/name`. */
  readonly alias: string;
  readonly updates: Updates;
}

export interface RulesRoomSettings {
  readonly rulesRooms: ReadonlyMap<RoomId, FollowedRoom>;
}

/** A version that a rules room has now, and the version that answers from then on. */
export interface TakenVersion {
  readonly rule: string;
  readonly version: RuleVersion;
  readonly inForce: number;
}

type Stored = readonly (readonly [string, StoredRule])[];
type Values = readonly (readonly [string, SettingValues])[];

export type RulesRoomChange =
  /** `rules`, `values`: what was there when it was followed before. */
  | {
      readonly kind: "follow-rules";
      readonly followed: FollowedRoom;
      readonly rules?: Stored;
      readonly values?: Values;
    }
  /** With its rules and how they are set. */
  | { readonly kind: "unfollow-rules"; readonly room: RoomId }
  /** `gone`: rules that go, with how they are set. */
  | {
      readonly kind: "take-rules";
      readonly room: RoomId;
      readonly taken: readonly TakenVersion[];
      readonly gone: readonly string[];
    };

/** Of a rule that comes from elsewhere, beside the one in force: another community may change its mind every minute. */
const versionsKept = 2;

type Needed = RulesRoomSettings & RuleSettings & ProtectionSettings;

export const rulesRoomChanges: ChangeRows<Needed, RulesRoomChange> = {
  "follow-rules": {
    apply: ({ rulesRooms, rules, protections }, { followed, rules: kept = [], values = [] }) => ({
      rulesRooms: withEntry(rulesRooms, followed.room, followed),
      ...(kept.length > 0 ? { rules: new Map([...rules, ...kept]) } : {}),
      ...(values.length > 0 ? { protections: new Map([...protections, ...values]) } : {}),
    }),
    inverse: ({ followed: { room } }, { rulesRooms }) => {
      const followed = rulesRooms.get(room);
      return followed ? { kind: "follow-rules", followed } : { kind: "unfollow-rules", room };
    },
    holds: ({ followed: { room, updates } }, { rulesRooms }) => rulesRooms.get(room)?.updates === updates,
    subject: ({ followed: { room } }) => room,
  },
  "unfollow-rules": {
    apply: (settings, { room }) => ({
      rulesRooms: withoutEntry(settings.rulesRooms, room),
      ...without(settings, namesFrom(room, settings)),
    }),
    inverse: ({ room }, settings) => {
      const followed = settings.rulesRooms.get(room);
      const names = new Set(namesFrom(room, settings));
      const rules = [...settings.rules].filter(([name]) => names.has(name));
      const values = [...settings.protections].filter(([key]) => names.has(nameIn(key)));
      return followed && { kind: "follow-rules", followed, rules, values };
    },
    holds: ({ room }, { rulesRooms }) => !rulesRooms.has(room),
    subject: ({ room }) => room,
  },
  "take-rules": {
    apply: (settings, { room, taken, gone }) => {
      if (!settings.rulesRooms.has(room)) return {};
      const left = without(settings, gone);
      const rules = new Map(left.rules);
      for (const { rule, version, inForce } of taken) {
        const others = rules.get(rule)?.versions.filter(({ number }) => number !== version.number) ?? [];
        const stored = bounded({ versions: [...others, version], inForce }, versionsKept);
        rules.set(rule, { ...stored, from: room });
      }
      return { ...left, rules };
    },
    // What a room changes is not taken back: it would come again. `back` returns to a version, `unfollow` ends it.
    inverse: () => undefined,
    holds: ({ taken }, { rules }) =>
      taken.every(({ rule, version }) => rules.get(rule)?.versions.at(-1)?.number === version.number),
    subject: ({ room }) => room,
  },
};

/** The names of the rules that come from the room. */
export function namesFrom(room: RoomId, { rules }: Pick<RuleSettings, "rules">): readonly string[] {
  return [...rules].flatMap(([name, { from }]) => (from === room ? [name] : []));
}

function without(
  { rules, protections }: Pick<Needed, "rules" | "protections">,
  names: readonly string[],
): Pick<Needed, "rules" | "protections"> {
  if (names.length === 0) return { rules, protections };
  const gone = new Set(names);
  return {
    rules: new Map([...rules].filter(([name]) => !gone.has(name))),
    protections: new Map([...protections].filter(([key]) => !gone.has(nameIn(key)))),
  };
}

/** Of `protectionKey`. */
function nameIn(key: string): string {
  return key.split(" ", 1)[0]!;
}
