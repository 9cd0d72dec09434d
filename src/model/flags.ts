/**
 * People of whom lists say something that is not enough for anything to be done: they are newcomers to every protection for
 * as long as that is so.
 */
import type { RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Flag {
  readonly user: UserId;
  /** The lists that speak. */
  readonly lists: readonly RoomId[];
  /** What they count together. */
  readonly total: number;
  /** Ms since the epoch. */
  readonly since: number;
}

/** A list may name whole communities. Beyond so many the oldest flags are forgotten until those people are looked at again. */
const mostFlags = 20_000;

/** The flags, to read only. */
export type FlagsView = Readonly<Pick<Flags, "get" | "has" | "size" | "users">>;

export class Flags {
  readonly storedAs = "flag";
  readonly unwritten = new UnwrittenItems<Flag>();
  readonly #all = new Map<UserId, Flag>();
  readonly #most: number;

  constructor(most = mostFlags) {
    this.#most = most;
  }

  get view(): FlagsView {
    return this;
  }

  get size(): number {
    return this.#all.size;
  }

  get(user: UserId): Flag | undefined {
    return this.#all.get(user);
  }

  has(user: UserId): boolean {
    return this.#all.has(user);
  }

  users(): Iterable<UserId> {
    return this.#all.keys();
  }

  set(flag: Flag): void {
    this.#all.set(flag.user, flag);
    this.unwritten.note(flag.user, flag);
    const oldest = this.#all.size > this.#most ? this.#all.keys().next().value : undefined;
    if (oldest) this.delete(oldest);
  }

  delete(user: UserId): void {
    if (this.#all.delete(user)) this.unwritten.note(user, undefined);
  }

  restore(_key: string, flag: Flag): void {
    this.#all.set(flag.user, flag);
  }
}
