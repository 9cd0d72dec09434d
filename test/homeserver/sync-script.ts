/** Scripted oddities of /sync: old news told again, and gaps where there would be none. */

export type Skips = (roomId: string) => boolean;

const rememberedSyncs = 30;

export class SyncScript {
  /** Where the newest syncs of each user began, the newest last. */
  readonly #asked = new Map<string, readonly number[]>();
  readonly #repeats = new Map<string, { readonly back: number; left: number }>();
  #skipped: readonly string[] | "all" = [];
  #skipsLeft = 0;

  repeatNext(userId: string, { back, times }: { back: number; times: number }): void {
    this.#repeats.set(userId, { back, left: times });
  }

  skipNext(rooms: readonly string[] | "all", times: number): void {
    this.#skipped = rooms;
    this.#skipsLeft = times;
  }

  /** Where the answer begins: where it was asked to, or some syncs earlier. */
  sinceFor(userId: string, asked: number | undefined): number | undefined {
    if (asked === undefined) return undefined;
    const before = this.#asked.get(userId) ?? [];
    const known = before.at(-1) === asked ? before : [...before, asked].slice(-rememberedSyncs);
    this.#asked.set(userId, known);
    const repeat = this.#repeats.get(userId);
    if (!repeat || repeat.left === 0) return asked;
    repeat.left -= 1;
    return Math.min(asked, known[Math.max(0, known.length - 1 - repeat.back)]!);
  }

  get isSkipping(): boolean {
    return this.#skipsLeft > 0;
  }

  get skips(): Skips {
    if (!this.isSkipping) return () => false;
    return (roomId) => this.#skipped === "all" || this.#skipped.includes(roomId);
  }

  /** An incremental sync with news was answered. */
  answered(): void {
    if (this.#skipsLeft > 0) this.#skipsLeft -= 1;
  }
}
