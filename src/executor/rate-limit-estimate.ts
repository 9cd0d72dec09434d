/**
 * How fast a homeserver that counts what we write lets us go on, learnt from its refusals and from what got through
 * since. Pure bookkeeping for one number: how long what waits will take.
 */

/** Where the server has refused nothing for so many writes, no limit slows us any more. */
const passesWithoutLimit = 8;
/** The measure forgets: of more writes than this the older ones count half. */
const measured = 16;
/** What one burst taught holds for the next so long: its first refusal may come in the middle of an interval. */
const learntForMs = 600_000;
/** Synapse's default: a refusal for one to five seconds is most likely the rest of this. */
const usualIntervalMs = 5_000;
const leastOfUsualMs = 1_000;
const mostMs = 7 * 86_400_000;

export class RateLimitEstimate {
  #isLimiting = false;
  #beganAt = 0;
  #lastPassAt = 0;
  #passesSinceRefusal = 0;
  /** What the server's first word says about the time between two writes: one observation, as good as a measured one. */
  #firstMs = 0;
  #passed = 0;
  #timeMs = 0;
  #learnt: { readonly at: number; readonly intervalMs: number } | undefined;

  refused(now: number, retryAfterMs: number): void {
    this.#passesSinceRefusal = 0;
    if (this.#isLimiting) {
      if (this.#passed === 0) this.#firstMs = Math.max(this.#firstMs, wholeInterval(retryAfterMs));
      return;
    }
    this.#isLimiting = true;
    this.#beganAt = this.#lastPassAt = now;
    this.#passed = this.#timeMs = 0;
    const isKnown = this.#learnt && now - this.#learnt.at < learntForMs;
    this.#firstMs = isKnown ? this.#learnt!.intervalMs : wholeInterval(retryAfterMs);
  }

  /** What was begun before the first refusal says nothing about the time after it. */
  passed(now: number, startedAt: number): void {
    if (!this.#isLimiting || startedAt < this.#beganAt) return;
    this.#passed++;
    this.#timeMs += now - this.#lastPassAt;
    this.#lastPassAt = now;
    if (this.#passed > measured) {
      this.#firstMs = this.#intervalMs(now);
      this.#passed /= 2;
      this.#timeMs /= 2;
    }
    if (++this.#passesSinceRefusal >= passesWithoutLimit) this.#isLimiting = false;
  }

  /** Nothing waits any more; the next burst finds the server rested. */
  rested(now: number): void {
    if (this.#isLimiting && this.#passed > 0) this.#learnt = { at: now, intervalMs: this.#intervalMs(now) };
    this.#isLimiting = false;
  }

  /** How long so many writes will take from now; undefined where no limit slows us. */
  expectedMs(now: number, writes: number): number | undefined {
    if (!this.#isLimiting || writes === 0) return undefined;
    const intervalMs = this.#intervalMs(now);
    const nextMs = Math.max(0, intervalMs - (now - this.#lastPassAt));
    return Math.min(mostMs, Math.round(nextMs + (writes - 1) * intervalMs));
  }

  /** A wait that is longer than those before it counts while it lasts. */
  #intervalMs(now: number): number {
    const interval = (this.#firstMs + this.#timeMs) / (1 + this.#passed);
    const overdueMs = Math.max(0, now - this.#lastPassAt - interval);
    return interval + overdueMs / (1 + this.#passed);
  }
}

/** The server says when one write is free: after a whole interval, or what is left of one. */
function wholeInterval(retryAfterMs: number): number {
  return retryAfterMs < leastOfUsualMs ? retryAfterMs : Math.max(usualIntervalMs, retryAfterMs);
}
