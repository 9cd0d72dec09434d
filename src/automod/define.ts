/**
 * What a protection is: its name, its settings and a pure `evaluate` that looks at what was said and finds. It neither
 * acts nor knows what follows: that is the same for all of them (`decisions/respond/respond.ts`).
 */
import type { RoomEvent } from "../model/event.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import { protectionKey, type SettingValue } from "../model/settings/protections.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { Utterance } from "../model/recent-speech.ts";
import { ladderProblem } from "./ladder.ts";

export type SettingSpec =
  | {
      readonly type: "number";
      readonly about: string;
      readonly unit: string;
      readonly default: number;
      readonly min: number;
      readonly max: number;
    }
  | { readonly type: "yes-no"; readonly about: string; readonly default: boolean }
  /** A span of time such as 1h; empty for none. */
  | { readonly type: "duration"; readonly about: string; readonly default: string }
  | { readonly type: "text"; readonly about: string; readonly default: string }
  /** Steps of an answer, see `ladder.ts`. */
  | { readonly type: "ladder"; readonly about: string; readonly default: string };

export type SettingSpecs = Readonly<Record<string, SettingSpec>>;

type ValueOf<S extends SettingSpec> = S["type"] extends "number"
  ? number
  : S["type"] extends "yes-no"
    ? boolean
    : string;
export type ValuesOf<S extends SettingSpecs> = { readonly [N in keyof S]: ValueOf<S[N]> };

/** Something that a person said in a protected room. */
export interface Sighting {
  readonly room: RoomId;
  readonly user: UserId;
  readonly event: RoomEvent;
  /** When it reached us, ms since the epoch. */
  readonly at: number;
  /** What they said there in the last minutes, oldest first, this one last. */
  readonly recent: readonly Utterance[];
  /**
   * It may have been said over so long a time, in ms, what reached us at once with it: since the sync before, or the one
   * before a gap. Infinity after a start: only when it was said counts then.
   */
  readonly heldUpMs: number;
}

export interface Verdict {
  readonly sentence: string;
  readonly evidence: readonly EventId[];
}

export interface Protection {
  readonly name: string;
  readonly about: string;
  /** Without the common ones. */
  readonly own: SettingSpecs;
  /** All of them. */
  readonly settings: SettingSpecs;
  /** Whatever else was on its way when somebody was found is part of it, as with a flood. */
  readonly takesInWhatFollows: boolean;
  readonly evaluate: (said: Sighting, values: Readonly<Record<string, SettingValue>>) => Verdict | undefined;
}

/** What every protection has. */
const common = {
  enabled: { type: "yes-no", about: "Whether it is on.", default: false },
  response: {
    type: "ladder",
    about:
      "What is done: steps from the first time to the last repeat, parts of a step joined by +. alert tells only; redact removes the messages it is about; warn says the warning in the room; mute, kick and ban act in that room; list writes a rule to a list, for all rooms.",
    default: "redact+mute redact+ban",
  },
  alertOnly: {
    type: "yes-no",
    about: "Only tell what would have been done, to try it out.",
    default: false,
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

export type CommonValues = ValuesOf<typeof common>;

/** Ties the types of the settings to `evaluate`, then forgets them, so that the registry is a plain list. */
export function defineProtection<S extends SettingSpecs>(protection: {
  readonly name: string;
  readonly about: string;
  readonly settings: S;
  /** What the step `warn` says to the person. */
  readonly warning: string;
  readonly takesInWhatFollows?: boolean;
  readonly evaluate: (said: Sighting, values: ValuesOf<S>) => Verdict | undefined;
}): Protection {
  const { name, about, settings: own, warning } = protection;
  const warn: SettingSpec = { type: "text", about: "What warn says to the person.", default: warning };
  return {
    name,
    about,
    own,
    settings: { ...common, ...own, warning: warn },
    takesInWhatFollows: protection.takesInWhatFollows ?? false,
    evaluate: (said, values) => protection.evaluate(said, values as ValuesOf<S>),
  };
}

export type Values = CommonValues & { readonly warning: string } & Readonly<Record<string, SettingValue>>;

const known = new WeakMap<Settings["protections"], Map<string, Values>>();

/** What holds in a room, or where no room has settings of its own: declared defaults, what was set, what was set for the room. */
export function valuesOf(
  protection: Protection,
  { protections }: Settings,
  room: RoomId | undefined,
): Values {
  let values = known.get(protections);
  if (!values) known.set(protections, (values = new Map()));
  const key = protectionKey(protection.name, room);
  let found = values.get(key);
  if (!found) values.set(key, (found = computed(protection, protections, room)));
  return found;
}

function computed(
  { name, settings }: Protection,
  protections: Settings["protections"],
  room: RoomId | undefined,
): Values {
  const set = {
    ...protections.get(protectionKey(name, undefined)),
    ...(room ? protections.get(protectionKey(name, room)) : {}),
  };
  const entries = Object.entries(settings).map(([setting, spec]) => {
    const value = set[setting];
    // What does not fit was stored by another version, or taken over from another bot.
    return [setting, value !== undefined && fits(spec, value) ? value : spec.default];
  });
  return Object.fromEntries(entries) as Values;
}

export function fits(spec: SettingSpec, value: SettingValue): boolean {
  switch (spec.type) {
    case "number":
      return Number.isInteger(value) && Number(value) >= spec.min && Number(value) <= spec.max;
    case "yes-no":
      return typeof value === "boolean";
    case "ladder":
      return typeof value === "string" && ladderProblem(value) === undefined;
    case "duration":
    case "text":
      return typeof value === "string";
  }
}
