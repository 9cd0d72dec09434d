/** What commands took back, and when: what was decided before that and still waits is called off. */
import { keepNewest } from "../../kit/bounded.ts";
import { occasionOf, type Cause, type Decision } from "../../model/decision.ts";

export class Revocations {
  readonly #most: number;
  /** Occasions that an undo took back, with its cause and its time. */
  readonly #undone = new Map<string, { readonly by: Cause; readonly at: number }>();

  /** `most`: revocations remembered of each sort; the oldest are forgotten. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A command takes back occasions: commands, by their event, and incidents. */
  undone(occasions: readonly string[], by: Cause, at: number): void {
    for (const occasion of occasions) this.#remember(this.#undone, occasion, { by, at });
  }

  isUndone(occasion: string): boolean {
    return this.#undone.has(occasion);
  }

  /** The undo that took back the occasion of this decision after it was made; undefined where none did. */
  undoOf({ because, at }: Decision): Cause | undefined {
    const undone = this.#undone.get(occasionOf(because));
    return undone && at <= undone.at ? undone.by : undefined;
  }

  #remember<V>(map: Map<string, V>, key: string, value: V): void {
    map.set(key, value);
    keepNewest(map, this.#most);
  }
}
