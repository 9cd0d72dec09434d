/**
 * The rules of all watched lists, ready to be asked about anybody. Precedence: an exemption first, then exceptions, which
 * take the bans of one list away for those whom they name; then the lists in their
 * order, where an allow rule overrides the bans of its own list and of those after it (docs/adr/0004). Among the bans
 * that remain, the first list, then the most exact rule, decides and gives the reason. Where lists are not all trusted alike,
 * what they say is added up (score.ts).
 */
import { bridgeOfBot } from "../model/bridges.ts";
import type { EventId, RoomId, ServerName, UserId } from "../model/ids.ts";
import type { Rule, RuleChange, RuleKind } from "../model/policy-rule.ts";
import type { Exception } from "../model/settings/exceptions.ts";
import type { Exemption } from "../model/settings/exemptions.ts";
import { fullWeight, isFullyTrusted, type WatchedList } from "../model/settings/lists.ts";
import type { WorldView } from "../model/world/view.ts";
import { Exceptions } from "./exceptions.ts";
import { Exemptions } from "./exemptions.ts";
import { RuleIndex, type Leaving } from "./index/rule-index.ts";
import { levelsOfLists, ListWriters, ownersOf } from "./list-owners.ts";
import { byPrecedence, isWide } from "./precedence.ts";
import { decidedBy, isAgainst, totalOf, Trust, voicesOf, type Decided, type Voice } from "./score.ts";

export type Verdict = { readonly kind: "exempt"; readonly exemption: Exemption } | Decided;

/** The rules by which people and servers are judged: those in force, or those and the rules of one more list. */
export interface RulesInForceView {
  readonly index: Pick<RuleIndex, "rulesForUser" | "rulesForServer" | "serverRules" | "rulesWithEntity">;
  readonly trust: Trust;
  verdict(user: UserId, asIf?: ReadonlySet<EventId>): Verdict | undefined;
  decide(rules: readonly Rule[], asIf?: ReadonlySet<EventId>): Decided | undefined;
  isOff(rule: Rule): boolean;
  rankOf(list: RoomId): number;
}

/** What lists say against somebody, and what it counts together. */
export interface Flag {
  readonly total: number;
  readonly voices: readonly Voice[];
}

export class RulesInForce implements RulesInForceView {
  readonly index: RuleIndex;
  #rank = new Map<RoomId, number>();
  #exemptions: Exemptions;
  #exceptions: Exceptions;
  readonly #leaving: Leaving = {
    forUser: (rules, user) => this.#exceptions.leftForUser(rules, user),
    forServer: (rules, server) => this.#exceptions.leftForServer(rules, server),
  };
  #settings: WorldView["settings"];
  #trust: Trust;
  readonly #threshold: number;
  readonly #world: Pick<WorldView, "limits" | "members" | "questions" | "settings" | "rooms" | "self">;
  readonly #writers = new ListWriters();
  #levels = "";
  #hasNewOwners = false;

  /** `threshold`: what the lists that speak about somebody have to count together until they are banned. */
  constructor(world: WorldView, threshold = fullWeight) {
    this.#world = world;
    this.#threshold = threshold;
    this.#trust = new Trust(world.settings.lists, threshold);
    this.index = this.#newIndex();
    this.#settings = world.settings;
    this.#exemptions = new Exemptions(world);
    this.#exceptions = new Exceptions(world);
    this.#rerank(world);
    for (const list of world.watchedLists()) this.keep(list.rules());
    for (const { room } of world.settings.lists) this.keep(world.stored.keptRules.of(room));
    this.#trust = this.#trustIn(world.settings.lists);
  }

  /** Applies the changes in order. Gives the rules that came and went, those of lists newly watched or left included. */
  update(world: WorldView, changes: readonly RuleChange[]): { came: readonly Rule[]; went: readonly Rule[] } {
    const before = this.#rank;
    if (world.settings !== this.#settings) this.#useSettings(world);
    const came = new Set<Rule>();
    const went = new Set<Rule>();
    for (const change of changes) {
      if (!before.has(change.list) || !this.#rank.has(change.list)) continue;
      // A rule that came and went within one batch is neither.
      if (change.before && !came.delete(change.before)) went.add(change.before);
      if (change.after) came.add(change.after);
    }
    for (const list of this.#rank.keys()) {
      if (!before.has(list)) for (const rule of world.lists.get(list)?.rules() ?? []) came.add(rule);
    }
    const left = new Set([...before.keys()].filter((list) => !this.#rank.has(list)));
    if (left.size > 0) for (const rule of this.index.rules()) if (left.has(rule.list)) went.add(rule);
    for (const rule of went) this.#drop(rule);
    this.keep(came);
    if (this.#trust.isUneven) this.#lookAtOwners(came.size + went.size > 0);
    return { came: [...came], went: [...went] };
  }

  /** From now on they are in force. */
  keep(rules: Iterable<Rule>): void {
    for (const rule of rules) {
      this.index.add(rule);
      this.#writers.add(rule);
    }
  }

  #drop(rule: Rule): void {
    this.index.remove(rule);
    this.#writers.remove(rule);
  }

  /** Whether, since this was last asked, other lists than before are of one owner: everybody is to be judged again. */
  takeNewOwners(): boolean {
    const has = this.#hasNewOwners;
    this.#hasNewOwners = false;
    return has;
  }

  #lookAtOwners(rulesMoved: boolean): void {
    const { lists } = this.#settings;
    const levels = levelsOfLists(lists, this.#world);
    if (!rulesMoved && levels === this.#levels) return;
    this.#levels = levels;
    const before = this.#trust;
    this.#trust = this.#trustIn(lists);
    if (lists.some(({ room }) => before.ownerOf(room) !== this.#trust.ownerOf(room)))
      this.#hasNewOwners = true;
  }

  #trustIn(lists: readonly WatchedList[]): Trust {
    const isUneven = !lists.every(isFullyTrusted);
    const owners = isUneven ? ownersOf(lists, this.#writers, this.#world) : undefined;
    return new Trust(lists, this.#threshold, owners);
  }

  /** `asIf`: rules that wait for an answer and count as accepted here. */
  verdict(user: UserId, asIf?: ReadonlySet<EventId>): Verdict | undefined {
    return this.#verdict(user, this.index.rulesForUser(user), { asIf });
  }

  #verdict(user: UserId, rules: readonly Rule[], how: HowDecided): Verdict | undefined {
    if (rules.length === 0) return undefined;
    const exemption = this.#exemptions.ofUser(user);
    if (exemption) return { kind: "exempt", exemption };
    return this.#decide(this.#aimedAt(user, rules), how);
  }

  #aimedAt(user: UserId, rules: readonly Rule[]): readonly Rule[] {
    const isBot = bridgeOfBot(user, this.#world.settings) !== undefined;
    return rules.filter((rule) => rule.kind === "user" && !(isBot && isWide(rule)));
  }

  get trust(): Trust {
    return this.#trust;
  }

  /** The lists that speak about the person where nothing is done to them for it. */
  flagOf(user: UserId, trust = this.#trust): Flag | undefined {
    if (!trust.isUneven) return undefined;
    const rules = this.#aimedAt(user, this.index.rulesForUser(user));
    if (rules.length === 0 || this.#exemptions.ofUser(user)) return undefined;
    const heard = this.hear(rules, trust);
    const decided = heard.voices.length === 0 ? undefined : this.#decide(rules, { trust });
    return heard.voices.length === 0 || (decided && isAgainst(decided)) ? undefined : heard;
  }

  /** What each list says of the entity that all the rules match, and what that counts together. */
  hear(rules: readonly Rule[], trust = this.#trust): Flag {
    const { voices } = voicesOf(this.#applicable(rules), trust);
    return { voices, total: totalOf(voices, trust) };
  }

  /** As if these lists were trusted as it is written here. */
  trusting(lists: readonly WatchedList[]): RulesInForceView & Pick<RulesInForce, "flagOf"> {
    const others = new Map(lists.map((list) => [list.room, list]));
    const trust = this.#trustIn(this.#settings.lists.map((list) => others.get(list.room) ?? list));
    return {
      index: this.index,
      trust,
      verdict: (user, asIf) => this.#verdict(user, this.index.rulesForUser(user), { asIf, trust }),
      decide: (rules, asIf) => this.#decide(rules, { asIf, trust }),
      flagOf: (user) => this.flagOf(user, trust),
      isOff: (rule) => this.isOff(rule),
      rankOf: (list) => this.rankOf(list),
    };
  }

  /** The rules in force and those of one more list, which comes after all others. */
  with(rules: Iterable<Rule>): RulesInForceView {
    const added = this.#newIndex();
    for (const rule of rules) added.add(rule);
    const index = {
      rulesForUser: (user: UserId) => [...this.index.rulesForUser(user), ...added.rulesForUser(user)],
      rulesForServer: (server: ServerName) => [
        ...this.index.rulesForServer(server),
        ...added.rulesForServer(server),
      ],
      serverRules: () => [...this.index.serverRules(), ...added.serverRules()],
      rulesWithEntity: (kind: RuleKind, entity: string) => [
        ...this.index.rulesWithEntity(kind, entity),
        ...added.rulesWithEntity(kind, entity),
      ],
    };
    return {
      index,
      trust: this.#trust,
      verdict: (user, asIf) => this.#verdict(user, index.rulesForUser(user), { asIf }),
      decide: (those, asIf) => this.decide(those, asIf),
      isOff: (rule) => this.isOff(rule),
      rankOf: (list) => this.rankOf(list),
    };
  }

  bansRoom(room: RoomId): boolean {
    return this.decide(this.index.rulesForRoom(room))?.kind === "ban";
  }

  exemptionOf(user: UserId): Exemption | undefined {
    return this.#exemptions.ofUser(user);
  }

  /** The exception by which the rule is not applied to the person or server that it names. */
  exceptionFor(
    rule: Rule,
    who: { readonly user: UserId } | { readonly server: ServerName },
  ): Exception | undefined {
    return "user" in who
      ? this.#exceptions.forUser(rule, who.user)
      : this.#exceptions.forServer(rule, who.server);
  }

  rankOf(list: RoomId): number {
    return this.#rank.get(list) ?? Number.MAX_SAFE_INTEGER;
  }

  /** Which of several rules that match one entity decides. */
  decide(rules: readonly Rule[], asIf?: ReadonlySet<EventId>): Decided | undefined {
    return this.#decide(rules, { asIf });
  }

  #decide(rules: readonly Rule[], { asIf, trust = this.#trust }: HowDecided): Decided | undefined {
    const applicable = this.#applicable(rules, asIf);
    if (trust.isUneven) return decidedBy(applicable, trust);
    const [first] = applicable;
    return first && { kind: first.recommendation === "allow" ? "allow" : "ban", rule: first };
  }

  /** In order of precedence, without those that mean nothing here or wait. */
  #applicable(rules: readonly Rule[], asIf?: ReadonlySet<EventId>): readonly Rule[] {
    return this.inOrder(rules).filter(
      (rule) => rule.recommendation !== "other" && (asIf?.has(rule.eventId) || !this.isOff(rule)),
    );
  }

  /** Whether the rule is not applied: moderators rejected it, or an open question holds it. */
  isOff({ eventId }: Rule): boolean {
    return this.#world.settings.rejected.has(eventId) || this.#world.questions.holding(eventId) !== undefined;
  }

  /** Whether a rule about the person waits for an answer: until then nothing changes for them. */
  isWaiting(user: UserId): boolean {
    const { questions } = this.#world;
    if (!questions.isHoldingAny) return false;
    return this.index
      .rulesForUser(user)
      .some((rule) => rule.kind === "user" && questions.holding(rule.eventId) !== undefined);
  }

  /** By precedence, the one that decides first. */
  inOrder(rules: readonly Rule[]): readonly Rule[] {
    return byPrecedence(rules, (list) => this.rankOf(list));
  }

  #useSettings(world: WorldView): void {
    if (world.settings.exemptions !== this.#settings.exemptions) this.#exemptions = new Exemptions(world);
    // A list that takes the place of another has its exceptions.
    const { exceptions, lists } = world.settings;
    if (exceptions !== this.#settings.exceptions || lists !== this.#settings.lists)
      this.#exceptions = new Exceptions(world);
    this.#settings = world.settings;
    this.#rerank(world);
  }

  #newIndex(): RuleIndex {
    const { limits, members } = this.#world;
    return new RuleIndex(limits, (user) => members.has(user as UserId), this.#leaving);
  }

  #rerank(world: WorldView): void {
    this.#rank = new Map(world.settings.lists.map((list, rank) => [list.room, rank]));
    this.#trust = this.#trustIn(world.settings.lists);
  }
}

interface HowDecided {
  /** Rules that wait for an answer and count as accepted. */
  readonly asIf?: ReadonlySet<EventId> | undefined;
  readonly trust?: Trust;
}
