/**
 * What protections would do to people that cannot be taken back whole, weighed by incident; mutes, redactions and words
 * are done meanwhile. What a protection in mode ask would do waits in any case, all of it; of one that has done as much as
 * it may, mutes wait as well.
 */
import type { Cause, Decision } from "../../model/decision.ts";
import { say, type Say } from "../../kit/say.ts";
import { Impact } from "../../policy/impact/impact.ts";
import type { Weighing } from "../../policy/impact/rule-reach.ts";
import { waveProtection } from "../waves/clean.ts";
import { addAction } from "./act-impact.ts";
import { isSpending, overBudget } from "./budget.ts";
import type { BlastLimits, HeldDecisions } from "./held.ts";
import type { RecentHits } from "./recent-hits.ts";

export interface WeighedFindings {
  readonly question: HeldDecisions | undefined;
  /** Decisions that are not done now. */
  readonly stopped: readonly Decision[];
}

export interface FindingWeighing extends Weighing {
  readonly limits: BlastLimits;
  readonly hits: RecentHits;
}

interface Removal {
  readonly decision: Decision;
  readonly because: Extract<Cause, { kind: "finding" }>;
}

export function weighFindings(
  decisions: readonly Decision[],
  weighing: FindingWeighing,
): readonly WeighedFindings[] {
  const budgets = new Map<string, readonly Say[]>();
  const spent = (protection: string) => {
    let reasons = budgets.get(protection);
    if (!reasons) budgets.set(protection, (reasons = overBudget(protection, weighing)));
    return reasons;
  };
  const removals = decisions.flatMap((decision): readonly Removal[] => {
    const { because } = decision;
    // A person has said so, or the config lets waves be cleaned up without a word.
    if (because.kind !== "finding" || because.by || isOfWave(because, weighing)) return [];
    const waits =
      because.asks === true ||
      isRemoval(decision) ||
      (isSpending(decision) && spent(because.protection).length > 0);
    return waits ? [{ decision, because }] : [];
  });
  const byIncident = Map.groupBy(removals, ({ because }) => because.incident);
  return [...byIncident.values()].map((those) => {
    const isToSpend = those.some(({ decision }) => isSpending(decision));
    return weighIncident(those, isToSpend ? spent(those[0]!.because.protection) : [], weighing);
  });
}

function isOfWave(
  { protection, incident }: Removal["because"],
  { world }: Pick<FindingWeighing, "world">,
): boolean {
  return protection === waveProtection && world.stored.waves.get(incident) !== undefined;
}

function weighIncident(
  removals: readonly Removal[],
  spent: readonly Say[],
  weighing: FindingWeighing,
): WeighedFindings {
  const { world, rulesInForce, at, hits } = weighing;
  const { protection, incident } = removals[0]!.because;
  const decisions = removals.map(({ decision }) => decision);
  const asked = world.questions.ofIncident(incident);
  if (asked?.answer) return { question: undefined, stopped: asked.answer.yes ? [] : decisions };
  // Regulars are spared unless the moderators said otherwise, and staff always.
  const limits = { ...weighing.limits, maxRegulars: Infinity, maxStaff: Infinity };
  const impact = new Impact({ world, limits, at });
  for (const { action } of decisions) addAction(impact, action, { world, rulesInForce });
  const by = `protection ${protection}`;
  const tooMuch = impact.tooMuch(new Set(hits.of(by, at).keys()));
  const asksFirst = removals.some(({ because }) => because.asks === true);
  const reasons = [...(asksFirst ? [say`it is set to ask first`] : []), ...tooMuch, ...spent];
  if (!asked && reasons.length === 0) {
    hits.note(by, impact.people, at);
    return { question: undefined, stopped: [] };
  }
  const acts = decisions.map(({ action, because }) => ({ action, because }));
  const held = { protection, incident, acts, ...(spent.length > 0 ? { isOverBudget: true as const } : {}) };
  return { question: { by: held, impact, reasons }, stopped: decisions };
}

function isRemoval({ action: { kind } }: Decision): boolean {
  return kind === "ban" || kind === "kick" || kind === "write-policy";
}
