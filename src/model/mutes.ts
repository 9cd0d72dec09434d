/** Whom we muted, in which room, and which power level they had before, so that it can be put back exactly. */
import type { RoomId, UserId } from "./ids.ts";
import type { LevelEntry } from "./power-levels.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Mute {
  readonly room: RoomId;
  readonly user: UserId;
  readonly level: number;
  /** The person's entry in the power levels that the mute replaced. */
  readonly before: LevelEntry;
  /** Milliseconds since the epoch; absent is for ever. */
  readonly until?: number;
  /** The list that asked for it: it ends when the list asks no more. */
  readonly forList?: RoomId;
}

/** The mutes, to read only. */
export type MutesView = Readonly<Pick<Mutes, "get" | "inRoom" | "forListsOf" | "nextEnd" | "over">>;

export class Mutes {
  readonly storedAs = "mute";
  readonly unwritten = new UnwrittenItems<Mute>();
  readonly #remembered: number;
  readonly #all = new Map<string, Mute>();
  /** By person, those that lists asked for. */
  readonly #forLists = new Map<UserId, Map<RoomId, Mute>>();
  #nextEnd = Infinity;

  /** Beyond so many the oldest are forgotten: they last until a moderator ends them. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): MutesView {
    return this;
  }

  get(room: RoomId, user: UserId): Mute | undefined {
    return this.#all.get(keyOf(room, user));
  }

  inRoom(room: RoomId): readonly Mute[] {
    return [...this.#all.values()].filter((mute) => mute.room === room);
  }

  /** The person's mutes that lists asked for. */
  forListsOf(user: UserId): readonly Mute[] {
    return [...(this.#forLists.get(user)?.values() ?? [])];
  }

  /** When the next mute ends by itself, in ms since the epoch, or Infinity. */
  get nextEnd(): number {
    return this.#nextEnd;
  }

  /** The mutes that have ended by their time. */
  over(now: number): readonly Mute[] {
    if (this.#nextEnd > now) return [];
    return [...this.#all.values()].filter(({ until = Infinity }) => until <= now);
  }

  /** Puts in a new or changed mute, as the newest; the oldest beyond the bound goes. */
  set(mute: Mute): void {
    const key = keyOf(mute.room, mute.user);
    this.#put(key, mute);
    this.unwritten.note(key, mute);
    const oldest = this.#all.size > this.#remembered ? this.#all.values().next().value : undefined;
    if (oldest) this.delete(oldest.room, oldest.user);
  }

  restore(key: string, mute: Mute): void {
    this.#put(key, mute);
    if (this.#all.size > this.#remembered) this.#take(this.#all.keys().next().value!);
  }

  delete(room: RoomId, user: UserId): void {
    const key = keyOf(room, user);
    if (this.#take(key)) this.unwritten.note(key, undefined);
  }

  #put(key: string, mute: Mute): void {
    this.#take(key);
    this.#all.set(key, mute);
    if (mute.forList !== undefined) {
      const theirs = this.#forLists.get(mute.user) ?? new Map<RoomId, Mute>();
      this.#forLists.set(mute.user, theirs.set(mute.room, mute));
    }
    this.#nextEnd = Math.min(this.#nextEnd, mute.until ?? Infinity);
  }

  #take(key: string): boolean {
    const mute = this.#all.get(key);
    this.#all.delete(key);
    const theirs = mute && this.#forLists.get(mute.user);
    if (mute && theirs?.delete(mute.room) && theirs.size === 0) this.#forLists.delete(mute.user);
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
