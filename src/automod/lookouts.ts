/**
 * Which protections look at what happens in a room. What they count is noted once, whoever asks; what many of them need
 * (`language/needs.ts`) is asked once, and those without it are passed over. So an event costs what is left, not as
 * much as there are rules.
 */
import { factsOf } from "../model/facts/read.ts";
import type { RoomId } from "../model/ids.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { EventSighting, Sighting, SightingKind } from "../model/signals/sighting.ts";
import type { Counting } from "./count.ts";
import { valuesOf, type Prepared, type Protection, type Values, type Verdict } from "./define.ts";
import { noCounters } from "./language/compile-amount.ts";
import type { Look } from "./language/compile.ts";
import type { Need } from "./language/needs.ts";
import { yes } from "./language/truth.ts";
import type { RuleCosts } from "./rule-costs.ts";

/** The protection whose place it takes in the room: none while it is only tried. */
export function replacedBy(
  protection: Protection,
  settings: Pick<Settings, "protections">,
  room: RoomId | undefined,
): string | undefined {
  const replaces = protection.rule?.scope?.replace;
  if (replaces === undefined || protection.waitsFor !== undefined) return undefined;
  const { enabled, mode } = valuesOf(protection, settings, room);
  return enabled && mode !== "shadow" ? replaces : undefined;
}

/** A protection that looks. */
export interface Watching {
  readonly protection: Protection;
  /** It is tried beside the version that answers, and is in shadow whatever its mode. */
  readonly isCandidate: boolean;
}

/** One that is on in a room, with the values in force there. */
export interface Lookout extends Watching {
  readonly values: Values;
}

export interface Looked extends Lookout {
  /** Undefined: nothing was found, but what follows a finding is taken in. */
  readonly verdict: Verdict | undefined;
}

export class Lookouts {
  readonly watching: readonly Watching[];
  readonly #settings: Settings;
  readonly #costs: RuleCosts | undefined;
  /** Rooms for which something of a protection is set apart. The others share what is made for "". */
  readonly #apart = new Set<string>();
  readonly #posts = new Map<string, Post>();

  constructor(watching: readonly Watching[], settings: Settings, costs?: RuleCosts) {
    this.watching = watching;
    this.#settings = settings;
    this.#costs = costs;
    for (const key of settings.protections.keys()) {
      const [, room] = key.split(" ");
      if (room !== undefined) this.#apart.add(room);
    }
  }

  /** Asks those that watch such sightings and are on in the room, in their order. */
  look(sighting: Sighting): readonly Looked[] {
    return this.#postOf(sighting.kind, sighting.room).look(sighting);
  }

  #postOf(kind: SightingKind, id: RoomId): Post {
    const room = this.#apart.has(id) ? id : undefined;
    const key = room === undefined ? kind : `${kind} ${room}`;
    let post = this.#posts.get(key);
    if (!post) this.#posts.set(key, (post = new Post(this.#on(kind, room), this.#costs)));
    return post;
  }

  #on(kind: SightingKind, room: RoomId | undefined): readonly Lookout[] {
    const replaced = this.#replacedIn(room);
    return this.watching.flatMap((watching) => {
      const { name, watches } = watching.protection;
      if (!watches.has(kind) || replaced.has(name)) return [];
      const values = valuesOf(watching.protection, this.#settings, room);
      return values.enabled ? [{ ...watching, values }] : [];
    });
  }

  #replacedIn(room: RoomId | undefined): ReadonlySet<string> {
    const ours = this.watching.filter(({ isCandidate }) => !isCandidate).map(({ protection }) => protection);
    return new Set(ours.flatMap((one) => replacedBy(one, this.#settings, room) ?? []));
  }
}

/** In so many bits of a number. */
const mostNeeds = 31;

interface Placed {
  readonly lookout: Lookout;
  /** Among all of the room. */
  readonly place: number;
  readonly prepared: Prepared;
}

interface Group {
  /** Bits of the needs that have to hold. */
  readonly mask: number;
  readonly placed: readonly Placed[];
}

/** What looks at one kind of sighting in a room. */
class Post {
  /** Protections that are code. */
  readonly #code: readonly { readonly lookout: Lookout; readonly place: number }[];
  readonly #counting: readonly Counting[];
  readonly #needs: readonly Look[];
  readonly #groups: readonly Group[];
  readonly #costs: RuleCosts | undefined;

  constructor(lookouts: readonly Lookout[], costs: RuleCosts | undefined) {
    this.#costs = costs;
    const all = lookouts.map((lookout, place) => {
      const { protection, values } = lookout;
      return { lookout, place, prepared: protection.rule?.prepare(values) };
    });
    const rules = all.flatMap(({ prepared, ...placed }) => (prepared ? [{ ...placed, prepared }] : []));
    this.#code = all.filter(({ prepared }) => !prepared);
    const counting = new Map<string, Counting>();
    for (const one of rules.flatMap(({ prepared }) => prepared.counting)) counting.set(one.notedAs, one);
    this.#counting = [...counting.values()];
    const needs = mostNeeded(rules);
    this.#needs = needs.map(({ compile, entries }) => compile([...new Set(entries)]));
    const bits = new Map(needs.map(({ key }, bit) => [key, 1 << bit] as const));
    const groups = new Map<number, Placed[]>();
    for (const placed of rules) {
      const mask = needsOf(placed).reduce((set, { key }) => set | (bits.get(key) ?? 0), 0);
      groups.set(mask, [...(groups.get(mask) ?? []), placed]);
    }
    this.#groups = [...groups].map(([mask, placed]) => ({ mask, placed }));
  }

  look(sighting: Sighting): readonly Looked[] {
    const looked: { readonly place: number; readonly looked: Looked }[] = [];
    for (const { lookout, place } of this.#code)
      add(looked, lookout, place, lookout.protection.evaluate(sighting, lookout.values));
    if (sighting.kind !== "tick") this.#lookByRules(sighting, looked);
    return looked.sort((one, other) => one.place - other.place).map((one) => one.looked);
  }

  #lookByRules(sighting: EventSighting, looked: { place: number; looked: Looked }[]): void {
    const facts = factsOf(sighting);
    for (const counting of this.#counting) counting.note(facts, sighting);
    const costs = this.#costs?.isDue() === true ? this.#costs : undefined;
    let asked = 0;
    let held = 0;
    for (const { mask, placed } of this.#groups) {
      let open = mask & ~asked;
      while (open !== 0 && (mask & asked & ~held) === 0) {
        const bit = open & -open;
        open ^= bit;
        asked |= bit;
        if (this.#needs[31 - Math.clz32(bit)]!(facts, noCounters) === yes) held |= bit;
      }
      if ((mask & held) !== mask) continue;
      for (const { lookout, place, prepared } of placed) {
        if ((prepared.on & facts.kinds) === 0 && !lookout.protection.takesInWhatFollows) continue;
        add(looked, lookout, place, prepared.look(facts, sighting));
        costs?.measure(lookout.protection, () => prepared.look(facts, sighting));
      }
    }
  }
}

function add(
  looked: { place: number; looked: Looked }[],
  lookout: Lookout,
  place: number,
  verdict: Verdict | undefined,
): void {
  if (verdict || lookout.protection.takesInWhatFollows)
    looked.push({ place, looked: { ...lookout, verdict } });
}

/** One that takes in what follows a finding is never passed over. */
function needsOf({ lookout, prepared }: Placed): readonly Need[] {
  return lookout.protection.takesInWhatFollows ? [] : prepared.needs;
}

/** With the entries of all together, the cheapest first. */
function mostNeeded(rules: readonly Placed[]): readonly Need[] {
  const needs = new Map<string, { need: Need; entries: string[]; times: number }>();
  for (const need of rules.flatMap(needsOf)) {
    const known = needs.get(need.key);
    if (known) known.entries.push(...need.entries);
    else needs.set(need.key, { need, entries: [...need.entries], times: 0 });
    needs.get(need.key)!.times++;
  }
  return [...needs.values()]
    .toSorted((one, other) => other.times - one.times)
    .slice(0, mostNeeds)
    .toSorted((one, other) => one.need.cost - other.need.cost)
    .map(({ need, entries }) => ({ ...need, entries }));
}
