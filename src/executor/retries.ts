/** What is tried again after the homeserver could not do it: after how long, and when it is given up. */
import type { Outcome } from "../model/decision.ts";

/** How long a lane rests after its first failures in a row; later each rest is twice as long, up to a minute. */
const firstRestsMs = [100, 200, 1_000];
const longestRestMs = 60_000;
/** After so many failures an act is given up for now (about four minutes); a rule's act is judged again later. */
const mostAttempts = 12;
/** While nothing at all can be reached, everything rests for no longer than this, so that the end is noticed soon. */
const longestRestOfAllMs = 5_000;

export class Retries {
  /** Failures so far, by decision. */
  readonly #failures = new Map<string, number>();

  /** The act itself could not be done. Returns whether it is tried again: if not, it may be the act that is the trouble. */
  failed(decision: string): boolean {
    const failures = (this.#failures.get(decision) ?? 0) + 1;
    this.#failures.set(decision, failures);
    return failures < mostAttempts;
  }

  ended(decision: string): void {
    this.#failures.delete(decision);
  }
}

/** How long a lane rests after so many failures in a row. */
export function restAfter(failures: number): number {
  const doublings = Math.max(0, failures - (firstRestsMs.length - 1));
  const first = firstRestsMs[Math.min(failures, firstRestsMs.length - 1)]!;
  return Math.min(longestRestMs, first * 2 ** doublings);
}

/** How long all lanes rest where nothing can be reached and one of them would rest so long. */
export function restOfAll(restMs: number): number {
  return Math.min(restMs, longestRestOfAllMs);
}

/** An exception while performing is a fault of ours, and the act has failed. */
export function faultOf(error: unknown): Extract<Outcome["result"], { kind: "failed" }> {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", lasting: false, code: "INTERNAL", message };
}
