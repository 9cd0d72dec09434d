/** Synapse's leaky bucket for writes: refuses, holds the answer half a second, says when to return. */
import type { HomeserverClock } from "./clock.ts";
import { MatrixError } from "./matrix-error.ts";

export interface WriteLimitOptions {
  readonly perSecond: number;
  readonly burst: number;
  readonly exempt?: readonly string[];
}

interface Bucket {
  actions: number;
  startedAt: number;
}

const holdMs = 500;

export class WriteLimit {
  readonly #clock: HomeserverClock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #exempt = new Set<string>();
  #rate: WriteLimitOptions | undefined;

  constructor(clock: HomeserverClock) {
    this.#clock = clock;
  }

  set(rate: WriteLimitOptions | undefined): void {
    this.#rate = rate;
    this.#buckets.clear();
    for (const userId of rate?.exempt ?? []) this.#exempt.add(userId);
  }

  /** Buckets are kept in memory: a restart of the server forgives everything. */
  restart(): void {
    this.#buckets.clear();
  }

  setExempt(userId: string, isExempt: boolean): void {
    if (isExempt) this.#exempt.add(userId);
    else this.#exempt.delete(userId);
  }

  isExempt(userId: string): boolean {
    return this.#exempt.has(userId);
  }

  async charge(userId: string): Promise<void> {
    const retryAfterMs = this.#take(userId);
    if (retryAfterMs === undefined) return;
    await this.#clock.sleep(holdMs);
    throw new MatrixError(429, "M_LIMIT_EXCEEDED", "Too Many Requests", {
      retry_after_ms: retryAfterMs,
    });
  }

  #take(userId: string): number | undefined {
    const rate = this.#rate;
    if (rate === undefined || this.#exempt.has(userId)) return undefined;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(userId) ?? { actions: 0, startedAt: now };
    this.#buckets.set(userId, bucket);
    const leaked = ((now - bucket.startedAt) / 1000) * rate.perSecond;
    if (bucket.actions - leaked < 0) {
      bucket.actions = 0;
      bucket.startedAt = now;
    } else if (bucket.actions - leaked > rate.burst - 1) {
      const freeAt = bucket.startedAt + ((bucket.actions - rate.burst + 1) / rate.perSecond) * 1000;
      return Math.max(1, Math.ceil(freeAt - now));
    }
    bucket.actions += 1;
    return undefined;
  }
}
