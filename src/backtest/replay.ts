/**
 * The past once more: each event is believed and looked at as if it came now, by the same code, and what the protection
 * finds is noted instead of answered.
 */
import { valuesOf, type Protection, type Values } from "../automod/define.ts";
import { isImmune } from "../decisions/respond/immunity.ts";
import { sightingsIn } from "../decisions/respond/sightings.ts";
import { occurrenceOf, targetsOf } from "../decisions/respond/targets.ts";
import { asString } from "../kit/json.ts";
import type { Target } from "../model/finding.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import { isPresent } from "../model/member-record.ts";
import type { ObservationOf } from "../model/observation.ts";
import { EventFacts } from "../model/facts/read.ts";
import { vocabulary } from "../model/facts/index.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import type { World } from "../model/world/world.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { TimedEvent } from "./past.ts";

/** What is noted of a person whom it would have met. */
export interface MetPerson {
  readonly user: UserId;
  /** Ms since the epoch. */
  readonly firstAt: number;
  readonly wasRegular: boolean;
  readonly messages: { readonly room: RoomId; readonly event: EventId }[];
  /** Where links in them led, with how often. */
  readonly domains: Map<string, number>;
}

export interface ReplayOptions {
  readonly protection: Protection;
  /** Of the past. */
  readonly world: World;
  readonly rulesInForce: RulesInForce;
  /** What is found before is not counted. Ms since the epoch. */
  readonly countedFrom: number;
}

/** Unknown parts are told apart in so many messages; further ones are counted alone. */
const mostExplained = 1_000;

export class Replay {
  readonly met = new Map<UserId, MetPerson>();
  readonly spared = new Set<UserId>();
  /** Who was banned or removed by others, and is not let in again. */
  readonly removed = new Set<UserId>();
  /** When each person last said something that is still there, ms since the epoch. */
  readonly lastSaid = new Map<UserId, number>();
  /** Parts of the condition that were unknown, with in how many messages. */
  readonly unknownParts = new Map<string, number>();
  untold = 0;
  redacted = 0;
  kept = 0;
  readonly #options: ReplayOptions;
  readonly #messages = new Set<EventId>();

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** How many different messages it would have met. */
  get messages(): number {
    return this.#messages.size;
  }

  see({ at, event: { seen, isRedacted, wasKept } }: TimedEvent): void {
    const { world, countedFrom } = this.#options;
    const one = { ...seen, at, dueBy: at };
    const counts = at >= countedFrom;
    if (one.kind === "state" && counts) this.#noteRemoval(one);
    world.apply(one);
    const changes = world.takeChanges();
    if (isRedacted) {
      if (counts) this.redacted++;
      return;
    }
    if (wasKept && counts) this.kept++;
    else if (one.kind === "message" && counts) this.lastSaid.set(one.event.sender, at);
    for (const sighting of sightingsIn({ seen: [one], changes }, world))
      if (sighting.kind !== "tick") this.#look(sighting, counts);
  }

  #look(sighting: EventSighting, counts: boolean): void {
    const { protection, world } = this.#options;
    if (!protection.watches.has(sighting.kind) || !occurrenceOf(sighting)) return;
    const values = valuesOf(protection, world.settings, sighting.room);
    const verdict = protection.evaluate(sighting, values);
    if (!counts) return;
    if (verdict) for (const target of targetsOf(verdict, sighting)) this.#found(target, sighting, values);
    else this.#noteUnknown(sighting, values);
  }

  #found(target: Target, sighting: EventSighting, values: Values): void {
    if (target.kind !== "person") return;
    const { world, rulesInForce } = this.#options;
    const { user, room, evidence } = target;
    const { at } = sighting;
    if (isImmune({ user, room, at }, values, { world, rulesInForce })) return void this.spared.add(user);
    let person = this.met.get(user);
    if (!person) {
      const wasRegular = world.regulars.isRegular(user, at);
      person = { user, firstAt: at, wasRegular, messages: [], domains: new Map() };
      this.met.set(user, person);
    }
    for (const event of evidence) {
      if (this.#messages.has(event)) continue;
      this.#messages.add(event);
      person.messages.push({ room, event });
    }
    if (!this.#options.protection.rule?.isAboutLinks) return;
    for (const domain of domainsIn(sighting))
      person.domains.set(domain, (person.domains.get(domain) ?? 0) + 1);
  }

  #noteUnknown(sighting: EventSighting, values: Values): void {
    const { rule } = this.#options.protection;
    if (rule?.holds(sighting, values) !== "unknown") return;
    this.untold++;
    if (this.untold > mostExplained) return;
    const parts = rule.explain(sighting, values)?.parts.filter(({ holds }) => holds === "unknown") ?? [];
    for (const { asWritten } of parts)
      this.unknownParts.set(asWritten, (this.unknownParts.get(asWritten) ?? 0) + 1);
  }

  /** Before the event is believed: a removal is told from a lifted ban by what was there. */
  #noteRemoval({ room, event }: ObservationOf<"state">): void {
    if (event.type !== "m.room.member" || event.sender === event.stateKey) return;
    const user = event.stateKey as UserId;
    const before = this.#options.world.members.membershipOf(room, user);
    const now = asString(event.content["membership"]);
    if (now === "ban" || (now === "leave" && isPresent(before))) this.removed.add(user);
    else if (now === "leave" && before === "ban") this.removed.delete(user);
  }
}

const domain = vocabulary.get("link.domain")!;

function domainsIn(sighting: EventSighting): ReadonlySet<string> {
  const links = new EventFacts(sighting).links() ?? [];
  return new Set(links.map((link) => String(link.get(domain) ?? "")).filter((one) => one !== ""));
}
