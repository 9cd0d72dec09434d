/**
 * What a protection is: its name, its settings and a pure `evaluate` that looks at a sighting and finds. It neither acts
 * nor knows what follows: that is the same for all protections (`decisions/respond/respond.ts`).
 */
import type { FindingAbout } from "../model/finding.ts";
import type { KindSet } from "../model/facts/kinds.ts";
import type { EventFacts } from "../model/facts/read.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import type { ListKind } from "../model/rule-lists.ts";
import { protectionKey, type SettingValue, type SettingValues } from "../model/settings/protections.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { EventSighting, Sighting, SightingKind, SightingOf } from "../model/signals/sighting.ts";
import type { ExplainedPart, Explanation, Holds } from "./explain.ts";
import type { Counting } from "./count.ts";
import type { Need } from "./language/needs.ts";
import type { PassedOver, Scope } from "./scope.ts";
import { fits, type SettingSpec, type SettingSpecs, type ValuesOf } from "./settings.ts";

export type { ExplainedPart, Explanation, Holds, PassedOver };

/** `sentence`: for moderators, after whom or what it is about. It holds nothing that anybody wrote. */
export type Verdict =
  /** About the author of the event: `evidence` are events of theirs in that room, oldest first. */
  | { readonly sentence: string; readonly evidence: readonly EventId[]; readonly about?: never }
  | { readonly sentence: string; readonly about: FindingAbout };

/** How much heat each hit of a rule gives. */
export interface GivenHeat {
  readonly author: number;
  readonly server: number;
}

type ValuesInForce = Readonly<Record<string, SettingValue>>;

/** A rule with the values of its settings: what `evaluate` does, in its parts, which rules share (`lookouts.ts`). */
export interface Prepared {
  readonly on: KindSet;
  readonly counting: readonly Counting[];
  /** Without them it finds nothing. */
  readonly needs: readonly Need[];
  /** Where what it counts is noted already. */
  readonly look: (facts: EventFacts, sighting: EventSighting) => Verdict | undefined;
}

/** What protections that are rules tell of themselves. Nothing is counted by asking. */
export interface RuleInside {
  readonly prepare: (values: ValuesInForce) => Prepared;
  /** Whether it looks at such an event, and its condition holds. */
  readonly holds: (sighting: EventSighting, values: ValuesInForce) => Holds;
  /** Undefined for events that it does not look at. */
  readonly explain: (sighting: EventSighting, values: ValuesInForce) => Explanation | undefined;
  /** Why it passes over the event, whether its condition fits or not; undefined where it does not. */
  readonly passesOver: (sighting: EventSighting) => PassedOver | undefined;
  /** Where, when and about whom it looks, where that is not everywhere, always and about all. */
  readonly scope: Scope | undefined;
  readonly isAboutLinks: boolean;
  /** It looks at what is written. */
  readonly readsWords: boolean;
  /** Lists whose links it leaves alone. */
  readonly linksLeftAlone: readonly string[];
  /** The same rule with counters of its own, to be tried without touching those in use. */
  readonly apart: () => Protection;
}

export interface Protection {
  readonly name: string;
  /** Of a rule that moderators wrote in the room: which of its versions this is. */
  readonly version?: number;
  /** What it looks for, in the language of rules; absent for one that is code. */
  readonly when?: string;
  /** In which events; absent for one that is code. */
  readonly on?: KindSet;
  readonly about: string;
  /** The lists that it looks into, though nobody has to have made them. */
  readonly lists?: Readonly<Record<string, ListKind>>;
  /** In which profiles it is on, and in which mode. */
  readonly profiles?: ProfileModes;
  /** Which part of Tyr, that is not there yet, would tell what it looks for: until then it finds nothing. */
  readonly waitsFor?: string | undefined;
  /** Besides its response, or instead of one. */
  readonly heat?: GivenHeat;
  /** Its own settings, without those that all protections have. */
  readonly own: SettingSpecs;
  /** All settings, the common ones first. */
  readonly settings: SettingSpecs;
  /** What it is asked about. */
  readonly watches: ReadonlySet<SightingKind>;
  /** Other events that were on their way when somebody was found belong to the incident, as with a flood. */
  readonly takesInWhatFollows: boolean;
  /** Finds nothing in a sighting of a kind that it does not watch. */
  readonly evaluate: (sighting: Sighting, values: ValuesInForce) => Verdict | undefined;
  /** Undefined for a protection that is code. */
  readonly rule?: RuleInside | undefined;
}

/** From the mildest: what a protection that is on may do. */
export const modes = ["shadow", "alert", "ask", "act"] as const;
export type Mode = (typeof modes)[number];

/** Sets of protections that are switched on together, from the mildest. */
export const profiles = ["quiet", "usual", "strict"] as const;
export type Profile = (typeof profiles)[number];
export type ProfileModes = Readonly<Partial<Record<Profile, Mode>>>;

/** What every protection has. */
const common = {
  enabled: { type: "yes-no", about: "Whether it is on.", default: false as boolean },
  response: {
    type: "ladder",
    about:
      "What is done: steps from the first time to the last repeat, parts of a step joined by +. alert tells only; hold removes the messages it is about until a moderator has looked; redact removes them; warn says the warning in the room; mute, kick and ban act in that room; list writes a rule to a list, for all rooms; reply answers the room with a fixed text; call notifies moderators.",
    default: "redact+mute redact+ban",
  },
  mode: {
    type: "choice",
    about:
      "What comes of what it finds: shadow only counts it, alert tells what would have been done, ask puts it to you as a question, act does it.",
    options: modes,
    default: "act",
  },
  repeatHours: {
    type: "number",
    about: "Whoever is found again within this time is answered with the next step.",
    unit: "hours",
    default: 24,
    min: 1,
    max: 8_760,
  },
  muteFor: { type: "duration", about: "How long a mute lasts; none is until unmute.", default: "1h" },
  holdFor: {
    type: "duration",
    about: "How long somebody is muted who is held again within 10 minutes; none is until unmute.",
    default: "12h",
  },
  sendAgain: {
    type: "text",
    about: "What people are told whose held messages were all right.",
    default: "A moderator has looked: your message was held by mistake. Please send it again.",
  },
  reply: { type: "text", about: "What reply says in the room, at most once in 10 minutes.", default: "" },
  newcomersOnly: {
    type: "yes-no",
    about: "Look only at people who came to the room within newcomerHours.",
    default: false,
  },
  newcomerHours: {
    type: "number",
    about: "How long somebody is a newcomer, as far as we saw them come.",
    unit: "hours",
    default: 24,
    min: 1,
    max: 8_760,
  },
  spareRegulars: {
    type: "yes-no",
    about: "Regulars are never kicked or banned by it, but muted instead.",
    default: true,
  },
  list: {
    type: "text",
    about: "Shortcode of the list that the step list writes to; none is the default list.",
    default: "",
  },
} as const satisfies SettingSpecs;

/** No rule may have one of its own that is called like these. */
export const commonSettings: ReadonlySet<string> = new Set([...Object.keys(common), "alertOnly", "warning"]);

export type CommonValues = ValuesOf<typeof common>;

/** Ties the types of the settings and sightings to `evaluate`, then forgets them, so that the registry is a plain list. */
export function defineProtection<S extends SettingSpecs, Kind extends SightingKind>(protection: {
  readonly name: string;
  readonly about: string;
  readonly settings: S;
  readonly watches: readonly Kind[];
  /** What the step `warn` says to the person. */
  readonly warning: string;
  /** The ladder, where it is another than that of all protections. */
  readonly response?: string;
  /** How it is set, as long as nobody says otherwise; else it is off, and acts once it is on. */
  readonly preset?: { readonly enabled: boolean; readonly mode: Mode };
  /** What the step `reply` says in the room. */
  readonly reply?: string;
  readonly takesInWhatFollows?: boolean;
  readonly version?: number | undefined;
  readonly when?: string;
  readonly on?: KindSet;
  readonly heat?: GivenHeat | undefined;
  readonly evaluate: (sighting: SightingOf<Kind>, values: ValuesOf<S>) => Verdict | undefined;
  readonly rule?: RuleInside;
}): Protection {
  const { name, about, version, when, on, heat, settings: own } = protection;
  const { warning, takesInWhatFollows = false, rule } = protection;
  const { response = common.response.default, preset = { enabled: false, mode: "act" } } = protection;
  const shared = {
    ...common,
    enabled: { ...common.enabled, default: preset.enabled },
    response: { ...common.response, default: response },
    mode: { ...common.mode, default: preset.mode },
    reply: { ...common.reply, default: protection.reply ?? common.reply.default },
  };
  const warn: SettingSpec = { type: "text", about: "What warn says to the person.", default: warning };
  const watches: ReadonlySet<SightingKind> = new Set(protection.watches);
  const isWatched = (sighting: Sighting): sighting is SightingOf<Kind> => watches.has(sighting.kind);
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(when === undefined ? {} : { when }),
    ...(on === undefined ? {} : { on }),
    about,
    ...(heat ? { heat } : {}),
    own,
    settings: { ...shared, ...own, warning: warn },
    watches,
    takesInWhatFollows,
    rule,
    evaluate: (sighting, values) =>
      isWatched(sighting) ? protection.evaluate(sighting, values as ValuesOf<S>) : undefined,
  };
}

export type Values = CommonValues & { readonly mode: Mode; readonly warning: string } & Readonly<
    Record<string, SettingValue>
  >;

/** By the protection itself: another version of a rule has the same name and other settings. */
const computed = new WeakMap<Settings["protections"], WeakMap<Protection, Map<string, Values>>>();

/** The values in force in a room, or in rooms without settings of their own: the declared ones, over them those set everywhere, over them those set for the room. */
export function valuesOf(
  protection: Protection,
  { protections }: Pick<Settings, "protections">,
  room: RoomId | undefined,
): Values {
  let ofAll = computed.get(protections);
  if (!ofAll) computed.set(protections, (ofAll = new WeakMap()));
  let values = ofAll.get(protection);
  if (!values) ofAll.set(protection, (values = new Map()));
  const where = room ?? "";
  let found = values.get(where);
  if (!found) {
    // One value for all rooms without settings of their own: what a rule compiles for its values is compiled once.
    found =
      room !== undefined && !protections.has(protectionKey(protection.name, room))
        ? valuesOf(protection, { protections }, undefined)
        : computeValues(protection, protections, room);
    values.set(where, found);
  }
  return found;
}

function computeValues(
  { name, settings }: Protection,
  protections: Settings["protections"],
  room: RoomId | undefined,
): Values {
  const set = {
    ...withMode(protections.get(protectionKey(name, undefined))),
    ...(room ? withMode(protections.get(protectionKey(name, room))) : {}),
  };
  const entries = Object.entries(settings).map(([setting, spec]) => {
    const value = set[setting];
    // A value that does not fit was stored by another version, or taken over from another bot.
    return [setting, value !== undefined && fits(spec, value) ? value : spec.default];
  });
  return Object.fromEntries(entries) as Values;
}

/** `alertOnly` is what earlier versions stored for two of the modes. */
function withMode(stored: SettingValues = {}): SettingValues {
  const { alertOnly, mode } = stored;
  if (mode !== undefined || alertOnly === undefined) return stored;
  return { ...stored, mode: alertOnly === true ? "alert" : "act" };
}
