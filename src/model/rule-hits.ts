/**
 * Whom protections found lately, in shadow or not: what a report counts, and what tells a good rule from a bad one before
 * it acts. Nothing that anybody wrote is in it.
 */
import { dayMs } from "../kit/duration.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface RuleHit {
  readonly protection: string;
  /** Of a rule of the room. */
  readonly version?: number;
  /** It was only counted. */
  readonly isShadow: boolean;
  /** Something was done about it. */
  readonly acts?: true;
  /** It mutes or removes somebody who has been here for more than a day: it counts against what a protection may do. */
  readonly spends?: true;
  /** What it was told and taken back with; absent in shadow. */
  readonly incident?: string;
  readonly room: RoomId;
  readonly user: UserId;
  /** The newest of the events that it was found in. */
  readonly event: EventId;
  /** Ms since the epoch. */
  readonly at: number;
  /** The sentence of the finding. */
  readonly sentence: string;
}

export type RuleHitsView = Readonly<Pick<RuleHits, "of" | "inIncident" | "actedAgainstSince">>;

/** What became of people shows within some weeks. */
export const hitsKeptMs = 30 * dayMs;
/** More of one protection tell no more of it: the oldest go. */
const mostOfOne = 2_000;

/** What a protection did something about within the time, oldest first. */
export function incidentsWithin(
  ms: number,
  {
    name,
    world,
    at,
  }: { name: string; world: { readonly stored: { readonly ruleHits: RuleHitsView } }; at: number },
): readonly string[] {
  const hits = [...world.stored.ruleHits.of(name)].filter((hit) => hit.acts && Math.abs(at - hit.at) < ms);
  return [...new Set(hits.flatMap(({ incident }) => incident ?? []))];
}

export class RuleHits {
  readonly storedAs = "rule-hit";
  readonly unwritten = new UnwrittenItems<RuleHit>();
  readonly #remembered: number;
  /** By protection and key, oldest first. */
  readonly #all = new Map<string, Map<string, RuleHit>>();
  readonly #incidents = new Map<string, RuleHit>();
  #size = 0;

  /** Beyond so many, over all protections, the oldest of the one with the most are forgotten. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): RuleHitsView {
    return this;
  }

  /** Oldest first. */
  of(protection: string): Iterable<RuleHit> {
    return this.#all.get(protection)?.values() ?? [];
  }

  /** The newest finding of the incident. */
  inIncident(incident: string): RuleHit | undefined {
    return this.#incidents.get(incident);
  }

  /** Whom protections did something about since then. */
  actedAgainstSince(at: number): ReadonlySet<UserId> {
    const hits = [...this.#all.values()].flatMap((one) => [...one.values()]);
    return new Set(hits.flatMap((hit) => (hit.acts && hit.at >= at ? hit.user : [])));
  }

  add(hit: RuleHit): void {
    const key = keyOf(hit);
    this.#put(key, hit);
    this.unwritten.note(key, hit);
    this.#forgetOld(hit);
  }

  #forgetOld({ protection, at: now }: RuleHit): void {
    const hits = this.#all.get(protection)!;
    for (const [key, { at }] of hits) {
      if (now - at < hitsKeptMs) break;
      this.#delete(hits, key);
    }
  }

  restore(key: string, hit: RuleHit): void {
    this.#put(key, hit);
  }

  #put(key: string, hit: RuleHit): void {
    let hits = this.#all.get(hit.protection);
    if (!hits) this.#all.set(hit.protection, (hits = new Map()));
    if (!hits.has(key)) this.#size++;
    hits.set(key, hit);
    if (hit.incident !== undefined) this.#incidents.set(hit.incident, hit);
    if (hits.size > mostOfOne) this.#delete(hits, hits.keys().next().value!);
    if (this.#size > this.#remembered) {
      const most = [...this.#all.values()].reduce((one, other) => (other.size > one.size ? other : one));
      this.#delete(most, most.keys().next().value!);
    }
  }

  #delete(hits: Map<string, RuleHit>, key: string): void {
    const hit = hits.get(key);
    if (!hit) return;
    hits.delete(key);
    if (hit.incident !== undefined && this.#incidents.get(hit.incident) === hit)
      this.#incidents.delete(hit.incident);
    this.#size--;
    this.unwritten.note(key, undefined);
  }
}

/** One event is found by one version of a protection once. */
function keyOf({ protection, version = 0, event }: RuleHit): string {
  return `${protection} ${version} ${event}`;
}
