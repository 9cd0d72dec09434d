/** Who is muted by us, where, and what they had before, so that it can be put back exactly. */
import type { RoomId, UserId } from "./ids.ts";
import type { LevelEntry } from "./power-levels.ts";

export interface Mute {
  readonly room: RoomId;
  readonly user: UserId;
  readonly level: number;
  /** The entry that the mute replaced. */
  readonly before: LevelEntry;
  /** Milliseconds since the epoch; absent is for ever. */
  readonly until?: number;
}

/** The mutes, to read only. */
export type MutesView = Readonly<Pick<Mutes, "get" | "inRoom" | "nextEnd" | "over">>;

export class Mutes {
  readonly #remembered: number;
  readonly #all = new Map<string, Mute>();
  #nextEnd = Infinity;

  /** Beyond so many the oldest are forgotten: they last until a person ends them. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get(room: RoomId, user: UserId): Mute | undefined {
    return this.#all.get(keyOf(room, user));
  }

  inRoom(room: RoomId): readonly Mute[] {
    return [...this.#all.values()].filter((mute) => mute.room === room);
  }

  /** When the next of them ends by itself, or Infinity. */
  get nextEnd(): number {
    return this.#nextEnd;
  }

  over(now: number): readonly Mute[] {
    if (this.#nextEnd > now) return [];
    return [...this.#all.values()].filter(({ until = Infinity }) => until <= now);
  }

  /** Answers which one is forgotten for it. */
  set(mute: Mute): Mute | undefined {
    const key = keyOf(mute.room, mute.user);
    this.delete(mute.room, mute.user);
    this.#all.set(key, mute);
    const oldest = this.#all.size > this.#remembered ? this.#all.values().next().value : undefined;
    this.#nextEnd = Math.min(this.#nextEnd, mute.until ?? Infinity);
    if (oldest) this.delete(oldest.room, oldest.user);
    return oldest;
  }

  delete(room: RoomId, user: UserId): boolean {
    const mute = this.get(room, user);
    this.#all.delete(keyOf(room, user));
    if (mute?.until !== undefined && mute.until <= this.#nextEnd) this.#findNextEnd();
    return mute !== undefined;
  }

  #findNextEnd(): void {
    this.#nextEnd = Infinity;
    for (const { until = Infinity } of this.#all.values()) this.#nextEnd = Math.min(this.#nextEnd, until);
  }
}

function keyOf(room: RoomId, user: UserId): string {
  return `${room} ${user}`;
}
