/**
 * One policy list: a room whose state events are rules. Keeps the rule in force for each state key, whatever its
 * dialect, and reports each change as a pair of before and after.
 */
import type { JsonObject } from "../kit/json.ts";
import type { StateEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import type { Limits } from "./limits.ts";
import {
  contentOfRule,
  isOver,
  readRule,
  ruleTypeOf,
  type Rule,
  type RuleChange,
  type RuleKind,
} from "./policy-rule.ts";

/** Characters of an invalid rule event that is stored, so that it is shown as malformed after a restart, too. */
const maxOddContent = 1_000;

type ListLimits = Pick<Limits, "rulesPerList" | "reasonLength" | "malformedRemembered">;

/** How many rules all lists together may hold. */
export class RuleBudget {
  used = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get left(): number {
    return this.#most - this.used;
  }
}

/** A policy list, to read only. */
export type PolicyListView = Readonly<
  Pick<
    PolicyList,
    | "room"
    | "shortcode"
    | "isCalled"
    | "isFull"
    | "size"
    | "nextEnd"
    | "leftOut"
    | "rules"
    | "variantsFor"
    | "ruleAt"
    | "ruleOf"
  >
> & { readonly malformed: ReadonlyMap<string, string>; readonly expired: ReadonlyMap<string, Rule> };

export class PolicyList {
  readonly room: RoomId;
  /** Set from `org.matrix.mjolnir.shortcode`. */
  shortcode: string | undefined;
  /** What is wrong with rule events that are invalid, by type and state key. */
  readonly malformed = new Map<string, string>();
  /** Rules whose time is over and whose events are still there, by type and state key; no more than malformed ones. */
  readonly expired = new Map<string, Rule>();
  /** By state key, newest dialect first. Nearly always it is one rule, and an array for each would cost more than the rules. */
  #rules = new Map<string, Rule | readonly Rule[]>();
  #byEvent = new Map<EventId, Rule>();
  #size = 0;
  /** The rules in force that expire; nearly none do. */
  #expiring = new Set<Rule>();
  #nextEnd = Infinity;
  /** How many rules were left out since the list was last read whole, because there were too many. */
  leftOut = 0;
  readonly #limits: ListLimits;
  readonly #budget: RuleBudget;

  constructor(room: RoomId, limits: ListLimits, budget: RuleBudget) {
    this.room = room;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** Whether the name is that of this list, in any case. */
  isCalled(name: string): boolean {
    return this.shortcode?.toLowerCase() === name.toLowerCase();
  }

  /** No further rule fits, into this list or into all lists together. */
  get isFull(): boolean {
    return this.size >= this.#limits.rulesPerList || this.#budget.left <= 0;
  }

  /** How many rules are in force. */
  get size(): number {
    return this.#size;
  }

  /** No rule expires before this, in ms since the epoch. It may be too early, where the rule has been removed. */
  get nextEnd(): number {
    return this.#nextEnd;
  }

  /** The rules in force: for one kind and state key, that of the newest dialect. */
  *rules(): IterableIterator<Rule> {
    for (const held of this.#rules.values()) {
      const rules = asRules(held);
      for (const rule of rules) if (rules.length === 1 || inForceOf(rules, rule.kind) === rule) yield rule;
    }
  }

  /** The matching rules of every dialect, those included that a newer dialect hides: `unban` must remove them all. */
  variantsFor(matches: (rule: Rule) => boolean): readonly Rule[] {
    const found: Rule[] = [];
    for (const held of this.#rules.values())
      for (const rule of asRules(held)) if (matches(rule)) found.push(rule);
    return found;
  }

  /** The rule, in force or hidden by a newer dialect, under this type and state key. */
  ruleAt(type: string, stateKey: string): Rule | undefined {
    return this.#under(stateKey).find((rule) => rule.eventType === type);
  }

  /** The rule, in force or hidden by a newer dialect, that this event wrote. */
  ruleOf(event: EventId): Rule | undefined {
    return this.#byEvent.get(event);
  }

  /** Takes a rule event of any dialect. Gives what changed in force, if anything did. An expired rule counts as none. */
  apply(event: StateEvent, now: number): RuleChange | undefined {
    const info = ruleTypeOf(event.type);
    if (!info) return undefined;
    const read = readRule(this.room, event, this.#limits);
    const place = `${event.type}\n${event.stateKey}`;
    this.malformed.delete(place);
    this.expired.delete(place);
    if (typeof read === "string") this.#noteMalformed(place, read);
    const isInForce = typeof read === "object" && !isOver(read, now);
    if (typeof read === "object" && !isInForce) this.#noteExpired(read);
    if (this.isFull && !inForceOf(this.#under(event.stateKey), info.kind)) {
      if (isInForce) this.leftOut++;
      else if (read === undefined && this.leftOut > 0) this.leftOut--;
      return undefined;
    }
    const cause = { event: event.eventId, by: event.sender };
    return this.#replace(event.stateKey, event.type, isInForce ? read : undefined, cause);
  }

  /** The content to store, so that the event is read the same again; undefined where the event is not to be stored. */
  contentToKeep(event: StateEvent): JsonObject | undefined {
    if (Object.keys(event.content).length === 0) return undefined;
    const rule = this.ruleAt(event.type, event.stateKey);
    if (rule?.eventId === event.eventId) return contentOfRule(rule);
    return this.isFull || JSON.stringify(event.content).length > maxOddContent ? undefined : event.content;
  }

  /** A redaction takes the content of a rule without a new state event, so the rule is removed by its event id. */
  redact(target: EventId, redaction: { event: EventId; by: UserId }): RuleChange | undefined {
    const rule = this.ruleOf(target);
    for (const [place, { eventId }] of this.expired) if (eventId === target) this.expired.delete(place);
    return rule && this.#replace(rule.stateKey, rule.eventType, undefined, redaction);
  }

  /** Drops expired rules (MSC3908). The rule of an older dialect under the same key then comes into force, unless it has expired as well. */
  expire(now: number): readonly RuleChange[] {
    const changes: RuleChange[] = [];
    if (now < this.#nextEnd) return changes;
    for (const before of [...this.#expiring]) {
      let rule: Rule | undefined = before;
      while (rule && isOver(rule, now)) {
        this.#noteExpired(rule);
        this.#replace(rule.stateKey, rule.eventType, undefined, { event: rule.eventId, by: undefined });
        rule = inForceOf(this.#under(before.stateKey), before.kind);
      }
      if (rule !== before)
        changes.push({
          list: this.room,
          before,
          after: rule,
          event: before.eventId,
          by: undefined,
          isExpiry: true,
        });
    }
    this.#nextEnd = Infinity;
    for (const { expiresAt = Infinity } of this.#expiring) this.#nextEnd = Math.min(this.#nextEnd, expiresAt);
    return changes;
  }

  /** The whole state was read: a rule that is neither in `events` nor among the `newer` keys (type and state key) is gone. */
  reconcile(
    events: readonly StateEvent[],
    { newer, now }: { newer: ReadonlySet<string>; now: number },
  ): { changes: readonly RuleChange[]; gone: readonly Rule[] } {
    this.leftOut = 0;
    const inOrder = this.#isRoomFor(events.length) ? events : [...events].sort((a, b) => a.sentAt - b.sentAt);
    // Read for the first time, the list has no rule to lose: no need to collect a hundred thousand keys.
    if (this.#rules.size === 0)
      return { changes: inOrder.flatMap((event) => this.apply(event, now) ?? []), gone: [] };
    const present = new Set(events.map((event) => `${event.type}\n${event.stateKey}`));
    const changes = inOrder.flatMap((event) => this.apply(event, now) ?? []);
    for (const place of this.expired.keys())
      if (!present.has(place) && !newer.has(place)) this.expired.delete(place);
    const gone: Rule[] = [];
    for (const rule of [...this.#rules.values()].flatMap(asRules)) {
      const place = `${rule.eventType}\n${rule.stateKey}`;
      if (present.has(place) || newer.has(place)) continue;
      gone.push(rule);
      const cause = { event: rule.eventId, by: undefined };
      const change = this.#replace(rule.stateKey, rule.eventType, undefined, cause);
      if (change) changes.push(change);
    }
    return { changes, gone };
  }

  /** Drops all rules and gives their share of the budget back. */
  clear(): void {
    this.#budget.used -= this.#size;
    this.#rules.clear();
    this.#byEvent.clear();
    this.#expiring.clear();
    this.malformed.clear();
    this.expired.clear();
    this.#nextEnd = Infinity;
    [this.#size, this.leftOut] = [0, 0];
  }

  /** Where not all fit, rules are taken by age, so that the newest are left out. */
  #isRoomFor(more: number): boolean {
    return this.size + more <= this.#limits.rulesPerList && this.#budget.left >= more;
  }

  /** The rules of all kinds and dialects under the state key. */
  #under(stateKey: string): readonly Rule[] {
    const held = this.#rules.get(stateKey);
    return held ? asRules(held) : [];
  }

  #replace(
    stateKey: string,
    type: string,
    after: Rule | undefined,
    cause: { event: EventId; by: UserId | undefined },
  ): RuleChange | undefined {
    const { kind } = ruleTypeOf(type)!;
    const old = this.#under(stateKey);
    const before = inForceOf(old, kind);
    for (const rule of old) if (rule.eventType === type) this.#byEvent.delete(rule.eventId);
    const rules = [...old.filter((rule) => rule.eventType !== type), ...(after ? [after] : [])].sort(
      byDialect,
    );
    if (after) this.#byEvent.set(after.eventId, after);
    if (rules.length > 0) this.#rules.set(stateKey, rules.length === 1 ? rules[0]! : rules);
    else this.#rules.delete(stateKey);
    const now = inForceOf(rules, kind);
    const more = Number(now !== undefined) - Number(before !== undefined);
    this.#size += more;
    this.#budget.used += more;
    if (before) this.#expiring.delete(before);
    if (now?.expiresAt !== undefined) {
      this.#expiring.add(now);
      this.#nextEnd = Math.min(this.#nextEnd, now.expiresAt);
    }
    if (before === now || (before && now && before.eventId === now.eventId)) return undefined;
    return { list: this.room, before, after: now, ...cause };
  }

  #noteExpired(rule: Rule): void {
    if (this.expired.size >= this.#limits.malformedRemembered)
      this.expired.delete(this.expired.keys().next().value!);
    this.expired.set(`${rule.eventType}\n${rule.stateKey}`, rule);
  }

  #noteMalformed(place: string, why: string): void {
    // A hostile list may have any number of them; the newest few are enough to tell its author.
    if (this.malformed.size >= this.#limits.malformedRemembered)
      this.malformed.delete(this.malformed.keys().next().value!);
    this.malformed.set(place, why);
  }
}

function byDialect(a: Rule, b: Rule): number {
  return ruleTypeOf(a.eventType)!.rank - ruleTypeOf(b.eventType)!.rank;
}

function asRules(held: Rule | readonly Rule[]): readonly Rule[] {
  return "list" in held ? [held] : held;
}

function inForceOf(rules: readonly Rule[], kind: RuleKind): Rule | undefined {
  return rules.find((rule) => rule.kind === kind);
}
