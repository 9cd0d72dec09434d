/** When things were seen: the newest stamps, and how long the server may have held up what reaches us now. */
import type { RoomId } from "../ids.ts";

/** After a longer pause without the server we do not know what is usual in the hour. */
const pauseMs = 10 * 60_000;

/** After a start, and after a gap, events that are older than this moment keep arriving for this long. */
const catchingUpMs = 60_000;

export class SeenTime {
  /** Our clock at the newest observation, in ms since the epoch. It may go back: somebody may set our clock. */
  now = 0;
  /** What ends by itself (a rule, a mute, an exemption) has ended if its end is at or before this; 0 until it is known. */
  dueBy = 0;
  /** When the first observation came. */
  #firstAt: number | undefined;
  /** When the newest sync response ended, and how long that was after the one before. */
  #syncedAt: number | undefined;
  #betweenSyncsMs = Infinity;
  #watchedSince = Infinity;
  /** The newest gap of each room: when it was told, and how long before that we had last heard from the server. */
  readonly #gaps = new Map<RoomId, { readonly at: number; readonly lengthMs: number }>();

  saw(at: number): void {
    this.now = at;
    this.#firstAt ??= at;
  }

  /** From when on we have heard from the server without a long pause, ms since the epoch; Infinity before the first sync. */
  get watchedSince(): number {
    return this.#watchedSince;
  }

  sawGap(room: RoomId, at: number): void {
    this.#gaps.set(room, { at, lengthMs: this.#sinceSync(at) });
  }

  synced(at: number): void {
    this.#betweenSyncsMs = this.#sinceSync(at);
    if (this.#betweenSyncsMs > pauseMs) this.#watchedSince = at;
    this.#syncedAt = at;
  }

  /**
   * The messages that reach us at `at` may have been sent over so long a time, in ms: while we did not hear from the
   * server. A gap alone tells nothing, as anybody who writes enough makes one. `late`: the message was read to fill a gap.
   */
  heldUpMs(room: RoomId, { at, late }: { readonly at: number; readonly late: boolean }): number {
    if (this.#isCatchingUp(at)) return Infinity;
    const gap = this.#gaps.get(room);
    if (late) return gap?.lengthMs ?? Infinity;
    return Math.max(this.#betweenSyncsMs, gap && this.isAfterGap(room, at) ? gap.lengthMs : 0);
  }

  /** While a sync is taken in: how long before it we had heard from the server. Infinity right after a start. */
  sinceSyncMs(at: number): number {
    return this.#isCatchingUp(at) ? Infinity : this.#sinceSync(at);
  }

  /** Events of the room were skipped a moment ago, and may not have been read yet. */
  isAfterGap(room: RoomId, at: number): boolean {
    const gap = this.#gaps.get(room);
    return gap !== undefined && Math.abs(at - gap.at) < catchingUpMs;
  }

  #isCatchingUp(at: number): boolean {
    return Math.abs(at - (this.#firstAt ?? 0)) < catchingUpMs;
  }

  #sinceSync(at: number): number {
    return this.#syncedAt === undefined ? Infinity : Math.abs(at - this.#syncedAt);
  }
}
