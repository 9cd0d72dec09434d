/** Which refusals are news: a moderator always hears of one, and of what the lists ask for only once. */
import type { Refusal } from "../decisions/guard/guard.ts";
import { keepNewest } from "../kit/bounded.ts";
import type { RoomId } from "../model/ids.ts";

export class Refusals {
  readonly #remembered: number;
  /** Keys of refusals that were told. */
  readonly #told = new Set<string>();

  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  /** What the lists ask for is refused once, until its room changes. */
  newsAmong(refused: readonly Refusal[], changedRooms: ReadonlySet<RoomId>): readonly Refusal[] {
    for (const room of changedRooms) {
      for (const key of this.#told) if (key.includes(room)) this.#told.delete(key);
    }
    return refused.filter(({ decision, key }) => {
      const isTold = this.#told.has(key);
      if (isTold && decision.because.kind !== "command") return false;
      this.#told.add(key);
      keepNewest(this.#told, this.#remembered);
      return true;
    });
  }
}
