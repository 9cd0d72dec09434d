/** What commands took back, and when: what was decided before that and still waits is called off. */
import { keepNewest } from "../../kit/bounded.ts";
import { sha256Base64 } from "../../kit/hash.ts";
import { occasionOf, type Cause, type Decision } from "../../model/decision.ts";
import { hashedName, nameIn } from "../../model/policy-rule.ts";

export class Revocations {
  readonly #most: number;
  /** Entities that were unbanned by command, in lower case and hashed, and when. */
  readonly #unbanned = new Map<string, number>();
  /** Occasions that an undo took back, with its cause and its time. */
  readonly #undone = new Map<string, { readonly by: Cause; readonly at: number }>();

  /** `most`: revocations remembered of each sort; the oldest are forgotten. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A rule that is written now was decided after the unban, even where a clock that was set back says otherwise. */
  handedOver({ action }: Decision): void {
    if (action.kind === "write-policy") this.#unbanned.delete(nameIn(action.content).toLowerCase());
  }

  /** A command took back what commands before it wanted for the entity. */
  tookBack(entity: string, at: number): void {
    for (const name of [entity, hashedName(sha256Base64(entity))])
      this.#remember(this.#unbanned, name.toLowerCase(), at);
  }

  /** Whether what was decided about the entity at that time has been taken back since. */
  isVoid(entity: string, decidedAt: number): boolean {
    return decidedAt < (this.#unbanned.get(entity.toLowerCase()) ?? 0);
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
