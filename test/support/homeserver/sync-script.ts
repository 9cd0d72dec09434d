/** Scripted oddities of /sync: old news told again, and gaps where there would be none. */

export type Skips = (roomId: string) => boolean;

export class SyncScript {
  /** Where the newest two syncs of each user began. */
  readonly #asked = new Map<string, readonly [number, number]>();
  readonly #repeats = new Map<string, number>();
  #skipped: readonly string[] | "all" = [];
  #skipsLeft = 0;

  repeatNext(userId: string, times: number): void {
    this.#repeats.set(userId, times);
  }

  skipNext(rooms: readonly string[] | "all", times: number): void {
    this.#skipped = rooms;
    this.#skipsLeft = times;
  }

  /** Where the answer begins: where it was asked to, or one sync earlier. */
  sinceFor(userId: string, asked: number | undefined): number | undefined {
    if (asked === undefined) return undefined;
    const known = this.#asked.get(userId);
    if (known?.[1] !== asked) this.#asked.set(userId, [known?.[1] ?? asked, asked]);
    const left = this.#repeats.get(userId) ?? 0;
    if (left === 0) return asked;
    this.#repeats.set(userId, left - 1);
    return Math.min(asked, this.#asked.get(userId)?.[0] ?? asked);
  }

  get skips(): Skips {
    if (this.#skipsLeft === 0) return () => false;
    return (roomId) => this.#skipped === "all" || this.#skipped.includes(roomId);
  }

  /** An incremental sync with news was answered. */
  answered(): void {
    if (this.#skipsLeft > 0) this.#skipsLeft -= 1;
  }
}
