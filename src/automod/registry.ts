/**
 * The protections that there are: the rules that ship, and those that stand in the community's files or that moderators
 * wrote in the management room, which change while Tyr runs. They share one store of what they count.
 */
import type { ListKind, RuleList } from "../model/rule-lists.ts";
import type { RuleVersion, StoredRule } from "../model/settings/rules.ts";
import type { Settings } from "../model/settings/settings.ts";
import { protectionKey } from "../model/settings/protections.ts";
import type { RoomId } from "../model/ids.ts";
import { valuesOf, type Protection } from "./define.ts";
import { Lookouts, type Looked, type Watching } from "./lookouts.ts";
import { Rates } from "./rates.ts";
import { RuleCosts } from "./rule-costs.ts";
import { noReadings, readingKey, readReading, writeReading, type Readings } from "./readings.ts";
import { readRuleFile, type Lists } from "./rule-file.ts";
import { noRules, type OwnRules } from "./rule-files.ts";
import { checkRule, type Rule, type RuleText } from "./rule.ts";
import { ruleProtection } from "./rule-protection.ts";

/** Enough to look at the protections, as docs and tests do, without counting much. */
const fewEvents = 1_000;

export interface RegistryOptions {
  /** So many events are kept to count by, over all rules. */
  readonly countedEvents?: number;
  /** Rules that stay while it lives, whatever is set; on, in the mode that they say. */
  readonly own?: OwnRules;
  /** Shipped protections that no condition can say. */
  readonly code?: readonly Protection[];
  /** What the texts of the room's rules were read to be in an earlier run. */
  readonly readings?: Readings;
  /** What they cost; not measured unless given. */
  readonly costs?: RuleCosts;
}

/** Where a protection or a list comes from, and so where it is changed. */
export type Origin = "shipped" | "file" | "room" | "followed";

export interface KnownList extends RuleList {
  /** `shipped`: a shipped protection looks into it, and nobody has made it. */
  readonly origin: Origin;
}

/** What there is under given settings. */
export interface KnownProtections {
  /** One of each name. */
  readonly all: readonly Protection[];
  readonly origins: ReadonlyMap<string, Origin>;
  /** By name: the newest version of a rule of the room, where it is tried beside the one that answers. */
  readonly candidates: ReadonlyMap<string, Protection>;
  /** By name: why a rule of the room cannot be used, such as a list of it that is gone. */
  readonly broken: ReadonlyMap<string, string>;
  /** The lists that rules look into, by name. */
  readonly lists: ReadonlyMap<string, KnownList>;
}

type RuleSettings = Pick<Settings, "rules" | "ruleLists">;

export class Registry {
  readonly costs: RuleCosts;
  readonly #rates: Rates;
  readonly #files: OwnRules;
  readonly #fixed: readonly (readonly [Protection, Origin])[];
  /** Shipped rules that look into lists: these are made in the room or stand in files. */
  readonly #looking: readonly Rule[];
  readonly #readings: Readings;
  readonly #read = new Map<string, Reading>();
  readonly #replaceable: ReadonlySet<string>;
  #known: (RuleSettings & { readonly protections: KnownProtections }) | undefined;
  #watching: { readonly settings: Settings["protections"]; readonly known: KnownProtections } | undefined;
  #watched: readonly Watching[] = [];
  #lookouts: Lookouts | undefined;

  /** A shipped rule with a mistake is a defect of ours and throws. */
  constructor(
    shipped: readonly RuleText[],
    {
      countedEvents = fewEvents,
      own = noRules,
      code = [],
      readings = noReadings,
      costs = new RuleCosts(),
    }: RegistryOptions = {},
  ) {
    this.costs = costs;
    this.#readings = readings;
    this.#rates = new Rates({ events: countedEvents });
    this.#files = own;
    const rules = shipped.map(checkedOrThrow);
    const ours = rules.map((rule) => {
      return [ruleProtection(rule, { rates: this.#rates, lists: new Map() }), "shipped"] as const;
    });
    this.#replaceable = new Set(rules.map(({ name }) => name));
    this.#looking = rules.filter(({ lists }) => lists !== undefined);
    const theirs = own.rules.map((rule) => {
      const preset = { enabled: true, mode: rule.mode ?? "shadow" };
      return [ruleProtection(rule, { rates: this.#rates, lists: own.lists, preset }), "file"] as const;
    });
    const inCode = code.map((one) => [one, "shipped"] as const);
    this.#fixed = [...ours, ...inCode, ...theirs];
  }

  /** What there would be under settings that are not in force. */
  preview(settings: RuleSettings): KnownProtections {
    return this.#knownWith(settings);
  }

  known({ rules, ruleLists }: RuleSettings): KnownProtections {
    if (this.#known?.rules !== rules || this.#known.ruleLists !== ruleLists)
      this.#known = { rules, ruleLists, protections: this.#knownWith({ rules, ruleLists }) };
    return this.#known.protections;
  }

  /** Those that are on in some room, with the versions that are tried beside them. */
  watching(settings: Settings): readonly Watching[] {
    const known = this.known(settings);
    if (this.#watching?.settings !== settings.protections || this.#watching.known !== known) {
      this.#watching = { settings: settings.protections, known };
      this.#watched = known.all
        .filter((one) => isOnAnywhere(one, settings))
        .flatMap((protection): readonly Watching[] => {
          const candidate = known.candidates.get(protection.name);
          const beside = candidate ? [{ protection: candidate, isCandidate: true }] : [];
          return [{ protection, isCandidate: false }, ...beside];
        });
    }
    return this.#watched;
  }

  /** Undefined where none is on. */
  lookouts(settings: Settings): Lookouts | undefined {
    const watching = this.watching(settings);
    if (watching.length === 0) return undefined;
    if (this.#lookouts?.watching !== watching) this.#lookouts = new Lookouts(watching, settings, this.costs);
    return this.#lookouts;
  }

  /** What a document of the room would be, without taking it in. */
  read(text: string, lists: KnownProtections["lists"]): ReadVersion {
    return readVersion(text, kindsOf(lists), this.#replaceable);
  }

  /** The rule that the community has under this name, as it is in force, and the lists that it has with it; undefined for what ships, and for what cannot be used. */
  ruleOf(name: string, settings: RuleSettings): (Pick<ReadVersion, "lists"> & { rule: Rule }) | undefined {
    const inFile = this.#files.rules.find((one) => one.name === name);
    if (inFile) return { rule: inFile, lists: new Map() };
    const stored = settings.rules.get(name);
    const version = stored?.versions.find(({ number }) => number === stored.inForce);
    const read = version && this.read(version.text, this.known(settings).lists);
    return read?.rule && { rule: read.rule, lists: read.lists };
  }

  #knownWith({ rules, ruleLists }: RuleSettings): KnownProtections {
    const lists = this.#listsWith(ruleLists);
    const fixed = new Map(this.#fixed.map(([{ name }, origin]) => [name, origin]));
    const looking = new Map(
      this.#looking.map((rule) => [rule.name, ruleProtection(rule, { rates: this.#rates, lists })]),
    );
    const known = {
      all: this.#fixed.map(([protection]) => looking.get(protection.name) ?? protection),
      origins: new Map<string, Origin>(fixed),
      candidates: new Map<string, Protection>(),
      broken: new Map<string, string>(),
      lists,
    };
    const kinds = kindsOf(lists);
    for (const [name, stored] of rules) {
      known.origins.set(name, fixed.get(name) ?? originOf(stored));
      const taken = fixed.get(name);
      if (taken !== undefined) {
        known.broken.set(
          name,
          `the name is that of a ${taken === "shipped" ? "shipped protection" : "rule in a file"}`,
        );
        continue;
      }
      const made = (version: RuleVersion | undefined) =>
        version && this.#protection(name, version, { kinds, lists, origin: originOf(stored) });
      const inForce = made(stored.versions.find(({ number }) => number === stored.inForce));
      if (typeof inForce === "string" || !inForce)
        known.broken.set(name, inForce ?? "no version of it is in force");
      else known.all.push(inForce);
      const newest = made(candidateOf(stored));
      if (typeof newest === "object") known.candidates.set(name, newest);
    }
    return known;
  }

  /** Those of shipped protections come first, and are empty until somebody makes them. */
  #listsWith(ruleLists: RuleSettings["ruleLists"]): ReadonlyMap<string, KnownList> {
    const lists = new Map<string, KnownList>();
    for (const rule of this.#looking)
      for (const [name, kind] of Object.entries(rule.lists ?? {}))
        lists.set(name, { kind, entries: [], origin: "shipped" });
    for (const [name, list] of ruleLists) lists.set(name, { ...list, origin: originOf(list) });
    for (const [name, list] of this.#files.lists) lists.set(name, { ...list, origin: "file" });
    return lists;
  }

  /** A text says what keeps it from being used. */
  #protection(
    name: string,
    { number, text }: RuleVersion,
    {
      kinds,
      lists,
      origin,
    }: { kinds: ReadonlyMap<string, ListKind>; lists: ReadonlyMap<string, RuleList>; origin: Origin },
  ): Protection | string {
    const key = readingKey(text, kinds);
    let read = this.#read.get(key);
    if (!read) {
      if (this.#read.size > mostRead) this.#read.clear();
      this.#read.set(key, (read = this.#readOnce(key, text, kinds)));
    }
    if (!read.rule) return read.mistakes[0]?.message ?? "there is no rule in it";
    const rule = { ...read.rule, name };
    // What a moderator writes begins in shadow whatever it says; a file is the operator's word.
    const mode = origin === "file" ? (rule.mode ?? "shadow") : "shadow";
    const preset = { enabled: true, mode } as const;
    // A rule of a rules room has its lists with it; they stand before ours of the same name.
    const all = read.lists.size > 0 ? new Map<string, RuleList>([...lists, ...read.lists]) : lists;
    return ruleProtection(rule, { rates: this.#rates, lists: all, preset, version: number });
  }

  /** Once in all runs: what has no mistake is kept, but for rules that have lists with them. */
  #readOnce(key: string, text: string, kinds: Lists): Reading {
    const kept = this.#readings.get(key);
    const known = kept === undefined ? undefined : readReading(kept);
    if (known) return { rule: known, lists: new Map(), mistakes: [] };
    const read = readVersion(text, kinds);
    if (read.rule && read.lists.size === 0) this.#readings.put(key, writeReading(read.rule));
    return read;
  }
}

export type { Looked, Lookouts };

function checkedOrThrow(text: RuleText): Rule {
  const { rule, mistakes } = checkRule(text, new Map());
  if (!rule) throw new Error(`the shipped rule ${text.name} has a mistake: ${mistakes[0]?.message}`);
  return rule;
}

/** The newest version of a rule, where another one answers. */
export function candidateOf({ versions, inForce }: StoredRule): RuleVersion | undefined {
  const newest = versions.at(-1);
  return newest && newest.number > inForce ? newest : undefined;
}

/** Texts that were read stay so, as every edit of one rule makes the protections of all anew. */
const mostRead = 2_000;

export interface ReadVersion {
  readonly documents: number;
  readonly rule: Rule | undefined;
  readonly lists: ReturnType<typeof readRuleFile>["lists"];
  readonly mistakes: ReturnType<typeof readRuleFile>["mistakes"];
  readonly warnings: ReturnType<typeof readRuleFile>["warnings"];
}

type Reading = Pick<ReadVersion, "rule" | "lists" | "mistakes">;

/** `replaceable`: absent for what is stored, which may name a rule that comes with Tyr no more. */
function readVersion(
  text: string,
  kinds: ReadonlyMap<string, ListKind>,
  replaceable?: ReadonlySet<string>,
): ReadVersion {
  const { rules, ...read } = readRuleFile(text, kinds, replaceable ? { replaceable } : {});
  return { ...read, rule: rules[0] };
}

function kindsOf(lists: ReadonlyMap<string, RuleList>): ReadonlyMap<string, ListKind> {
  return new Map([...lists].map(([name, { kind }]) => [name, kind]));
}

function originOf({ file, from }: { readonly file?: string; readonly from?: RoomId }): Origin {
  return file !== undefined ? "file" : from === undefined ? "room" : "followed";
}

function isOnAnywhere(protection: Protection, settings: Settings): boolean {
  if (valuesOf(protection, settings, undefined).enabled) return true;
  const ofRooms = protectionKey(protection.name, "" as RoomId);
  for (const [key, { enabled }] of settings.protections)
    if (enabled === true && key.startsWith(ofRooms)) return true;
  return false;
}

/** The protections as they are before moderators wrote any. */
export function protectionsOf(
  shipped: readonly RuleText[],
  options?: RegistryOptions,
): readonly Protection[] {
  return new Registry(shipped, options).known({ rules: new Map(), ruleLists: new Map() }).all;
}
