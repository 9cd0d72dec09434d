/**
 * Steps that take the place of others in their lane: of several ACLs for one room, of several edits of one message, and of
 * several acts that set the same, only the newest is worth sending.
 */
import type { Decision, Step } from "../model/decision.ts";
import type { Lanes } from "./lanes.ts";
import { replaces, rightBefore, setTheSame } from "./precedence.ts";

/**
 * Asked right before an act that has waited, as its cause may be gone. `mayBeDone`: an attempt got no answer, so that it
 * may turn out to be done already.
 */
export type StillHolds = (decision: Decision, mayBeDone: boolean) => "yes" | "no" | "done already";

export class Succession {
  readonly #lanes: Lanes;
  /**
   * Acts whose request got no answer. They may be done, and are tried again until that is known, before what takes them
   * back looks whether it is needed.
   */
  readonly #unanswered = new Set<string>();

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  noAnswer({ decision }: Step): void {
    this.#unanswered.add(decision.id);
  }

  mayBeDone({ decision }: Step): boolean {
    return this.#unanswered.has(decision.id);
  }

  ended(decision: string): void {
    this.#unanswered.delete(decision);
  }

  /** Before the step is added: takes out those that wait and that it replaces. */
  *replacedBy(newer: Step): Iterable<Step> {
    const { lane, decision } = newer;
    const isReplaced = (older: Step) =>
      replaces(decision, older.decision) || (setTheSame(decision, older.decision) && !this.mayBeDone(older));
    for (let one = this.#lanes.withdraw(lane, isReplaced); one; one = this.#lanes.withdraw(lane, isReplaced))
      yield one;
    const first = this.#lanes.withdraw(lane, (older) => setTheSame(decision, older.decision));
    if (first) this.#lanes.putBack(rightBefore(newer, first));
  }

  /** Puts the step back to where it was. False where a newer one has come that replaces it. */
  putBack(step: Step): boolean {
    const { lane, decision } = step;
    const isNewer = (one: Step) => replaces(one.decision, decision) || setTheSame(one.decision, decision);
    const newer = this.#lanes.withdraw(lane, isNewer);
    if (newer) this.#lanes.putBack(newer);
    if (newer && (replaces(newer.decision, decision) || !this.mayBeDone(step))) return false;
    this.#lanes.putBack(newer ? rightBefore(newer, step) : step);
    return true;
  }
}
