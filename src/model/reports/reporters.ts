/** How often people who report were right, as moderators decided, and how much they reported lately. */
import { hourMs } from "../../kit/duration.ts";
import type { UserId } from "../ids.ts";
import { UnwrittenItems } from "../unwritten-items.ts";

export interface Reporter {
  readonly user: UserId;
  /** Cases with a voice of theirs in which moderators acted, and those in which nothing was wrong. */
  readonly agreed: number;
  readonly dismissed: number;
  /** When they brought a voice within the last hour, ms since the epoch. */
  readonly recent: readonly number[];
}

export type ReportersView = Readonly<Pick<Reporters, "get">>;

/** About 150 bytes each; whoever reported longest ago is a stranger again. */
const remembered = 5_000;

export class Reporters {
  readonly storedAs = "reporter";
  readonly unwritten = new UnwrittenItems<Reporter>();
  readonly #all = new Map<UserId, Reporter>();

  get view(): ReportersView {
    return this;
  }

  get(user: UserId): Reporter | undefined {
    return this.#all.get(user);
  }

  set(reporter: Reporter): void {
    const { user } = reporter;
    this.#all.delete(user);
    this.#all.set(user, reporter);
    this.unwritten.note(user, reporter);
    const oldest = this.#all.keys().next().value;
    if (this.#all.size <= remembered || oldest === undefined) return;
    this.#all.delete(oldest);
    this.unwritten.note(oldest, undefined);
  }

  restore(_key: string, reporter: Reporter): void {
    this.#all.set(reporter.user, reporter);
  }
}

/** They reported others, and were right more often than not. */
export function isProven(reporter: Reporter | undefined): boolean {
  return reporter !== undefined && reporter.agreed > reporter.dismissed;
}

/** With one more voice now. */
export function withRecent(reporter: Reporter | undefined, user: UserId, at: number): Reporter {
  const { agreed = 0, dismissed = 0, recent = [] } = reporter ?? {};
  const within = recent.filter((then) => Math.abs(at - then) < hourMs);
  return { user, agreed, dismissed, recent: [...within, at] };
}
