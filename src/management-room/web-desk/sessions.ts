/** Who is in at the web desk: whether a session still counts, asked at every request. */
import { keepNewest } from "../../kit/bounded.ts";
import { mostSessions, type WebSession } from "../../model/settings/web.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface SessionsOptions {
  readonly world: WorldView;
  readonly now: () => number;
  /** A session ends when it was not used for so long. */
  readonly idleMs: number;
}

export class Sessions {
  readonly #options: SessionsOptions;
  /** What was used before a restart counts as used at the start. */
  readonly #startedAt: number;
  readonly #usedAt = new Map<string, number>();
  /** Out before the settings say so: the command waits for a homeserver. */
  readonly #left = new Set<string>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  of(key: string, isUse: boolean): WebSession | undefined {
    const { world, now } = this.#options;
    const at = now();
    const session = this.#found(key);
    if (!session || session.isEnded || this.#left.has(key) || this.#isOver(session, at)) return undefined;
    // Who left the room, or whose account is accused, is out with this request.
    if (!world.mayCommand(session.user)) return undefined;
    if (isUse) {
      this.#usedAt.set(key, at);
      keepNewest(this.#usedAt, mostSessions);
    }
    return session;
  }

  /** Whoever holds this was let in, and may be no longer. */
  knows(key: string): boolean {
    return this.#found(key) !== undefined;
  }

  leave({ key }: WebSession): void {
    this.#left.add(key);
    keepNewest(this.#left, mostSessions);
  }

  #found(key: string): WebSession | undefined {
    return [...this.#options.world.settings.webSessions.values()].find((one) => one.key === key);
  }

  #isOver({ key, openedAt, until }: WebSession, at: number): boolean {
    const usedAt = this.#usedAt.get(key) ?? Math.max(openedAt, this.#startedAt);
    if (at < until && at - usedAt <= this.#options.idleMs) return false;
    // It stays over, also if the clock is set back.
    this.#left.add(key);
    keepNewest(this.#left, mostSessions);
    return true;
  }
}
