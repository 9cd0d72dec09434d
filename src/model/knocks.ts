/**
 * Who asks to be let into protected rooms and waits for an answer, and who was refused a short while ago. Which of them pass
 * by themselves is told in `policy/knock-gate.ts`.
 */
import { dayMs } from "../kit/duration.ts";
import type { RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface Knock {
  readonly room: RoomId;
  readonly user: UserId;
  /** Since when they ask, or were refused, by our clock, ms since the epoch. */
  readonly at: number;
  /** `asks`: they wait for an answer. `passes`: they were invited, which has not come true yet. */
  readonly state: "asks" | "passes" | "refused";
  /** What they wrote to it. Hostile text: clean it where it is shown. */
  readonly words?: string;
  /** What moderators should know of them, or why they pass; about a sentence. */
  readonly note?: string;
  /** The question that names them. */
  readonly question?: number;
}

/** A knock by whom and where. */
export type KnockPlace = Pick<Knock, "room" | "user">;

/** The question about people who ask to be let in. Either answer gives a command. */
export interface KnocksAsked {
  readonly kind: "knocks";
  /** In the order in which they were added; none is taken out. */
  readonly people: readonly KnockPlace[];
  readonly ifYes: string;
  readonly ifNo: string;
}

/** The people whom an answer covers: those of whom the message told. */
export function knocksCovered({ people }: KnocksAsked, told: number): readonly KnockPlace[] {
  return people.slice(0, told);
}

/** Whoever asks again within this time is not asked about again. */
export const refusedForMs = dayMs;

export type KnocksView = Readonly<Pick<Knocks, "get" | "all" | "isAny" | "isFull">>;

export class Knocks {
  readonly storedAs = "knock";
  readonly unwritten = new UnwrittenItems<Knock>();
  readonly #remembered: number;
  /** Oldest first. */
  readonly #all = new Map<string, Knock>();

  /** Beyond so many who ask nobody is taken in: they are counted. Who was refused makes room. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): KnocksView {
    return this;
  }

  get(room: RoomId, user: UserId): Knock | undefined {
    return this.#all.get(keyOf(room, user));
  }

  all(): Iterable<Knock> {
    return this.#all.values();
  }

  get isAny(): boolean {
    return this.#all.size > 0;
  }

  /** Nobody more can be taken in who asks. */
  get isFull(): boolean {
    return this.#all.size >= this.#remembered && !this.#oldestRefused();
  }

  /** A new or changed one, which keeps its place. One that finds no place is left out. */
  set(knock: Knock): void {
    const key = keyOf(knock.room, knock.user);
    if (!this.#all.has(key) && this.#all.size >= this.#remembered) {
      const oldest = this.#oldestRefused();
      if (!oldest) return;
      this.gone(oldest.room, oldest.user);
    }
    this.#all.set(key, knock);
    this.unwritten.note(key, knock);
  }

  /** They ask no more. */
  gone(room: RoomId, user: UserId): void {
    const key = keyOf(room, user);
    if (this.#all.delete(key)) this.unwritten.note(key, undefined);
  }

  restore(key: string, knock: Knock): void {
    this.#all.set(key, knock);
  }

  #oldestRefused(): Knock | undefined {
    for (const knock of this.#all.values()) if (knock.state === "refused") return knock;
    return undefined;
  }
}

function keyOf(room: RoomId, user: UserId): string {
  return `${room} ${user}`;
}
