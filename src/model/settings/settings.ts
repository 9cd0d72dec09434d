/**
 * What moderators have set by commands: all settings together, empty ones, and how each is stored. Which changes there
 * are is told in change.ts.
 */
import type { RoomId } from "../ids.ts";
import type { AnswerSettings } from "./answers.ts";
import type { BridgeSettings } from "./bridges.ts";
import type { DutySettings } from "./duty.ts";
import { exceptionKey, type Exception, type ExceptionSettings } from "./exceptions.ts";
import type { ExemptionSettings } from "./exemptions.ts";
import type { ForeignBotSettings } from "./foreign-bots.ts";
import type { Holder } from "./holders.ts";
import type { InviterSettings } from "./inviters.ts";
import type { KnockSettings } from "./knocks.ts";
import type { LabelSettings } from "./labels.ts";
import type { NoteSettings } from "./notes.ts";
import type { ReportSettings } from "./reports.ts";
import type { ListSettings, WatchedList } from "./lists.ts";
import type { PolicyServerSettings } from "./policy-servers.ts";
import type { PreviewSettings } from "./previews.ts";
import type { ProfileSettings } from "./profile.ts";
import type { ProtectionSettings } from "./protections.ts";
import type { RoleSettings } from "./roles.ts";
import type { RoomSettings } from "./rooms.ts";
import type { RuleSettings } from "./rules.ts";
import type { RulesRoomSettings } from "./rules-rooms.ts";
import type { StaffSettings } from "./staff.ts";
import type { StopSettings } from "./stop.ts";
import type { WaveSettings } from "./waves.ts";
import type { WebSettings } from "./web.ts";

/** Those of each file beside this one. */
export type Settings = RoomSettings &
  ListSettings &
  ExemptionSettings &
  ExceptionSettings &
  AnswerSettings &
  ProtectionSettings &
  ProfileSettings &
  RuleSettings &
  RulesRoomSettings &
  ForeignBotSettings &
  LabelSettings &
  PreviewSettings &
  StopSettings &
  WaveSettings &
  StaffSettings &
  DutySettings &
  RoleSettings &
  ReportSettings &
  NoteSettings &
  BridgeSettings &
  InviterSettings &
  PolicyServerSettings &
  KnockSettings &
  WebSettings;

/** How a setting is stored: as JSON that we wrote ourselves, and so trust when we read it. */
interface StoredAs<Value> {
  /** The value before anybody set it, and where an earlier version stored none. */
  readonly none: Value;
  readonly toJson: (value: Value) => unknown;
  readonly fromJson: (stored: unknown) => Value;
}

/** A row for each setting, in the order in which they are written. Stored databases have these names and shapes. */
const rows: { readonly [Name in keyof Settings]: StoredAs<Settings[Name]> } = {
  managementRoom: asItIs<RoomId | undefined>(undefined),
  rooms: asValues(({ room }) => room),
  spaces: asEntries(),
  spacesWithin: asHolders(),
  lists: asItIs<readonly WatchedList[]>([]),
  exemptions: asValues(({ entity }) => entity),
  exceptions: leftOutWhileEmpty(asValues<string, Exception>(exceptionKey)),
  defaultList: asItIs<RoomId | undefined>(undefined),
  excluded: asItems(),
  protectsJoined: asItIs<true | undefined>(undefined),
  keptBansOf: asItems(),
  accepted: asEntries(),
  rejected: asEntries(),
  protections: asEntries(),
  profile: asItIs<string | undefined>(undefined),
  rules: leftOutWhileEmpty(asEntries()),
  ruleLists: leftOutWhileEmpty(asEntries()),
  rulesRooms: leftOutWhileEmpty(asEntries()),
  understood: asItems(),
  previews: asEntries(),
  labels: leftOutWhileEmpty(asEntries()),
  doubted: leftOutWhileEmpty(asEntries()),
  stopping: {
    ...asItIs<StopSettings["stopping"]>({ stop: undefined, dropped: [] }),
    // Left out while there is nothing to say, as in the databases of earlier versions.
    toJson: (value) => (value.stop || value.dropped.length > 0 ? value : undefined),
  },
  waveVerdicts: leftOutWhileEmpty(asEntries()),
  excused: leftOutWhileEmpty(asEntries()),
  expectedCrowds: leftOutWhileEmpty(asEntries()),
  staffVerdicts: leftOutWhileEmpty(asEntries()),
  duty: leftOutWhileEmpty(asEntries()),
  offDuty: leftOutWhileEmpty(asEntries()),
  knockGates: leftOutWhileEmpty(asEntries()),
  bridges: leftOutWhileEmpty(asEntries()),
  inviters: leftOutWhileEmpty(asEntries()),
  policyServers: leftOutWhileEmpty(asEntries()),
  roles: asItIs<RoleSettings["roles"]>(undefined),
  reporting: asItIs<ReportSettings["reporting"]>(undefined),
  appealing: asItIs<ReportSettings["appealing"]>(undefined),
  caseWords: leftOutWhileEmpty(asEntries()),
  mutedReporters: leftOutWhileEmpty(asEntries()),
  notes: leftOutWhileEmpty(asEntries()),
  webSessions: leftOutWhileEmpty(asEntries()),
};

const names = Object.keys(rows) as readonly (keyof Settings)[];

export const noSettings: Settings = settingsOf((name) => rows[name].none);

export function settingsToJson(settings: Settings): string {
  const stored = <Name extends keyof Settings>(name: Name, value: Settings[Name]) =>
    [name, rows[name].toJson(value)] as const;
  return JSON.stringify({
    ...settings,
    ...Object.fromEntries(names.map((name) => stored(name, settings[name]))),
  });
}

/** Fields that only a later version knows are kept and written again, so that a downgrade does not lose them. */
export function settingsFromJson(json: string): Settings {
  const stored = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const settings = settingsOf((name) =>
    stored[name] === undefined ? rows[name].none : rows[name].fromJson(stored[name]),
  );
  return { ...noSettings, ...stored, ...settings };
}

function settingsOf(valueOf: <Name extends keyof Settings>(name: Name) => Settings[Name]): Settings {
  const settings: { [Name in keyof Settings]?: Settings[Name] } = {};
  const put = <Name extends keyof Settings>(name: Name, value: Settings[Name]) => {
    settings[name] = value;
  };
  for (const name of names) put(name, valueOf(name));
  // Every name has been put: `rows` is total.
  return settings as Settings;
}

function asItIs<Value>(none: Value): StoredAs<Value> {
  return { none, toJson: (value) => value, fromJson: (stored) => stored as Value };
}

/** A set, as the array of its items. */
function asItems<Item>(): StoredAs<ReadonlySet<Item>> {
  return { none: new Set(), toJson: (set) => [...set], fromJson: (stored) => new Set(stored as Item[]) };
}

/** A map, as the array of its pairs. */
function asEntries<Key, Value>(): StoredAs<ReadonlyMap<Key, Value>> {
  return {
    none: new Map(),
    toJson: (map) => [...map],
    fromJson: (stored) => new Map(stored as [Key, Value][]),
  };
}

/** As in the databases of earlier versions. */
function leftOutWhileEmpty<Key, Value>(
  stored: StoredAs<ReadonlyMap<Key, Value>>,
): StoredAs<ReadonlyMap<Key, Value>> {
  return { ...stored, toJson: (map) => (map.size > 0 ? stored.toJson(map) : undefined) };
}

/** By space what holds it: a single space as it is, which is the form that earlier versions read. */
function asHolders(): StoredAs<RoomSettings["spacesWithin"]> {
  return {
    none: new Map(),
    toJson: (map) => [...map].map(([space, holders]) => [space, holders.length === 1 ? holders[0] : holders]),
    fromJson: (stored) =>
      new Map(
        (stored as [RoomId, Holder | readonly Holder[]][]).map(([space, holders]) => [
          space,
          typeof holders === "string" ? [holders] : holders,
        ]),
      ),
  };
}

/** A map whose values hold their keys, as the array of the values. */
function asValues<Key, Value>(keyOf: (value: Value) => Key): StoredAs<ReadonlyMap<Key, Value>> {
  return {
    none: new Map(),
    toJson: (map) => [...map.values()],
    fromJson: (stored) => new Map((stored as Value[]).map((value) => [keyOf(value), value])),
  };
}
