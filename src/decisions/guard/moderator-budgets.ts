/**
 * How much each moderator has done by commands without anybody else's word: removals, lifted bans, rules taken off lists. A
 * stolen account is stopped by it before it has done much. What had a yes of its own is not counted.
 */
import { dayMs, describeTime, minuteMs } from "../../kit/duration.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { code, count, say, type Say } from "../../kit/say.ts";
import type { Action, ActionKind } from "../../model/actions/action.ts";
import { targetOf, weightOf } from "../../model/actions/traits.ts";
import type { UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface BudgetLimits {
  readonly removals: number;
  readonly removalsADay: number;
  readonly unbans: number;
  readonly unbansADay: number;
  readonly rulesTaken: number;
  readonly rulesTakenADay: number;
}

const spendings = ["removals", "unbans", "rulesTaken"] as const;
type Spending = (typeof spendings)[number];

const words: Readonly<Record<Spending, readonly [did: string, one: string, many: string]>> = {
  removals: ["removed", "person", "people"],
  unbans: ["lifted the bans of", "person", "people"],
  rulesTaken: ["taken off lists", "rule", "rules"],
};

const shortMs = 10 * minuteMs;
/** More than any community has; those who did something last are kept. */
const moderatorsRemembered = 500;

/** Who asks, when, and in which world. */
export interface Spender {
  readonly by: UserId;
  readonly at: number;
  readonly world: WorldView;
  /** Whom it hits, newcomers left out. */
  readonly hits: ReadonlySet<UserId>;
  /** It waits for a yes anyway. */
  readonly waits: boolean;
}

export class ModeratorBudgets {
  readonly #limits: BudgetLimits;
  /** By moderator and what they did: to what, and when, ms since the epoch. */
  readonly #spent = new Map<UserId, Readonly<Record<Spending, Map<string, number>>>>();

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  /** As the journal tells, before we were started. */
  remember({ by, kind, target, at }: { by: UserId; kind: ActionKind; target: string; at: number }): void {
    const spending = spendingOf(kind);
    if (spending) this.#of(by)[spending].set(target, at);
  }

  /** Why these have to wait for somebody else; where they need not, they count from now on. */
  weigh(actions: readonly Action[], spender: Spender): Say | undefined {
    const { by, at, waits } = spender;
    const spent = this.#of(by);
    const news = spentBy(actions, spender);
    for (const one of spendings) {
      const objection = this.#objection(one, { before: spent[one], news: news[one] }, spender);
      if (objection) return objection;
    }
    if (!waits) for (const one of spendings) for (const target of news[one]) spent[one].set(target, at);
    return undefined;
  }

  #objection(
    spending: Spending,
    { before, news }: { readonly before: Map<string, number>; readonly news: ReadonlySet<string> },
    { by, at }: Spender,
  ): Say | undefined {
    if (news.size === 0) return undefined;
    // A time after `at`: the clock was set back.
    for (const [target, then] of before) if (then < at - dayMs || then > at) before.delete(target);
    const earlier = [...before].filter(([target]) => !news.has(target)).map(([, then]) => then);
    const spans = [
      { ms: shortMs, limit: this.#limits[spending], within: "ten minutes" },
      { ms: dayMs, limit: this.#limits[`${spending}ADay`], within: "a day" },
    ];
    const [did, one, many] = words[spending];
    for (const { ms, limit, within } of spans) {
      const lately = earlier.filter((then) => then > at - ms).toSorted((a, b) => a - b);
      if (lately.length + news.size <= limit) continue;
      // So many of the earlier ones have to be out of the span, the oldest first.
      const last = lately[lately.length + news.size - limit - 1];
      const back =
        last === undefined ? "" : say`; there is room for this again from ${describeTime(last + ms)} on`;
      return say`${code(by)} would have ${did} ${count(lately.length + news.size, one, many)} within ${within}, and ${limit} is what one moderator does alone (newcomers are not counted)${back}`;
    }
    return undefined;
  }

  #of(by: UserId): Readonly<Record<Spending, Map<string, number>>> {
    const known = this.#spent.get(by) ?? { removals: new Map(), unbans: new Map(), rulesTaken: new Map() };
    this.#spent.delete(by);
    this.#spent.set(by, known);
    keepNewest(this.#spent, moderatorsRemembered);
    return known;
  }
}

function spentBy(actions: readonly Action[], spender: Spender): Readonly<Record<Spending, Set<string>>> {
  const removals = new Set(actions.some(isRemoval) ? spender.hits : []);
  if (removals.size > 0) {
    const found = spender.world.stored.ruleHits.actedAgainstSince(spender.at - dayMs);
    for (const user of removals) if (found.has(user)) removals.delete(user);
  }
  const targets = (kind: ActionKind) =>
    new Set(actions.flatMap((action) => (action.kind === kind ? targetOf(action) : [])));
  return { removals, unbans: targets("unban"), rulesTaken: targets("remove-policy") };
}

/** Mutes and redactions hit people as well, who stay. */
function isRemoval(action: Action): boolean {
  const { what } = weightOf(action);
  return what === "removal" || what === "removal-everywhere" || what === "rule";
}

function spendingOf(kind: ActionKind): Spending | undefined {
  if (kind === "ban" || kind === "kick") return "removals";
  if (kind === "unban") return "unbans";
  return kind === "remove-policy" ? "rulesTaken" : undefined;
}
