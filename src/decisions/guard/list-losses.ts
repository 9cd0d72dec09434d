/**
 * Lists that shrink. Rules that go lift bans, so that the blast radius works both ways: what a list loses with so much more
 * that it may be a slip, or an attack on the list, stays in force until a moderator says otherwise.
 */
import type { RoomId } from "../../model/ids.ts";
import { sameness, type Rule, type RuleChange } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

export interface LossLimits {
  /** A list may lose so many rules within the window without a question. */
  readonly maxLostRules: number;
  /** Percent of itself that it may lose. */
  readonly maxLostShare: number;
}

/** What one list lost that is to be kept. */
export interface Loss {
  readonly list: RoomId;
  readonly rules: readonly Rule[];
  /** How many it lost within the window, and how many it had before. */
  readonly lost: number;
  readonly of: number;
  readonly by: readonly string[];
}

interface LossView {
  readonly world: WorldView;
  readonly rulesInForce: Pick<RulesInForce, "isOff">;
  readonly at: number;
}

export class ListLosses {
  readonly #limits: LossLimits;
  readonly #windowMs: number;
  /** How many rules each list lost, and when, ms since the epoch. */
  readonly #lately = new Map<RoomId, { readonly at: number; readonly lost: number }[]>();

  constructor(limits: LossLimits, windowMs: number) {
    this.#limits = limits;
    this.#windowMs = windowMs;
  }

  /** `changes`: those of one batch, already believed. */
  among(changes: readonly RuleChange[], view: LossView): readonly Loss[] {
    if (changes.length === 0) return [];
    // What came back, or may go, is lost no more.
    const back = Map.groupBy(
      changes.filter(({ wasKept }) => wasKept),
      ({ list }) => list,
    );
    for (const [list, those] of back) this.#noted(list, -those.length, view.at);
    const came = new Set(changes.flatMap(({ after }) => (after ? sameness(after) : [])));
    const gone = changes.filter((change) => isLoss(change, came, view.world));
    return [...Map.groupBy(gone, ({ list }) => list)].flatMap(([list, those]) =>
      this.#weighed(list, those, view),
    );
  }

  #weighed(list: RoomId, gone: readonly RuleChange[], view: LossView): readonly Loss[] {
    const { world, rulesInForce, at } = view;
    const lost = this.#noted(list, gone.length, at);
    const of = (world.lists.get(list)?.size ?? 0) + lost;
    const { maxLostRules, maxLostShare } = this.#limits;
    const isTooMuch = lost > maxLostRules && lost * 100 > of * maxLostShare;
    // What goes while somebody is asked belongs to the question.
    if (!isTooMuch && !world.questions.openAboutLost(list)) return [];
    const rules = gone
      .flatMap(({ before }) => before ?? [])
      .filter((rule) => rule.recommendation !== "other" && !rulesInForce.isOff(rule))
      .slice(0, world.stored.keptRules.room);
    const by = [...new Set(gone.flatMap((change) => change.by ?? []))];
    return rules.length === 0 ? [] : [{ list, rules, lost, of, by }];
  }

  /** What the list has lost within the window, this included. */
  #noted(list: RoomId, lost: number, at: number): number {
    // A time after `at`: the clock was set back.
    const before = (this.#lately.get(list) ?? []).filter(
      (one) => one.at >= at - this.#windowMs && one.at <= at,
    );
    this.#lately.set(list, [...before, { at, lost }]);
    return before.reduce((sum, one) => sum + one.lost, lost);
  }
}

/** What expires, what we remove ourselves, and what is only written anew is no loss. */
function isLoss(
  { list, before, after, by, isExpiry, wasKept }: RuleChange,
  came: ReadonlySet<string>,
  world: WorldView,
): boolean {
  if (!before || isExpiry || wasKept || by === world.self || !world.isWatched(list)) return false;
  return !(after && sameness(after) === sameness(before)) && !came.has(sameness(before));
}
