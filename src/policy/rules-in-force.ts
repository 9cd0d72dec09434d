/**
 * The rules of all watched lists, ready to be asked about anybody. Precedence: an exemption first; then the lists in their
 * order, where an allow rule overrides the bans of its own list and of those after it (docs/adr/0004). Among the bans
 * that remain, the first list, then the most exact rule, decides and gives the reason.
 */
import { hasWildcard } from "../kit/glob.ts";
import { bridgeOfBot } from "../model/bridges.ts";
import type { EventId, RoomId, ServerName, UserId } from "../model/ids.ts";
import type { Rule, RuleChange } from "../model/policy-rule.ts";
import type { Exemption } from "../model/settings/exemptions.ts";
import type { WorldView } from "../model/world/view.ts";
import { Exemptions } from "./exemptions.ts";
import { RuleIndex } from "./index/rule-index.ts";

export type Verdict =
  | { readonly kind: "exempt"; readonly exemption: Exemption }
  | { readonly kind: "allow"; readonly rule: Rule }
  | { readonly kind: "ban"; readonly rule: Rule };

/** The rules by which people and servers are judged: those in force, or those and the rules of one more list. */
export interface RulesInForceView {
  readonly index: Pick<RuleIndex, "rulesForUser" | "rulesForServer" | "serverRules">;
  verdict(user: UserId, asIf?: ReadonlySet<EventId>): Verdict | undefined;
  decide(rules: readonly Rule[], asIf?: ReadonlySet<EventId>): Verdict | undefined;
  rankOf(list: RoomId): number;
}

export class RulesInForce implements RulesInForceView {
  readonly index: RuleIndex;
  #rank = new Map<RoomId, number>();
  #exemptions: Exemptions;
  #settings: WorldView["settings"];
  readonly #world: Pick<WorldView, "limits" | "members" | "questions" | "settings">;

  constructor(world: WorldView) {
    this.#world = world;
    this.index = new RuleIndex(world.limits, (user) => world.members.has(user as UserId));
    this.#settings = world.settings;
    this.#exemptions = new Exemptions(world);
    this.#rerank(world);
    for (const list of world.watchedLists()) for (const rule of list.rules()) this.index.add(rule);
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
    for (const rule of went) this.index.remove(rule);
    for (const rule of came) this.index.add(rule);
    return { came: [...came], went: [...went] };
  }

  /** `asIf`: rules that wait for an answer and count as accepted here. */
  verdict(user: UserId, asIf?: ReadonlySet<EventId>): Verdict | undefined {
    return this.#verdict(user, this.index.rulesForUser(user), asIf);
  }

  #verdict(user: UserId, rules: readonly Rule[], asIf?: ReadonlySet<EventId>): Verdict | undefined {
    if (rules.length === 0) return undefined;
    const exemption = this.#exemptions.ofUser(user);
    if (exemption) return { kind: "exempt", exemption };
    const isBot = bridgeOfBot(user, this.#world.settings) !== undefined;
    return this.decide(
      rules.filter((rule) => rule.kind === "user" && !(isBot && isGlob(rule))),
      asIf,
    );
  }

  /** The rules in force and those of one more list, which comes after all others. */
  with(rules: Iterable<Rule>): RulesInForceView {
    const added = new RuleIndex(this.#world.limits, (user) => this.#world.members.has(user as UserId));
    for (const rule of rules) added.add(rule);
    const index = {
      rulesForUser: (user: UserId) => [...this.index.rulesForUser(user), ...added.rulesForUser(user)],
      rulesForServer: (server: ServerName) => [
        ...this.index.rulesForServer(server),
        ...added.rulesForServer(server),
      ],
      serverRules: () => [...this.index.serverRules(), ...added.serverRules()],
    };
    return {
      index,
      verdict: (user, asIf) => this.#verdict(user, index.rulesForUser(user), asIf),
      decide: (those, asIf) => this.decide(those, asIf),
      rankOf: (list) => this.rankOf(list),
    };
  }

  bansRoom(room: RoomId): boolean {
    return this.decide(this.index.rulesForRoom(room))?.kind === "ban";
  }

  exemptionOf(user: UserId): Exemption | undefined {
    return this.#exemptions.ofUser(user);
  }

  rankOf(list: RoomId): number {
    return this.#rank.get(list) ?? Number.MAX_SAFE_INTEGER;
  }

  /** Which of several rules that match one entity decides. */
  decide(rules: readonly Rule[], asIf?: ReadonlySet<EventId>): Verdict | undefined {
    const first = this.inOrder(rules).find(
      (rule) => rule.recommendation !== "other" && (asIf?.has(rule.eventId) || !this.isOff(rule)),
    );
    return first && { kind: first.recommendation === "allow" ? "allow" : "ban", rule: first };
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
    return [...rules].sort(
      (a, b) =>
        this.rankOf(a.list) - this.rankOf(b.list) ||
        Number(b.recommendation === "allow") - Number(a.recommendation === "allow") ||
        exactness(a) - exactness(b) ||
        b.sentAt - a.sentAt,
    );
  }

  #useSettings(world: WorldView): void {
    if (world.settings.exemptions !== this.#settings.exemptions) this.#exemptions = new Exemptions(world);
    this.#settings = world.settings;
    this.#rerank(world);
  }

  #rerank(world: WorldView): void {
    this.#rank = new Map(world.settings.lists.map((list, rank) => [list.room, rank]));
  }
}

/** Whoever wrote such a rule did not mean a bridge's bot, with which all who come by the bridge would go. */
function isGlob({ entity }: Rule): boolean {
  return entity !== undefined && hasWildcard(entity);
}

function exactness(rule: Rule): number {
  if (rule.entity === undefined) return 1;
  return hasWildcard(rule.entity) ? 2 : 0;
}
