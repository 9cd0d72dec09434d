/** Acts that came true although somebody had taken them back while they were on their way: they are taken back now. */
import type { Revocations } from "../decisions/in-flight/revocations.ts";
import { undo } from "../decisions/undo.ts";
import { keepNewest } from "../kit/bounded.ts";
import { placeSetBy } from "../model/actions/places.ts";
import type { ActsInFlight } from "../model/acts-in-flight.ts";
import { decide, type Decision, type Outcome } from "../model/decision.ts";
import type { Past } from "../model/past-acts.ts";
import type { World } from "../model/world/world.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { Part } from "./part.ts";

export interface LateUndoOptions {
  readonly revocations: Revocations;
  readonly inFlight: ActsInFlight;
  readonly world: World;
  readonly rulesInForce: RulesInForce;
  readonly past: Past;
}

export class LateUndo implements Part {
  readonly name = "late undo";
  readonly #options: LateUndoOptions;
  /** What was to be taken back and was asked for anew meanwhile, by what it set: that may be called off as well. */
  readonly #left = new Map<string, Outcome>();

  constructor(options: LateUndoOptions) {
    this.#options = options;
  }

  proposes({ seen }: Parameters<NonNullable<Part["proposes"]>>[0]): readonly Decision[] {
    return seen.flatMap((one) => {
      const late = one.kind === "outcome" ? this.#lateOf(one.outcome) : undefined;
      return late ? this.#undone(late) : [];
    });
  }

  /** What is to be taken back, now that the act has ended. */
  #lateOf(outcome: Outcome): Outcome | undefined {
    const { inFlight, world } = this.#options;
    const place = placeSetBy(outcome.decision.action);
    if (place === undefined) return outcome;
    const late = outcome.result.kind === "done" ? outcome : this.#left.get(place);
    this.#left.delete(place);
    if (!late || !inFlight.lastWordOn(place)) return late;
    this.#left.set(place, late);
    keepNewest(this.#left, world.limits.setbacksRemembered);
    return undefined;
  }

  /** Decided with the undo: what was said between that and now is newer. */
  #undone(outcome: Outcome): readonly Decision[] {
    const { revocations, world, rulesInForce, past } = this.#options;
    const revocation = revocations.undoOf(outcome.decision);
    if (!revocation) return [];
    const { by: because, at } = revocation;
    const { acts } = undo([outcome], { world, rulesInForce, past });
    return acts.map(({ action, replaces, list }) =>
      decide(action, list && because.kind === "command" ? { ...because, list } : because, { at, replaces }),
    );
  }
}
