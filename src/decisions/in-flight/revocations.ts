/** What commands took back, and when: what was decided before that and still waits is called off. */
import { keepNewest } from "../../kit/bounded.ts";
import { occasionOf, type Cause, type Decision } from "../../model/decision.ts";

export interface Revocation {
  readonly by: Cause;
  readonly at: number;
}

export class Revocations {
  readonly #most: number;
  /** By the occasion that an undo took back. */
  readonly #undone = new Map<string, Revocation>();

  /** `most`: revocations remembered; the oldest are forgotten. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A command takes back occasions: commands, by their event, and incidents. */
  undone(occasions: readonly string[], by: Cause, at: number): void {
    for (const occasion of occasions) {
      this.#undone.set(occasion, { by, at });
      keepNewest(this.#undone, this.#most);
    }
  }

  isUndone(occasion: string): boolean {
    return this.#undone.has(occasion);
  }

  /** The undo that took back the occasion of this decision after it was made; undefined where none did. */
  undoOf({ because, at }: Decision): Revocation | undefined {
    const undone = this.#undone.get(occasionOf(because));
    return undone && at <= undone.at ? undone : undefined;
  }
}
