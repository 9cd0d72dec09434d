/** Counts what passes through the bot, for monitoring. */
import { traitsOf } from "../model/actions/traits.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { Meter } from "../model/metrics.ts";
import type { Batch, LookedAt, NotDone, Part } from "./part.ts";

/** A community may write any number of rules. */
const mostProtections = 64;

export class MetricsPart implements Part {
  readonly name = "metrics";
  readonly #meter: Meter;
  readonly #protections = new Set<string>();

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  seen({ seen }: Batch): void {
    for (const { kind } of seen) this.#meter.count("tyr_observations_total", [kind]);
  }

  guarded({ held, refused }: NotDone): void {
    if (held.length > 0) this.#meter.count("tyr_held_total", [], held.length);
    for (const { isSparing, isStopped } of refused)
      this.#meter.count("tyr_refusals_total", [isSparing ? "spared" : isStopped ? "stopped" : "other"]);
  }

  handedOver({ action, because }: Decision): void {
    this.#meter.count("tyr_decisions_total", [action.kind, because.kind]);
  }

  ended({ decision: { action, because, at: decidedAt }, result }: Outcome, at: number): void {
    this.#meter.count("tyr_acts_total", [action.kind, result.kind]);
    if (result.kind !== "done") return;
    if (because.kind === "command" && because.undoes) this.#meter.count("tyr_undone_total", []);
    // Below zero: the clock was set back.
    if (traitsOf(action).harm.whom !== "nobody" && at >= decidedAt)
      this.#meter.time("tyr_act_seconds", [because.kind], (at - decidedAt) / 1_000);
  }

  says({ findings }: Pick<LookedAt, "findings">): readonly never[] {
    for (const { finding } of findings)
      this.#meter.count("tyr_findings_total", [this.#labelOf(finding.protection)]);
    return [];
  }

  #labelOf(protection: string): string {
    if (this.#protections.size < mostProtections) this.#protections.add(protection);
    return this.#protections.has(protection) ? protection : "other";
  }
}
