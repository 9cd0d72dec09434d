/**
 * Rules that a list lost with so many others that it may be a slip: they stay in force here until a moderator says that
 * they may go. One that comes back to its list is that list's again.
 */
import type { EventId, RoomId } from "./ids.ts";
import { isOver, sameness, type Rule } from "./policy-rule.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** The kept rules, to read only. */
export type KeptRulesView = Readonly<Pick<KeptRules, "has" | "of" | "countOf" | "room">>;

export class KeptRules {
  readonly storedAs = "kept-rule";
  readonly unwritten = new UnwrittenItems<Rule>();
  readonly #most: number;
  readonly #all = new Map<EventId, Rule>();
  readonly #byList = new Map<RoomId, Set<Rule>>();
  readonly #bySameness = new Map<string, Rule>();
  #nextEnd = Infinity;

  /** Beyond so many no more are kept, and those that are stay: a list that grows and shrinks again pushes none of them out. */
  constructor(most: number) {
    this.#most = most;
  }

  get view(): KeptRulesView {
    return this;
  }

  /** How many more can be kept. */
  get room(): number {
    return Math.max(0, this.#most - this.#all.size);
  }

  has(rule: EventId): boolean {
    return this.#all.has(rule);
  }

  of(list: RoomId): Iterable<Rule> {
    return this.#byList.get(list) ?? [];
  }

  countOf(list: RoomId): number {
    return this.#byList.get(list)?.size ?? 0;
  }

  /** The kept rule that says the same as this one of its list. */
  sameAs(rule: Rule): Rule | undefined {
    return this.#all.size === 0 ? undefined : this.#bySameness.get(sameness(rule));
  }

  get(rule: EventId): Rule | undefined {
    return this.#all.get(rule);
  }

  add(rule: Rule): void {
    if (this.room === 0 || this.#all.has(rule.eventId)) return;
    this.#put(rule);
    this.unwritten.note(rule.eventId, rule);
  }

  restore(_key: string, rule: Rule): void {
    this.#put(rule);
  }

  delete(event: EventId): Rule | undefined {
    const rule = this.#all.get(event);
    if (!rule) return undefined;
    this.#all.delete(event);
    const ofList = this.#byList.get(rule.list);
    ofList?.delete(rule);
    if (ofList?.size === 0) this.#byList.delete(rule.list);
    if (this.#bySameness.get(sameness(rule)) === rule) this.#bySameness.delete(sameness(rule));
    this.unwritten.note(event, undefined);
    return rule;
  }

  /** Those whose own time is over. */
  over(now: number): readonly Rule[] {
    if (now < this.#nextEnd) return [];
    const over = [...this.#all.values()].filter((rule) => isOver(rule, now));
    this.#nextEnd = Infinity;
    for (const rule of this.#all.values())
      if (!isOver(rule, now)) this.#nextEnd = Math.min(this.#nextEnd, rule.expiresAt ?? Infinity);
    return over;
  }

  #put(rule: Rule): void {
    this.#all.set(rule.eventId, rule);
    const ofList = this.#byList.get(rule.list) ?? new Set<Rule>();
    this.#byList.set(rule.list, ofList.add(rule));
    this.#bySameness.set(sameness(rule), rule);
    this.#nextEnd = Math.min(this.#nextEnd, rule.expiresAt ?? Infinity);
  }
}
