/**
 * What regulars and staff post here: the domains that they link to, their pictures. Somebody's newly seen link is told by
 * it from one that this community uses. By day, as a month of it is kept; whoever is banned never made anything known.
 */
import { dayMs } from "../kit/duration.ts";
import { lru, type Lru } from "../kit/lru.ts";
import type { UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

interface Poster {
  readonly user: UserId;
  /** The newest day on which they posted it, in days since the epoch. */
  readonly day: number;
  readonly isStaff: boolean;
}

export type KnownPost =
  | { readonly by: readonly Poster[] }
  /** When we first saw a regular speak, ms since the epoch: from then on something may become known. */
  | { readonly since: number };

/** What is known, to read only. */
export type KnownPostsView = Pick<KnownPosts<string>, "isKnown">;

/** So long a post counts. */
const daysKept = 30;
/** So long regulars have to have been watched until something that none of them posted is new: right after a start all would be. */
const watchedMs = 3 * dayMs;
/** More than a community uses in a month; what was posted least lately is forgotten. */
const mostKnown = 8_192;
/** Of those who posted the same, the last ones are enough: more than are ever asked for, so that one may be banned. */
const mostPosters = 3;
/** The key under which `since` is kept: no post has it. */
const sinceKey = "";

export class KnownPosts<Name extends string> {
  readonly storedAs: Name;
  readonly unwritten = new UnwrittenItems<KnownPost>();
  readonly #regularsNeeded: number;
  readonly #posts: Lru<string, readonly Poster[]>;
  /** Whoever may be among the posters. */
  readonly #posters = new Set<UserId>();
  #since: number | undefined;

  /** `regularsNeeded`: so many of them make something known; one of the staff always does. */
  constructor(storedAs: Name, { regularsNeeded }: { readonly regularsNeeded: number }) {
    this.storedAs = storedAs;
    this.#regularsNeeded = regularsNeeded;
    this.#posts = lru(mostKnown, (key) => this.unwritten.note(key, undefined));
  }

  get view(): KnownPostsView {
    return this;
  }

  /** A regular spoke, so that there is somebody whose posts can be known. */
  regularSpoke(at: number): void {
    if (this.#since !== undefined) return;
    this.#since = at;
    this.unwritten.note(sinceKey, { since: at });
  }

  posted(
    key: string,
    { user, isStaff, at }: { readonly user: UserId; readonly isStaff: boolean; readonly at: number },
  ): void {
    const poster = { user, isStaff, day: Math.floor(at / dayMs) };
    const posters = this.#posts.get(key) ?? [];
    const earlier = posters.find((one) => one.user === user);
    if (key === sinceKey || (earlier?.day === poster.day && earlier.isStaff === isStaff)) return;
    this.#put(key, [...posters.filter((one) => one !== earlier).slice(1 - mostPosters), poster]);
  }

  /** A person who is banned somewhere: what they posted is known by others or not at all. */
  forget(user: UserId): void {
    if (!this.#posters.delete(user)) return;
    for (const key of [...this.#posts.keys()]) {
      const posters = this.#posts.peek(key) ?? [];
      const others = posters.filter((one) => one.user !== user);
      if (others.length < posters.length) this.#put(key, others);
    }
  }

  /** Undefined: we have not watched for long enough to say that it is new. */
  isKnown(key: string, at: number): boolean | undefined {
    const day = Math.floor(at / dayMs);
    const posters = (this.#posts.peek(key) ?? []).filter((one) => Math.abs(day - one.day) <= daysKept);
    if (posters.length >= this.#regularsNeeded || posters.some(({ isStaff }) => isStaff)) return true;
    return this.#since !== undefined && at - this.#since >= watchedMs ? false : undefined;
  }

  restore(key: string, item: KnownPost): void {
    if ("since" in item) this.#since = item.since;
    else this.#keep(key, item.by);
  }

  #put(key: string, by: readonly Poster[]): void {
    if (by.length === 0) this.#posts.delete(key);
    else this.#keep(key, by);
    this.unwritten.note(key, by.length === 0 ? undefined : { by });
  }

  #keep(key: string, by: readonly Poster[]): void {
    this.#posts.set(key, by);
    for (const { user } of by) this.#posters.add(user);
  }
}
